/** What the dialog saves. */
export interface MonitorFields {
  site?: unknown
}
