/** What the dialog saves. */
export interface AlertFields {
  monitor?: unknown
  /** Seconds. */
  criticalHold?: unknown
  /** Seconds. */
  warningHold?: unknown
  /** Hours; 0: never. */
  repeatAfter?: unknown
}
