import type { PingMeasurements } from '../../observation/ping.ts'
import { hundredths, seconds } from '../../observation/words.ts'
import type { Limits } from '../check.ts'
import type { PingCheck } from './ping-options.ts'

/** Echoes that must have been sent before their loss is judged, and lost before there is any: one is none. */
const FEWEST = { sent: 20, lost: 2 }

const WIRE =
  'If the host is on the internet, compare with a host inside the building: that tells the own network from the line.'

export const packetLoss: PingCheck = {
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

export const latencyHigh = timeCheck({
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

export const jitterHigh = timeCheck({
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
