export const VIMEO_ACCOUNT_TYPE = 'hmonitor-vimeo-account'

export interface VimeoAccountCredentials {
  token?: string
}
