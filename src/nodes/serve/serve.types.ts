export const ANSWERS = ['metrics', 'health', 'status', 'inspect', 'alerts', 'command'] as const
export type AnswerName = (typeof ANSWERS)[number]

/** What the dialog saves. */
export interface ServeFields {
  monitor?: unknown
  /** An `AnswerName`, or `auto`: by what the address ends in. */
  what?: unknown
}
