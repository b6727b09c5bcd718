/** What the dialog saves. */
export interface RecordFields {
  monitor?: unknown
  samples?: unknown
}
