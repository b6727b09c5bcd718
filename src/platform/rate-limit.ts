import type { AnswerHeaders } from './vimeo-request.ts'

/** What the newest answer says of the account's allowance. */
export interface RateLimit {
  limit: number | null
  remaining: number | null
  /** Milliseconds since the epoch. */
  resetAt: number | null
}

/** Seconds of a wait after a 429 that says nothing of when: blocked "for up to a minute" (Vimeo help, "API rate limits"). */
const USUAL_BLOCK = 60
/** Seconds. The window that Vimeo's staff have named is 15 minutes long. */
export const LONGEST_BLOCK = 900
/** The part of the allowance that is left to others: a website of the same account needs it too. */
const RESERVE = 0.1
/** Seconds that a window lasts where its end is not told. */
const USUAL_WINDOW = 60

/** Reads `X-RateLimit-*`. The reset is an ISO 8601 time; one source has Unix seconds, so both are taken. */
export function rateLimitOf(headers: AnswerHeaders): RateLimit | null {
  const limit = count(headers['x-ratelimit-limit'])
  const remaining = count(headers['x-ratelimit-remaining'])
  const resetAt = time(headers['x-ratelimit-reset'])
  return limit === null && remaining === null && resetAt === null ? null : { limit, remaining, resetAt }
}

/**
 * Seconds to send nothing after an answer 429.
 *
 * @param again how many came one after another: each without a time of its own doubles the wait
 * @param wall milliseconds since the epoch
 */
export function blockAfter(headers: AnswerHeaders, again: number, wall: number): number {
  const retryAfter = headers['retry-after']
  const told =
    count(retryAfter) ?? secondsUntil(time(retryAfter), wall) ?? secondsUntil(time(headers['x-ratelimit-reset']), wall)
  // A reset that has passed already says nothing of when to come again.
  const wait = told !== null && told > 0 ? told + 1 : USUAL_BLOCK * 2 ** Math.max(0, again - 1)
  return Math.min(LONGEST_BLOCK, wait)
}

/**
 * Seconds between two polls at the least, so that what is left of the allowance lasts until it is renewed.
 *
 * @param perPoll requests of one poll of every target of the account together
 * @param wall milliseconds since the epoch
 */
export function spacingFor(rate: RateLimit | null, perPoll: number, wall: number): number {
  if (rate === null || rate.remaining === null) return 0
  const left = secondsUntil(rate.resetAt, wall) ?? USUAL_WINDOW
  if (left <= 0) return 0
  const window = Math.min(left, LONGEST_BLOCK)
  const free = rate.remaining - (rate.limit ?? 0) * RESERVE
  return free < perPoll ? window : Math.min(window, (window * perPoll) / free)
}

function count(value: string | undefined): number | null {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null
}

function time(value: string | undefined): number | null {
  if (typeof value !== 'string') return null
  const ms = /^\d{9,11}$/.test(value) ? Number(value) * 1000 : Date.parse(value)
  return Number.isFinite(ms) ? ms : null
}

function secondsUntil(at: number | null, wall: number): number | null {
  return at === null ? null : (at - wall) / 1000
}
