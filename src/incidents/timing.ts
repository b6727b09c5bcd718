/** Milliseconds. An incident ends when nothing of it has fired for this long: what recovers seldom does so at once. */
export const OVER_AFTER = 20_000

/** When one of its targets fails again within this time after its end, it is the same incident. */
export const REOPEN_WITHIN = 120_000

/** Another location is shown when it has been the likely one for this long: evidence comes from probes of other paces. */
export const TURN_AFTER = 3_000

/** People are told of it when it has been shown for this long. */
export const CORRECT_AFTER = 7_000

/** People are told again of what nobody has acknowledged. */
export const REPEAT_AFTER = 4 * 3_600_000

/** How long a sent message is kept to be sent again after a crash; the receiver knows it by its key. */
export const RECENT = 10_000

/** An alert that no `alert` node of this monitor has is over when it has not come for this long: its end was lost. */
export const UNHEARD = 25 * 3_600_000

/** Incidents that have ended are kept for this long, and so many of them. */
export const KEPT_FOR = 31 * 24 * 3_600_000
export const MOST_ENDED = 100
