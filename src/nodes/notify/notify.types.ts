/** What the dialog saves. */
export interface NotifyFields {
  receiver?: unknown
  monitor?: unknown
}
