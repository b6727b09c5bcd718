import {
  type Answer,
  bad,
  firstSummary,
  good,
  hostAnswers,
  LOSES,
  lacks,
  names,
  type Question,
  UNKNOWN,
} from './question.ts'
import type { OtherStreams, Seen, Situation } from './situation.ts'

const ADD_SERVER_HOST = 'add the computer of the server as a host (`"at": "server"`)'

/** What shows whether the server, and the way to it, are well. */
export const SERVER_QUESTIONS = {
  nameResolves: {
    leak: 0.005,
    ask(situation) {
      const fault = serviceFault(situation, ['nameNotFound'])
      if (fault !== null) return bad(fault)
      const { stream, services } = situation
      if (stream.error?.code === 'dns-failed') return bad(stream.error.message)
      const silent = services.find(({ seen, place }) => place === 'server' && seen.error?.code === 'dns-failed')
      if (silent !== undefined) return bad(silent.seen.error?.message ?? 'the name service does not answer')
      return isServerReached(situation) ? good("the server's name is known") : UNKNOWN
    },
  },
  certificateValid: {
    leak: 0.005,
    ask(situation) {
      const fault = serviceFault(situation, ['tlsInvalid'])
      if (fault !== null) return bad(fault)
      const secure = situation.services.some(
        ({ seen, place }) =>
          place === 'server' && seen.measurements.up === true && seen.measurements.certificate !== null,
      )
      return secure ? good("the server's certificate is valid") : UNKNOWN
    },
  },
  serverReached: {
    leak: 0.01,
    ask(situation) {
      const fault = serviceFault(situation, ['unreachable', 'refused', 'timeout', 'wrongAnswer'])
      if (fault !== null) return bad(fault)
      const { stream } = situation
      const isClosed = stream.state === 'down' && stream.absence?.beforeStream === true
      // By TLS, a server that is there is turned down for its certificate: which of both it is, the service tells.
      const isOpen = isClosed && stream.absence?.reason === 'refused' && isSecure(situation)
      if (isClosed && !isOpen) return bad('the server cannot be reached')
      if (isServerReached(situation)) return good('the server answers')
      const isAsked = situation.services.some(({ place }) => place === 'server')
      return isAsked ? UNKNOWN : lacks('add the server as a service (`"at": "server"`)')
    },
  },
  streamAccepted: {
    leak: 0.01,
    ask({ stream: { state, measurements, absence } }) {
      if (measurements.up === true) return good('the server delivers the stream')
      if (state !== 'down' || absence === undefined || absence.beforeStream === true) return UNKNOWN
      if (absence.reason === 'refused') return bad('the server refuses the stream')
      return UNKNOWN
    },
  },
  streamTakenBefore: {
    // What is turned away for its key has mostly never been on the air; all other faults come at any time.
    leak: 0.05,
    ask({ stream: { state, measurements, absence } }) {
      if (measurements.lastPacketAge !== null) return good('the server had taken this stream in before')
      // Of any other absence it is not known what was before it is watched.
      if (state !== 'down' || absence?.reason !== 'refused' || absence.beforeStream === true) return UNKNOWN
      return bad('the server has not taken this stream in since it is watched')
    },
  },
  serverHostAnswers: {
    leak: 0.01,
    ask: (situation) => hostAnswers(situation, ['server'], 'the computer of the server', ADD_SERVER_HOST),
  },
  serverHostClean: {
    leak: 0.005,
    ask({ hosts }) {
      const atServer = hosts.filter(({ place }) => place === 'server')
      const onWay = hosts.filter(({ place }) => place === 'way')
      if (atServer.length === 0) return lacks(ADD_SERVER_HOST)
      if (onWay.length === 0) return lacks('add a host beyond the gateway of the venue (`"at": "way"`)')
      const isWayClean = onWay.every(({ seen }) => seen.measurements.loss === 0 && lostBy(seen) === 0)
      const lossy = atServer.find(({ seen }) => seen.measurements.answered === true && lostBy(seen) >= LOST_AT_SERVER)
      if (lossy !== undefined && isWayClean) {
        return bad(
          `${lossy.seen.target}: ${lostBy(lossy.seen)} echoes of the last minute are lost, and none on the way`,
        )
      }
      return atServer.every(({ seen }) => seen.measurements.answered === true && lostBy(seen) === 0)
        ? good('nothing is lost at the server')
        : UNKNOWN
    },
  },
  otherStreamsOnServer: {
    leak: 0.02,
    ask: (situation) => shownBy(situation.others.onServer, 'on the same server', null),
  },
  streamsElsewhere: {
    leak: 0.02,
    ask: (situation) =>
      shownBy(situation.others.elsewhere, 'on other servers', 'watch a stream of another server as well'),
  },
  wayIsClean: {
    leak: 0.02,
    ask({ hosts }) {
      const beyond = hosts.filter(({ place }) => place === 'way' || place === 'server')
      if (beyond.length === 0) return lacks('add a host beyond the gateway of the venue (`"at": "way"`)')
      for (const { seen } of beyond) {
        const fault = firstSummary(seen.issues, ['packetLoss', 'latencyHigh', 'jitterHigh', 'noReply'])
        if (fault !== null) return bad(`${seen.target}: ${fault}`)
        const { loss } = seen.measurements
        if (loss !== null && loss >= LOSES)
          return bad(`${seen.target}: ${Math.round(100 * loss)} % of the echoes are lost`)
      }
      const isClean = beyond.every(({ seen }) => seen.measurements.loss === 0)
      return isClean ? good(`${names(beyond.map(({ seen }) => seen))} answers without loss`) : UNKNOWN
    },
  },
  wayAsUsual: {
    // Of a baseline: how often it errs stands in docs/baselines.md. That all is as usual is said of no target.
    leak: 0.05,
    ask({ hosts, bandwidth }) {
      const beyond = hosts.flatMap(({ place, seen }) => (place === 'way' || place === 'server' ? [seen] : []))
      for (const { target, issues } of [...beyond, ...bandwidth]) {
        const found = firstSummary(issues, ['unusual'])
        if (found !== null) return bad(`${target}: ${found}`)
      }
      return UNKNOWN
    },
  },
} as const satisfies Record<string, Question>

