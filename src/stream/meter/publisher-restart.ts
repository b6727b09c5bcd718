import { isAboutZero } from './timeline.ts'

/** What a packet that is not the plain successor of the one before shows. */
export interface Break {
  /** Seconds from the DTS before to this one, wraps taken out. */
  step: number
  /** The packet's DTS. Seconds. */
  dts: number
  /** The DTS before. Seconds. */
  before: number
  /** The time stamp goes back, or far forward. */
  discontinuous: boolean
  /** The step is the usual one from packet to packet. */
  regular: boolean
  newExtradata: boolean
  /** Seconds for which nothing at all had arrived. */
  silence: number
  stallAfter: number
  /** This publisher has sent its codec parameters again before, without a pause. */
  repeatsHeaders: boolean
}

/** Seconds. No publisher connects anew in less: TCP, RTMP's handshake and its commands take several round trips. */
const RECONNECT = 0.25
/** Seconds, where the same publisher may be behind it: with its header comes a key frame, which takes a while. */
const LONG_PAUSE = 1
/** Seconds by which time stamps fall at least when a publisher begins anew. */
const FALL = 1

/**
 * Whether a new publisher has taken over.
 *
 * - DTS back to about 0: its clock has begun anew.
 * - New codec parameters together with a break in the time stamps, or with a pause in which it could connect and a step
 *   that is not the usual one: node-media-server lets time stamps go on across publishers, from the last one on
 *   (measured with 4.4.3).
 * - DTS goes back after a stall: MPEG-TS has no header that would tell.
 *
 * New codec parameters alone do not show it: FLV's demuxer reports every sequence header, and some encoders send
 * one with each key frame.
 */
export function isRestart(seen: Break): boolean {
  const fell = seen.before - seen.dts >= FALL && seen.step < 0
  const leaptOneWrap = seen.step > 1000
  if ((fell || leaptOneWrap) && isAboutZero(seen.dts)) return true
  if (seen.step < 0 && seen.discontinuous && seen.silence > seen.stallAfter) return true
  if (!seen.newExtradata) return false
  const sameClock = seen.regular || seen.repeatsHeaders
  return seen.discontinuous || seen.silence >= (sameClock ? LONG_PAUSE : RECONNECT)
}
