import { FRESH_INTERVALS } from '../../observation/clock.ts'
import type { PingMeasurements } from '../../observation/ping.ts'
import { hundredths, quantity, seconds } from '../../observation/words.ts'
import type { Check, CheckContext, KindRules, Limits } from '../check.ts'
import { neverSeen, notMeasured } from './every-kind.ts'
import { PING_RELATIONS, withRelations } from './relations.ts'
import { unusual } from './unusual.ts'

/** What a host's target says that its checks need to know. */
interface PingOptions {
  /** It answers as long as the monitor's own network works. */
  control: boolean
}

type PingCheck = Check<PingMeasurements, PingOptions>
type PingContext = CheckContext<PingMeasurements, PingOptions>

/** The code of a reading of a host that has never answered. */
const NO_REPLY = 'no-reply'
/** The code of a reading where this computer has no route to the host. */
const NO_NETWORK = 'no-network'

const YES_OR_NO = { enter: null, enterHold: 0, clear: null, clearHold: 0 } as const

function neverAnswered({ reading }: PingContext): boolean {
  return reading.outcome === 'unknown' && reading.code === NO_REPLY
}

function echoesSent({ reading }: PingContext): string {
  return quantity(reading.measurements.total.sent, 'ping')
}

const noReply: PingCheck = {
  type: 'noReply',
  severity: 'error',
  weight: 60,
  limits: { ...YES_OR_NO, window: 5 },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess(context, limits: Limits) {
    const { reading, options, history, interval } = context
    if (reading.outcome === 'present') return { value: false }
    if (reading.outcome === 'absent') {
      if (options.control) return 'not-judged'
      const silence = reading.measurements.lastAnswerAge ?? history.absentFor ?? 0
      return { value: true, measured: 'no answer', expected: 'an answer', began: silence }
    }
    const unknownFor = history.unknownFor ?? 0
    if (!neverAnswered(context) || unknownFor < Math.max(limits.window ?? 0, FRESH_INTERVALS * interval)) {
      return 'unmeasured'
    }
    return { value: true, measured: 'never an answer', expected: 'an answer', began: unknownFor }
  },
  summary(_finding, context, _limits, lasted) {
    const { reading } = context
    if (neverAnswered(context)) {
      return `No reply from the host, ever (${echoesSent(context)} sent): it is down, or pings are blocked on the way`
    }
    const why = reading.outcome === 'absent' && reading.message ? `: ${reading.message}` : ''
    return `No reply from the host for ${seconds(lasted)}, which answered before${why}`
  },
  remedy: [
    'Check whether the host is on and its network cable or Wi-Fi is connected.',
    'Ping it from another computer: if that works, check the network between the monitor and the host.',
    'If it has never answered, compare its address, and check whether it or a firewall forbids pings (many cloud servers and Windows do): then watch one of its ports with a service node instead.',
  ],
  text: {
    measures: 'whether the host answers at all',
    window: () => 'three series one after another',
    raised: (limits) =>
      `three series without any answer from a host that has answered before, whose state is down then; or no answer ever for three intervals and at least ${limits.window} s, when its state is unknown`,
    cleared: () => 'an answer',
    why: 'Zero answers of a host that never gave one say nothing about loss, because ICMP may be forbidden: the loss is absent then, never 100 %. Three series make sure that a short pause is none.',
    blindTo:
      'Which of the host and the network between is at fault. A control host that falls silent raises observerNetwork instead.',
  },
}

const observerNetwork: PingCheck = {
  type: 'observerNetwork',
  severity: 'error',
  weight: 60,
  limits: { ...YES_OR_NO, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, options, history }) {
    if (!options.control) return 'not-judged'
    if (reading.outcome === 'present') return { value: false }
    const silence = reading.measurements.lastAnswerAge ?? history.absentFor ?? 0
    const finding = {
      value: true,
      measured: 'no answer',
      expected: 'an answer',
      began: silence,
    }
    if (reading.outcome === 'absent') return finding
    return reading.code === NO_NETWORK ? { ...finding, measured: 'no route', expected: 'a route' } : 'unmeasured'
  },
  summary: ({ measured }, _context, _limits, lasted) =>
    `The monitor's own network seems to be cut: ${measured} for ${seconds(lasted)} from a host that should always answer`,
  remedy: [
    'On the computer on which the monitor runs, check the network cable or the Wi-Fi, and the switch or router next to it.',
    'Until it is back, watch the streams yourself from another network: the monitor cannot see them.',
    'If only this host is off, choose another one as control host: one that answers as long as the network works, such as the router.',
  ],
  text: {
    measures: 'whether a host that is marked `control` answers',
    window: () => 'three series one after another',
    raised: () => 'three series without an answer, or no route at all from this computer',
    cleared: () => 'an answer',
    why: "What cannot be reached while a control host is silent too says nothing about the target: it is the monitor's own network that is cut.",
    blindTo: 'A control host that is itself switched off looks the same. One that has never answered raises noReply.',
  },
}

/** Echoes that must have been sent before their loss is judged, and lost before there is any: one is none. */
const FEWEST = { sent: 20, lost: 2 }

const WIRE =
  'If the host is on the internet, compare with a host inside the building: that tells the own network from the line.'

