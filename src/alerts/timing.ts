/** Milliseconds. What people are told, and how soon. */
export interface AlertTiming {
  /** An issue of severity error lasts this long before people are told. The checks have holds of their own. */
  criticalHold: number
  /** The same for a warning: what becomes critical meanwhile is told once, as that. */
  warningHold: number
  /** People are told again of what still fires and nobody has acknowledged; 0: never. */
  repeatAfter: number
}

export const DEFAULT_TIMING: AlertTiming = { criticalHold: 0, warningHold: 10_000, repeatAfter: 4 * 3_600_000 }

/** An effect waits until each of its causes has been measured since the fault began, at most this long. */
export const CAUSE_WAIT = 15_000

/** A cause waits for all that depends on it to be affected, at most this long, so that its message can name them. */
export const EFFECTS_WAIT = 8_000

/** After its cause has ended, an effect has this long to end as well before people are told of it. */
export const AFTER_CAUSE = 15_000

/**
 * What was taken up from before a restart ends when its target has been measured this long without it: the checks
 * begin anew, and most need up to 13 s of media before they can raise an issue again (docs/checks.md).
 */
export const SETTLE = 20_000

/** The same where the target is now not expected: a restart forgets that a manual event is on. */
export const SETTLE_OFF = 3_600_000

/** What nobody watches any more ends after this long; a deploy or a start takes less to watch it again. */
export const UNWATCHED = 60_000

/** What only Alertmanager tells ends here when it has not said it again for this long: its word of the end was lost. */
export const UNHEARD = 25 * 3_600_000

/** How long a sent message is kept to be sent again after a crash; the receiver knows it by its key. */
export const RECENT = 10_000

/** When no Alertmanager has accepted for this long, `notify` takes over. */
export const TAKE_OVER_AFTER = 15_000

/** An Alertmanager that accepted an alert and stopped within this time may not have told anybody of it. */
export const PERHAPS_UNSENT = 30_000

/** Prometheus and Alertmanager are taken for dead when nothing was heard of them for this long. */
export const QUIET_LIMIT = 180_000

/**
 * With more records than this, what an observation brings is followed and decided at the next tick and not at once: each
 * time, all of them are looked at, and the book is written.
 */
export const MOST_AT_ONCE = 100

/** Observations between two steps of a tick. */
export const FOLLOWED_AT_ONCE = 250

/** Observations that wait at most: before the first tick there is nobody to ask for them. */
export const MOST_PENDING = 5000
