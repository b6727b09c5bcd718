import type { Clock } from '../observation/clock.ts'
import type { PlatformFailure } from '../observation/platform.ts'
import { at, countOf } from './json.ts'
import { type AnswerHeaders, type ApiAddress, ask, type VimeoAnswer } from './vimeo-request.ts'

/** What a request came to. Texts are for a person and hold nothing that a server sent but numbers. */
export type Reply =
  | { reply: 'body'; body: unknown }
  | { reply: 'missing' }
  /** `forbidden`: the token is good, but not for this. */
  | { reply: 'token'; why: 'absent' | 'invalid' | 'forbidden'; what: string }
  | { reply: 'limited'; seconds: number }
  | { reply: 'unreachable'; why: 'timeout' | 'unreachable' | 'dns-failed'; what: string }
  | { reply: 'nonsense'; what: string }

/** With which token requests are sent, and where to; or why none can be sent. */
export type Access =
  /** `address` null: where `@vimeo/vimeo` has Vimeo's API. */
  { token: string; address: ApiAddress | null } | { lacking: string }

export interface VimeoAccountOptions {
  /** Asked before every request, so that a token can be rotated. */
  access(): Promise<Access>
  /** Tells of another token, which need not wait for the next poll. @returns the way to stop listening */
  onChanged?(listener: () => void): () => void
  clock: Clock
  /** Seconds for one request. */
  timeout?: number
}

/** Seconds. Vimeo answers within one. */
const TIMEOUT = 8

/** Requests of one poll at most: the event, its session, its viewers. */
const REQUESTS_PER_POLL = 3

/** What may stand in an HTTP header. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/

/** One token and what Vimeo allows it: every event that is watched with it shares them. */
export class VimeoAccount {
  readonly #options: VimeoAccountOptions
  #rate: RateLimit | null = null
  /** Monotonic seconds. */
  #blockedUntil = 0
  #refusals = 0
  #members = 0

  constructor(options: VimeoAccountOptions) {
    this.#options = options
  }

  /** As the newest answer says. */
  get rateLimit(): RateLimit | null {
    return this.#rate
  }

  /** Seconds for which nothing is asked, after an answer that it was one too many; null: none. */
  get blockedFor(): number | null {
    const seconds = this.#blockedUntil - this.#options.clock.monotonic()
    return seconds > 0 ? seconds : null
  }

  /** Seconds between two polls at the least, by what is left of the allowance for all that share it. */
  get spacing(): number {
    return spacingFor(this.#rate, REQUESTS_PER_POLL * Math.max(1, this.#members), this.#options.clock.wall())
  }

  /** Counts one more target that asks. @param changed told of another token @returns the way to leave */
  join(changed: () => void): () => void {
    this.#members += 1
    const stopListening = this.#options.onChanged?.(() => {
      this.#blockedUntil = 0
      changed()
    })
    let member = true
    return () => {
      if (!member) return
      member = false
      this.#members -= 1
      stopListening?.()
    }
  }

  /** Asks once. Nothing is sent while blocked. Rejects only when `signal` aborts. */
  async get(path: string, query: Record<string, string>, signal: AbortSignal): Promise<Reply> {
    const blocked = this.blockedFor
    if (blocked !== null) return { reply: 'limited', seconds: blocked }
    const access = await this.#options.access()
    if ('lacking' in access) return { reply: 'token', why: 'absent', what: access.lacking }
    const { token, address } = access
    if (!TOKEN.test(token)) {
      return { reply: 'token', why: 'invalid', what: 'it holds characters that no token has, such as a space' }
    }
    const { timeout = TIMEOUT } = this.#options
    return this.#replyOf(await ask({ path, query, token, address, timeout, signal }))
  }

  #replyOf(answer: VimeoAnswer): Reply {
    if (answer.came === 'nothing') return { reply: 'unreachable', why: answer.why, what: answer.what }
    this.#rate = rateLimitOf(answer.headers) ?? this.#rate
    if (answer.came === 'nonsense') return { reply: 'nonsense', what: answer.what }
    const { status, headers, body } = answer
    if (status === 429) return this.#refused(headers)
    this.#refusals = 0
    if (status < 300) return { reply: 'body', body }
    const what = errorSummary(status, body)
    if (status === 401) return { reply: 'token', why: 'invalid', what }
    if (status === 403) return { reply: 'token', why: 'forbidden', what }
    if (status === 404) return { reply: 'missing' }
    if (status >= 500) return { reply: 'unreachable', why: 'unreachable', what }
    return { reply: 'nonsense', what }
  }

  #refused(headers: Parameters<typeof blockAfter>[0]): Reply {
    this.#refusals += 1
    const { clock } = this.#options
    const seconds = blockAfter(headers, this.#refusals, clock.wall())
    this.#blockedUntil = clock.monotonic() + seconds
    return { reply: 'limited', seconds }
  }
}

/** Of an error's body only its number is taken: its words may repeat what was asked. */
function errorSummary(status: number, body: unknown): string {
  const code = countOf(at(body, 'error_code'))
  return code === null ? `HTTP ${status}` : `HTTP ${status}, error ${code}`
}

/** What stood in the way of an answer about the event. */
export type Failure = Exclude<Reply, { reply: 'body' | 'missing' }>

/** The code and the text of a reading that says nothing of the event. */
export function unknownBy(reply: Exclude<Failure, { reply: 'unreachable' }>): {
  code: PlatformFailure
  message: string
} {
  switch (reply.reply) {
    case 'token':
      return { code: TOKEN_CODES[reply.why], message: `${TOKEN_TEXTS[reply.why]}: ${reply.what}` }
    case 'limited':
      return {
        code: 'rate-limited',
        message: `Vimeo has refused a request as one too many; the next one goes out in ${Math.ceil(reply.seconds)} s`,
      }
    case 'nonsense':
      return { code: 'bad-output', message: `Vimeo sent ${reply.what}` }
  }
}

const TOKEN_CODES = { absent: 'no-token', invalid: 'token-invalid', forbidden: 'token-forbidden' } as const
const TOKEN_TEXTS = {
  absent: 'There is no access token',
  invalid: 'Vimeo does not accept the access token',
  forbidden: 'The access token may not see this event',
} as const

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