const packetLoss: PingCheck = {
  type: 'packetLoss',
  severity: 'warning',
  weight: 20,
  limits: { enter: 0.05, enterHold: 0, clear: 0.02, clearHold: 15, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }, limits) {
    const { recent, silentSeries } = reading.measurements
    // A silence that goes on is on its way to noReply.
    if (reading.outcome !== 'present' || recent === null || recent.sent < FEWEST.sent || silentSeries > 0) {
      return 'unmeasured'
    }
    const lost = recent.sent - recent.received
    if (lost < FEWEST.lost) return { value: false }
    const measured = `${percent(lost / recent.sent)} (${lost} of ${recent.sent})`
    return { value: lost / recent.sent, measured, expected: `less than ${percent(limits.enter ?? 0)}` }
  },
  summary: ({ measured, expected }) => `Packet loss: ${measured} of the last minute's pings (expected ${expected})`,
  remedy: [
    'Change from Wi-Fi to a cable, or move closer to the access point.',
    'Check whether something fills the line: uploads, backups, cloud synchronisation, guests. Stop it.',
    'Change the cable and the port of the switch; check whether the port counts errors.',
    WIRE,
    'If the line is lossy, lower the bitrate of the encoder, and tell the provider.',
  ],
  text: {
    measures: 'echoes without an answer, of those that were sent',
    window: () => 'the last minute, but at least 20 echoes; from the return of a host on',
    raised: (limits) => `${percent(limits.enter ?? 0)} or more, and at least ${FEWEST.lost} echoes`,
    cleared: (limits) => `${percent(limits.clear ?? 0)} or less, or a single echo`,
    why: "5 % is where Icinga's ping check warns. RTMP goes over TCP, whose rate falls with the root of the loss (Mathis et al., 1997): at 5 % and 50 ms one connection carries about 1.3 Mb/s. One lost echo is chance.",
    blindTo:
      'Loss that hits large packets only, or comes in pauses between two series. Routers answer pings of their own accord late or not at all: watch a host behind them.',
  },
}

interface TimeRow extends Pick<PingCheck, 'type' | 'weight' | 'remedy'> {
  limits: Limits & { enter: number; clear: number }
  read(measurements: PingMeasurements): number | null
  what: string
  text: Pick<PingCheck['text'], 'measures' | 'why' | 'blindTo'>
}

function timeCheck({ limits, read, what, text, ...row }: TimeRow): PingCheck {
  return {
    ...row,
    severity: 'warning',
    limits,
    worse: 'higher',
    warmUp: 'judged',
    resets: [],
    assess({ reading }, { enter }) {
      const value = reading.outcome === 'present' ? read(reading.measurements) : null
      if (value === null) return 'unmeasured'
      return { value, measured: milliseconds(value), expected: `less than ${milliseconds(enter ?? 0)}` }
    },
    summary: ({ measured, expected }) => `${what} ${measured} (expected ${expected})`,
    text: {
      ...text,
      window: () => 'the newest series',
      raised: ({ enter }) => `${milliseconds(enter ?? 0)} or more`,
      cleared: ({ clear }) => `${milliseconds(clear ?? 0)} or less`,
    },
  }
}

const latencyHigh = timeCheck({
  type: 'latencyHigh',
  weight: 10,
  limits: { enter: 0.2, enterHold: 15, clear: 0.15, clearHold: 15, window: null },
  read: ({ roundTrips }) => roundTrips?.mean ?? null,
  what: 'The round trip takes',
  remedy: [
    'Check whether something fills the line: uploads, backups, cloud synchronisation, guests. Stop it.',
    'Change from Wi-Fi to a cable.',
    WIRE,
    'If the host is far away, as on another continent, choose a server that is nearer, or allow this host more under its limits.',
  ],
  text: {
    measures: 'mean round trip of a series',
    why: "200 ms is red in XSplit's connection test and critical in Icinga's ping check. A round trip that grows while a stream is on air is a line that is full.",
    blindTo: 'One slow echo of a series shows in the maximum, and not here.',
  },
})

const jitterHigh = timeCheck({
  type: 'jitterHigh',
  weight: 5,
  limits: { enter: 0.03, enterHold: 15, clear: 0.02, clearHold: 15, window: null },
  read: ({ jitter }) => jitter,
  what: 'Jitter is',
  remedy: [
    'Change from Wi-Fi to a cable, or move closer to the access point.',
    'Check whether something fills the line at times: uploads, backups, guests.',
    WIRE,
  ],
  text: {
    measures: 'mean difference between successive round trips of a series (RFC 3393, as an absolute value)',
    why: "30 ms is the most that Cisco's and Microsoft's guides for real-time media allow, and above the 20 ms that are red in XSplit's connection test. A stream over TCP lives with it, but it comes before worse.",
    blindTo: 'Pauses between two series.',
  },
})

function percent(ratio: number): string {
  return `${hundredths(ratio * 100)} %`
}

function milliseconds(value: number): string {
  return value < 1 ? `${Number((value * 1000).toPrecision(2))} ms` : seconds(value)
}

/** The table of checks of a host. A new check is a new row. */
export const PING_CHECKS: readonly PingCheck[] = withRelations(
  [noReply, observerNetwork, packetLoss, latencyHigh, jitterHigh, notMeasured, neverSeen, unusual],
  PING_RELATIONS,
)

export const PING_RULES: KindRules<PingMeasurements, PingOptions> = {
  checks: PING_CHECKS,
  tracked: ({ lastAnswerAge }) => ({ counters: {}, signatures: {}, lastSeen: lastAnswerAge }),
  warmingUp: () => false,
  resets: {},
}
