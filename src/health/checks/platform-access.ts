import type { PlatformMeasurements } from '../../observation/platform.ts'
import { seconds } from '../../observation/words.ts'
import type { Check } from '../check.ts'
import type { OtherTargets } from '../other.ts'

/** What a platform's target says that its checks need to know. */
export interface PlatformOptions {
  /** Names of targets: the encoders among them send to this event. */
  dependsOn: readonly string[]
}

export type PlatformCheck = Check<PlatformMeasurements, PlatformOptions>

/** An encoder that sends to the event, as it is now. */
interface SendingEncoder {
  name: string
  /** Seconds since it went on the air; null where it does not say. */
  duration: number | null
}

/**
 * The encoder that is on the air, of those that belong to the event: the ones that the platform's entry names under
 * `dependsOn`, and the ones that a stream names there which is shown by this platform. `none`: there is no such encoder, or
 * none that says freshly what it does; `unknown`: one is connecting or has lost its connection; `idle`: all are.
 */
export function sendingEncoder(
  dependsOn: readonly string[],
  others: OtherTargets,
): SendingEncoder | 'none' | 'unknown' | 'idle' {
  const names = new Set([...dependsOn, ...others.dependents('stream').flatMap((stream) => stream.dependsOn)])
  let found: 'none' | 'unknown' | 'idle' = 'none'
  for (const name of names) {
    const encoder = others.get('encoder', name)
    if (encoder === null) continue
    const { deviceState, duration } = encoder.measurements
    if (deviceState === 'streaming') return { name, duration }
    if (deviceState === 'idle' && found === 'none') found = 'idle'
    if (deviceState !== 'idle') found = 'unknown'
  }
  return found
}

/** Codes of a reading for which the API gave no answer that can be used. */
const UNREACHABLE: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'dns-failed', 'bad-output'])
const TOKEN_CODES: ReadonlySet<string> = new Set(['no-token', 'token-invalid', 'token-forbidden'])

export const platformUnreachable: PlatformCheck = {
  type: 'platformUnreachable',
  severity: 'warning',
  weight: 0,
  // The second poll without an answer: they are further apart.
  limits: { enter: null, enterHold: 1, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }) {
    if (reading.outcome !== 'unknown') return { value: false }
    if (!UNREACHABLE.has(reading.code)) return 'unmeasured'
    return { value: true, measured: reading.code, expected: 'an answer to every poll' }
  },
  summary(_finding, { reading }, _limits, lasted) {
    const said = reading.outcome === 'unknown' ? reading.message : "Vimeo's API does not answer"
    return `${said}, for ${seconds(lasted)}. The event may well be live: nothing is known of it (expected: an answer to every poll)`
  },
  remedy: [
    'Watch the event with a player: it may be live all the same.',
    'Check whether the internet works here: open vimeo.com on a device in the same network.',
    "If only Vimeo's API fails, check Vimeo's status page and wait; nothing needs to be done on the encoder.",
    'Make sure that no firewall or proxy blocks api.vimeo.com on port 443.',
  ],
  text: {
    measures: "whether Vimeo's API answers",
    window: () => 'the newest two polls, each of which asks twice',
    raised: () =>
      'two polls one after another without a whole answer, with HTTP 500 to 599, or with an answer that makes no sense',
    cleared: () => 'the API answers',
    why: 'One lost answer may be chance. Of the event nothing is known then: its state is unknown, not down, because everybody may be watching. It takes no viewer away, so it is a warning.',
    blindTo: 'Whether the stream itself is hit: API and ingest are different servers.',
  },
}

export const tokenInvalid: PlatformCheck = {
  type: 'tokenInvalid',
  severity: 'error',
  weight: 60,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }) {
    if (reading.outcome !== 'unknown') return { value: false }
    return TOKEN_CODES.has(reading.code)
      ? { value: true, measured: reading.code, expected: 'a token that may read the event' }
      : 'unmeasured'
  },
  summary: (finding, { reading }) =>
    `${reading.outcome === 'unknown' ? reading.message : 'Vimeo does not accept the access token'} (${finding.measured}; expected ${finding.expected})`,
  remedy: [
    'Watch the event on Vimeo yourself: until this is mended, the monitor cannot.',
    'On developer.vimeo.com, open your app and generate a personal access token with the scopes public and private.',
    'Put it into the Vimeo account of the node and deploy, or into VIMEO_ACCESS_TOKEN and start again.',
    'If the token is good, check whether its account owns the event, and whether its plan includes the live API.',
  ],
  text: {
    measures: 'whether Vimeo accepts the access token for this event',
    window: () => 'the newest answer',
    raised: () => 'there is no token, or Vimeo answers 401 or 403',
    cleared: () => 'Vimeo answers about the event',
    why: 'The state is unknown meanwhile, not down: it is the monitor that may not look. It is said at once, because no waiting mends it.',
    blindTo: 'When a token will expire: Vimeo does not say.',
  },
}

export const rateLimited: PlatformCheck = {
  type: 'rateLimited',
  unit: 's',
  severity: 'warning',
  weight: 10,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 60, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }) {
    const { blockedFor } = reading.measurements
    if (blockedFor !== null) return { value: true, measured: Math.ceil(blockedFor), expected: 0 }
    return reading.outcome === 'present' ? { value: false } : 'unmeasured'
  },
  summary: (finding, { reading }) => {
    const { limit } = reading.measurements.rateLimit ?? {}
    const allowed = limit == null ? '' : ` (it allows ${limit} in its window)`
    return `Vimeo refused a request as one too many${allowed}: the monitor sends none for another ${seconds(Number(finding.measured))}`
  },
  remedy: [
    'Watch the event on Vimeo yourself: until then the monitor does not look.',
    'Look what else uses the same access token, such as a website, and give the monitor a token of its own app.',
    'Raise the interval of the Vimeo events, or watch fewer of them with one token.',
  ],
  text: {
    measures: 'whether Vimeo has refused a request as one too many (HTTP 429)',
    window: () => 'the newest answer',
    raised: () => 'Vimeo answered 429, and the time that it asks to wait has not passed',
    cleared: () => 'Vimeo answers about the event again',
    why: 'The monitor keeps below what Vimeo says is left, less a tenth for others, and polls less often for it. A refusal comes only where somebody else uses the token up, or where Vimeo does not say what is left; then the monitor waits as long as Vimeo says, else 60 s, doubled up to 15 min.',
    blindTo: 'Who used it up.',
  },
}
