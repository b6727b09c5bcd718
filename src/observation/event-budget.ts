/** How much of what an event may miss is gone. Times in seconds. */
export interface EventBudget {
  /** Time so far in which the stream should have been on the air. */
  expected: number
  /** Of that, in which it is known whether it was. */
  measured: number
  /** Of that, in which it was not. */
  bad: number
  /** Share of the time in which it should be on the air, more than 0 and less than 1. */
  objective: number
  /** How long it is planned to last. */
  planned: number
  /** How long it may be off the air: of 90 minutes at 99.5 %, 27 s. */
  allowed: number
  /** Share of that which is gone; more than 1 where the promise is broken. */
  used: number
  /** `early`: too little is measured for a share to say anything. */
  level: 'early' | 'kept' | 'half' | 'spent'
}
