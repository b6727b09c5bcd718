import { FRESH_INTERVALS } from '../../observation/freshness.ts'
import { quantity, seconds } from '../../observation/words.ts'
import type { Limits } from '../check.ts'
import { NO_NETWORK, NO_REPLY, type PingCheck, type PingContext } from './ping-options.ts'

const YES_OR_NO = { enter: null, enterHold: 0, clear: null, clearHold: 0 } as const

function neverAnswered({ reading }: PingContext): boolean {
  return reading.outcome === 'unknown' && reading.code === NO_REPLY
}

function echoesSent({ reading }: PingContext): string {
  return quantity(reading.measurements.total.sent, 'ping')
}

export const noReply: PingCheck = {
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

export const observerNetwork: PingCheck = {
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
