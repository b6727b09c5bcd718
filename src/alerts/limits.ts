/**
 * With more records than this, what an observation brings is followed and decided at the next tick and not at once: each
 * time, all of them are looked at, and the book is written.
 */
export const MOST_AT_ONCE = 100

/** Observations between two steps of a tick. */
export const FOLLOWED_AT_ONCE = 250

/** Observations that wait at most: before the first tick there is nobody to ask for them. */
export const MOST_PENDING = 5000
