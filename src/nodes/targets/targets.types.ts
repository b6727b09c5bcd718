/** What the dialog saves. */
export interface TargetsFields {
  monitor?: unknown
  file?: unknown
}
