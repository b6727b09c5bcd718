/** What the dialog saves. */
export interface ReceiverNodeFields {
  /** `email`, `slack` or `webhook`. */
  channel?: unknown
  host?: unknown
  port?: unknown
  security?: unknown
  verifyTls?: unknown
  from?: unknown
  to?: unknown
  perHour?: unknown
}

export interface ReceiverCredentials {
  user?: string
  password?: string
  slackUrl?: string
  webhookUrl?: string
  secret?: string
}
