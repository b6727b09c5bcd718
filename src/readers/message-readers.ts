import type { Readable } from 'node:stream'
import type { Clock } from '../observation/clock.ts'
import type { RtmpAddress } from '../rtmp/address.ts'
import { FlvParser } from '../rtmp/flv-parser.ts'
import { type RtmpEnding, readRtmp } from '../rtmp/reader.ts'
import type { Ending, SourceOptions } from '../stream/packet-source.ts'
import { CONNECTION_ENDS } from '../stream/reachability.ts'
import type { ReadMessages } from './rtmp-source.ts'

/** Seconds without media after which the server had let us in, and ended it later. */
const WAITED = 5

/** By RTMP. */
export function overRtmp(
  address: RtmpAddress,
  { clock, verifyTls }: Pick<SourceOptions, 'clock' | 'verifyTls'>,
): ReadMessages {
  return async (listener, signal) => {
    const began = clock.monotonic()
    const wantsFrame = listener.wantsFrame.bind(listener)
    const ending = await readRtmp(address, listener, signal, { clock, verifyTls, wantsFrame })
    return endingOf(ending, clock.monotonic() - began)
  }
}

/** As FLV, from the body of an answer that ends when its server is silent for long. @param clock says when messages arrive */
export function overHttp(body: Readable, clock: Clock): ReadMessages {
  return async (listener, signal) => {
    let hasMedia = false
    const parser = new FlvParser({
      media: (message) => {
        hasMedia ||= message.packet === 'frame'
        listener.media(message, clock.monotonic())
      },
      wantsFrame: (...frame) => listener.wantsFrame(...frame),
    })
    try {
      for await (const chunk of body) {
        if (signal.aborted) break
        if (!parser.push(chunk as Buffer)) return { end: 'bad-output', message: 'what the server sends is no FLV' }
      }
    } catch {
      // The connection broke: it ended.
    }
    if (signal.aborted) return { end: 'killed', message: 'given up' }
    return hasMedia
      ? { end: 'ended', message: 'the server ended the stream' }
      : { end: 'refused', message: 'the server closed the connection before any media came' }
  }
}

/** In the words of a session. @param seconds since the connection was begun */
function endingOf({ why, message, stage, verdict = 'unreachable' }: RtmpEnding, seconds: number): Ending {
  switch (why) {
    case 'no-connection': {
      const hint =
        verdict === 'tls-invalid'
          ? '; where that is as it should be, switch the check off for this stream (verifyTls)'
          : ''
      return { end: CONNECTION_ENDS[verdict], message: message + hint, beforeStream: true }
    }
    case 'no-rtmp':
      return { end: 'refused', message, beforeStream: true }
    case 'protocol-error':
      return { end: 'bad-output', message }
    case 'closed':
      if (stage === 'media') return { end: 'ended', message }
      if (stage === 'handshake') return { end: 'refused', message, beforeStream: true }
      return stage === 'play' && seconds >= WAITED
        ? { end: 'ended', message: 'the server closed the connection while we waited for media' }
        : { end: 'refused', message }
    case 'unpublished':
      return { end: 'ended', message, publisherEnded: true }
    case 'not-found':
    case 'timeout':
    case 'killed':
      return { end: why, message }
    case 'rejected':
    case 'full':
    case 'auth':
    case 'moved':
      return { end: 'refused', message }
  }
}
