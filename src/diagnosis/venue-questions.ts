import { bitrate } from '../observation/words.ts'
import { bad, firstSummary, good, hostAnswers, LATE, LOSES, lacks, type Question, UNKNOWN } from './question.ts'
import type { Seen } from './situation.ts'

/** Share of its cache that an encoder holds while its way out is wide enough (Blackmagic's devices show 0 to 10 %). */
const CACHE_LOW = 0.15
/** Share from which its way out is too slow: `encoderCacheHigh` warns there. */
const CACHE_HIGH = 0.5
/** Share of the cache a minute: a rise that is none of its usual ups and downs, from a share that is none either. */
const RISES = 0.1
const CACHE_EMPTY = 0.05

/** Share of what its media has, below which what leaves it is no chance of that moment. */
const SENDS_LESS = 0.6

/** Bytes per second below which nothing is sent that could be a stream. */
const NOTHING = 1000

/** Seconds without media and without an answer after which it is no chance that packets got lost: most retries are over. */
const FOR_GOOD = 10

const ADD_GATEWAY = 'add the gateway of the venue as a host (`"at": "venue"`)'
const ADD_ENCODER = 'add the encoder, and name it under `dependsOn` of the stream'

/** What shows whether the encoder, its network and its line are well. */
export const VENUE_QUESTIONS = {
  uplinkWide: {
    leak: 0.02,
    ask({ bandwidth }) {
      for (const seen of bandwidth) {
        const fault = firstSummary(seen.issues, ['bandwidthLow'])
        if (fault !== null) return bad(fault)
      }
      return bandwidth.some(({ state }) => state === 'ok') ? good('the uplink is wide enough') : UNKNOWN
    },
  },
  gatewayAnswers: {
    leak: 0.01,
    ask(situation) {
      const answer = hostAnswers(situation, ['venue'], 'the network of the venue', ADD_GATEWAY)
      const lossy = situation.hosts.find(
        ({ place, seen }) => place === 'venue' && (seen.measurements.loss ?? 0) >= LOSES,
      )
      if (answer.verdict !== 'good' || lossy === undefined) return answer
      return bad(
        `${lossy.seen.target}: ${Math.round(100 * (lossy.seen.measurements.loss ?? 0))} % of the echoes are lost`,
      )
    },
  },
  encoderAnswers: {
    leak: 0.01,
    ask({ encoders }) {
      if (encoders.length === 0) return lacks(ADD_ENCODER)
      const away = encoders.find(({ measurements }) => measurements.up === false)
      if (away !== undefined) return bad(`the encoder ${away.target} does not answer`)
      return encoders.some(({ measurements }) => measurements.up === true) ? good('the encoder answers') : UNKNOWN
    },
  },
  encoderSteady: {
    leak: 0.02,
    ask({ stream, encoders }) {
      if (encoders.length === 0) return lacks(ADD_ENCODER)
      const silent = encoders.find(({ measurements }) => measurements.up === false)
      const age = stream.measurements.lastPacketAge
      if (silent === undefined || age === null) return UNKNOWN
      const packetAt = Date.parse(stream.time) - age * 1000
      if (stream.measurements.up === true && packetAt > Date.parse(silent.time)) {
        return bad(`the encoder ${silent.target} does not answer, though its media arrives`)
      }
      const isLong = age >= FOR_GOOD && silent.issues.some(({ type }) => type === 'encoderUnreachable')
      return isLong ? good(`the encoder ${silent.target} is silent all the time`) : UNKNOWN
    },
  },
  encoderOnAir: {
    leak: 0.01,
    ask({ encoders }) {
      if (encoders.length === 0) return lacks(ADD_ENCODER)
      const off = encoders.find(
        ({ measurements: { deviceState } }) => deviceState === 'idle' || deviceState === 'flushing',
      )
      if (off !== undefined) return bad(`the encoder ${off.target} has been stopped`)
      const on = encoders.find(({ measurements: { deviceState } }) => deviceState !== null)
      return on === undefined ? UNKNOWN : good('the encoder is on the air')
    },
  },
  encoderConnected: {
    leak: 0.01,
    ask({ encoders }) {
      if (encoders.length === 0) return lacks(ADD_ENCODER)
      const lost = encoders.find(
        ({ measurements: { deviceState } }) => deviceState === 'interrupted' || deviceState === 'connecting',
      )
      if (lost !== undefined) return bad(`the encoder ${lost.target} cannot connect to its server`)
      // A connection into which nothing goes any more may be cut: devices notice after many seconds.
      const on = encoders.some(({ measurements: { deviceState, bytesPerSecond: rate } }) => {
        return deviceState === 'streaming' && rate !== null && rate >= NOTHING
      })
      return on ? good('the encoder is connected to its server') : UNKNOWN
    },
  },
  encoderCacheLow: {
    leak: 0.02,
    ask({ stream, encoders }) {
      if (encoders.length === 0) return lacks(ADD_ENCODER)
      const needed = bytesNeededBy(stream)
      for (const seen of encoders) {
        const fault = firstSummary(seen.issues, ['encoderCacheHigh'])
        if (fault !== null) return bad(fault)
        const { cacheUsedRatio: used, cacheRisePerMinute: rise, deviceState } = seen.measurements
        if (used === null || deviceState !== 'streaming') continue
        const isRising = used > CACHE_EMPTY && (rise ?? 0) > RISES
        if (used >= CACHE_HIGH || isRising) {
          return bad(`the cache of the encoder is ${Math.round(used * 100)} % full${isRising ? ', and rises' : ''}`)
        }
        // What is encoded and does not leave is in the cache: it need not be much yet.
        if (isShort(seen, needed) && used > 0) continue
        // Of which it is not known whether it rises, only an empty one tells.
        const isLow = rise === null ? used < CACHE_EMPTY && stream.state !== 'down' : used <= CACHE_LOW && rise <= RISES
        if (isLow) return good('the cache of the encoder is empty: its way out is wide enough')
      }
      return UNKNOWN
    },
  },
  encoderSendsAll: {
    leak: 0.02,
    ask({ stream, encoders }) {
      const needed = bytesNeededBy(stream)
      for (const seen of encoders) {
        const fault = firstSummary(seen.issues, ['encoderBitrateLow'])
        if (fault !== null) return bad(fault)
        const { deviceState, bytesPerSecond: rate } = seen.measurements
        if (deviceState === 'streaming' && rate !== null && rate < NOTHING) {
          return bad(`the encoder ${seen.target} says that it streams, and that nothing leaves it`)
        }
        if (isShort(seen, needed)) {
          return bad(`only ${bitrate(rate ?? 0)} of the ${bitrate(needed ?? 0)} that the stream has leave the encoder`)
        }
      }
      const isSending = encoders.some(
        ({ measurements: { deviceState, bytesPerSecond } }) => deviceState === 'streaming' && bytesPerSecond !== null,
      )
      return isSending ? good('the encoder sends at its usual bitrate') : UNKNOWN
    },
  },
} as const satisfies Record<string, Question>

/** Whether less leaves an encoder than its media has. */
function isShort({ measurements: { deviceState, bytesPerSecond } }: Seen<'encoder'>, needed: number | null): boolean {
  if (deviceState !== 'streaming' || bytesPerSecond === null || needed === null) return false
  return bytesPerSecond < SENDS_LESS * needed
}

/** Bytes that a second of media has, while it comes late; null while it does not. */
function bytesNeededBy({ measurements: { up, warmingUp, window } }: Seen<'stream'>): number | null {
  const { realtimeRatio: ratio, videoBytesPerSecond: video, audioBytesPerSecond: audio } = window
  if (up !== true || warmingUp || ratio === null || ratio >= LATE) return null
  return (video ?? 0) + (audio ?? 0)
}
