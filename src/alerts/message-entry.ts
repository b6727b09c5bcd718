/** What one message tells of one thing. */
export interface MessageEntry {
  /** What and where. */
  heading: string
  /** Name and value, in order. */
  facts: { name: string; value: string }[]
  /** What to do now, in order. */
  remedy: string[]
  link: string | null
}