/** Echoes: where a way loses them for both, so many of one and none of the other are lost once in 64 times. */
const LOST_AT_SERVER = 6

/** Echoes of the last minute. */
function lostBy({ measurements: { recent } }: Seen<'ping'>): number {
  return recent === null ? 0 : recent.sent - recent.received
}

/** What the services of the stream's server say is wrong. */
function serviceFault({ services }: Situation, types: readonly string[]): string | null {
  for (const { seen, place } of services) {
    const fault = place === 'server' ? firstSummary(seen.issues, types) : null
    if (fault !== null) return `${seen.target}: ${fault}`
  }
  return null
}

/** Why a stream is away that a server has said. */
const ANSWERED: ReadonlySet<string> = new Set(['refused', 'not-found'])

function isSecure({ services }: Situation): boolean {
  return services.some(({ seen, place }) => place === 'server' && seen.measurements.certificate !== null)
}

function isServerReached({ stream, services }: Situation): boolean {
  if (stream.measurements.up === true) return true
  const { state, absence } = stream
  // A connection that stalled or ended says nothing of now; one that is answered does.
  if (state === 'down' && absence?.beforeStream !== true && ANSWERED.has(absence?.reason ?? '')) return true
  return services.some(({ seen, place }) => place === 'server' && seen.measurements.up === true)
}

/** What other streams show: one that is well clears what they share, and where none is they share the fault. */
function shownBy({ known, well, late, down }: OtherStreams, where: string, missing: string | null): Answer {
  if (known === 0 && missing !== null) return lacks(missing)
  if (well > 0) return good(`other streams ${where} are well`)
  if (down === 0 && !(late > 0)) return UNKNOWN
  if (down === 0) return bad(`${late === 1 ? 'another stream comes' : `${late} other streams come`} late ${where}, too`)
  return bad(`${down === 1 ? 'another stream is' : `${down} other streams are`} down ${where}, too`)
}
