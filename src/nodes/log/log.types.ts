/** What the dialog saves. */
export interface LogFields {
  monitor?: unknown
  file?: unknown
  level?: unknown
  megabytes?: unknown
  kept?: unknown
}
