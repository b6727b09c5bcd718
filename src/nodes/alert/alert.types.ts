/** What the dialog saves. */
export interface AlertFields {
  monitor?: unknown
  /** Whether it follows everything that its monitor watches; else only what is wired to it. */
  recorded?: unknown
  /** Seconds. */
  criticalHold?: unknown
  /** Seconds. */
  warningHold?: unknown
  /** Hours; 0: never. */
  repeatAfter?: unknown
}
