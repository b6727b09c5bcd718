import type { Instant } from '../observation/clock.ts'
import type { Issue } from '../observation/observation.ts'
import { NO_MEDIA_YET } from '../stream/packet-source.ts'

interface Absence {
  /** Where the probe knows no more than the reason. */
  says: string
  /** What to suspect where not even a connection came about. */
  suspect: string
  /** What to suspect where the server was reached. */
  suspectStream: string
  /** What a volunteer does before the event, in order. */
  remedy: readonly string[]
}

const START_IT = 'Start the stream on the encoder, wait until it says that it is live, and try again.'
const COMPARE =
  'If it is live already, the key is not the one the encoder sends with: compare the address letter by letter with the one in the encoder, server, application and stream key.'
const WAKE_IT =
  'If the server starts its source only for somebody who watches, open the stream in a player, leave that running, and try again.'
const ASK = 'Ask whoever runs the server whether the stream arrives there.'
const NOT_STARTED = 'not started, or another key than the encoder sends with?'

/** By the reason that a probe gives. */
const ABSENCES: Readonly<Record<string, Absence>> = {
  refused: {
    says: 'the server refuses the connection',
    suspect: 'wrong port?',
    suspectStream: 'wrong address, application or key, or not started?',
    remedy: [
      'Compare the port of the address with that of the server: 1935 is the usual one of RTMP.',
      START_IT,
      COMPARE,
      'If the server asks for a user, a password or a token, check whether the address holds the right one.',
      'Ask whoever runs the server whether it is up.',
    ],
  },
  'not-found': {
    says: 'the server does not know this stream',
    suspect: 'wrong server?',
    suspectStream: NOT_STARTED,
    remedy: [START_IT, COMPARE, ASK],
  },
  ended: {
    says: 'the server ended the stream',
    suspect: 'wrong server?',
    suspectStream: NOT_STARTED,
    remedy: [
      'Check the encoder: is it still sending, or does it connect again and again?',
      'Check whether a second encoder sends with the same stream key: each then throws the other out.',
      START_IT,
    ],
  },
  stalled: {
    says: 'the connection stays open, but media has stopped coming',
    suspect: 'wrong server?',
    suspectStream: 'has the encoder stopped?',
    remedy: [
      'Check the encoder: is it still sending, and is its picture moving?',
      'Check the network of the encoder: cable, Wi-Fi, and whether something else uses the uplink.',
      'Stop the stream on the encoder, start it again, and try again.',
    ],
  },
  timeout: {
    says: NO_MEDIA_YET.tcp,
    suspect: 'wrong server?',
    suspectStream: NOT_STARTED,
    remedy: [START_IT, COMPARE, WAKE_IT, ASK],
  },
  unreachable: {
    says: 'the server cannot be reached',
    suspect: 'wrong host name?',
    suspectStream: 'wrong host, or not switched on?',
    remedy: [
      'Compare the name and the port of the server with those in the encoder.',
      'Check whether the computer on which this runs has a network: open a web page.',
      'Ask whoever runs the server whether it is up, and whether a firewall is in the way.',
    ],
  },
}

const OTHER: Absence = {
  says: 'nothing comes',
  suspect: 'wrong server?',
  suspectStream: NOT_STARTED,
  remedy: [START_IT, COMPARE],
}

/** What a probe's reason means to a person, before anything was ever there. */
export function absenceOf(reason: string): Absence {
  return (Object.hasOwn(ABSENCES, reason) ? ABSENCES[reason] : undefined) ?? OTHER
}

/**
 * The issue of a preflight that found no stream. Its name is that of the check which tells the same of a stream that is
 * watched, but what to do is another thing: nothing has been on the air yet.
 *
 * @param reason as in `Reading`
 * @param message says more of the reason; without secrets
 */
export function nothingArrives(reason: string, message: string | undefined, at: Instant): Issue {
  const { says, remedy } = absenceOf(reason)
  return {
    type: 'streamOffline',
    severity: 'error',
    since: new Date(at.wall).toISOString(),
    measured: reason,
    expected: 'media',
    summary: `Nothing arrives: ${message ?? says}`,
    remedy: [...remedy],
  }
}
