import { away, type Cause } from './cause.ts'
import { ENCODER_CAUSES } from './encoder-causes.ts'
import { VENUE_CAUSES } from './venue-causes.ts'

/** From the server on, and around the monitor. */
const BEYOND_THE_VENUE = {
  nameService: {
    location: 'name-service',
    says: 'The name of the server cannot be looked up',
    prior: 0.02,
    makesBad: {
      nameResolves: 0.98,
      mediaArrives: 0.5,
      serverReached: 0.5,
      encoderConnected: 0.5,
      platformTells: 0.5,
    },
    remedy: [
      'Compare the name of the server letter by letter with what its operator gives.',
      'Set another name service in the router (1.1.1.1 or 8.8.8.8), and try again.',
      "Use the server's IP address until it is found, if it takes that.",
    ],
    source: 'The phase `dns` of a connection fails before any packet reaches the server',
  },
  certificate: {
    location: 'name-service',
    says: 'The certificate of the server is not valid',
    prior: 0.015,
    makesBad: { certificateValid: 0.98, mediaArrives: 0.6, encoderConnected: 0.5, serverReached: 0.3 },
    remedy: [
      'Check the date and the time of the encoder and of this computer.',
      'Tell whoever runs the server that its certificate must be renewed, or is for another name.',
    ],
    source: 'The phase `tls` of a connection fails after the server was reached',
  },
  serverDown: {
    location: 'server',
    says: 'The server is down',
    prior: 0.05,
    makesBad: {
      mediaArrives: 0.98,
      serverReached: 0.93,
      otherStreamsOnServer: 0.97,
      serverHostAnswers: 0.4,
      wayIsClean: 0.3,
      encoderConnected: 0.92,
      encoderCacheLow: 0.5,
      encoderSendsAll: 0.5,
      platformReceives: 0.7,
      pace: 0.05,
    },
    remedy: [
      'Restart the server, or ask whoever runs it.',
      'Send to a second server, if there is one.',
      'Check whether its disk or its memory is full.',
    ],
    source: 'Everything that is read from one server is away at once, and nothing that is read elsewhere',
  },
  serverRefuses: {
    location: 'server',
    says: 'The server is up and does not take this stream: wrong key, no permission, or too many connections',
    prior: 0.04,
    makesBad: {
      mediaArrives: 0.97,
      streamAccepted: 0.9,
      streamTakenBefore: 0.6,
      encoderConnected: 0.6,
      platformReceives: 0.6,
    },
    remedy: [
      'Compare server, application and stream key in the encoder letter by letter with those of the server.',
      'Check whether the key has been changed or has run out, and whether a second encoder uses it.',
      'Ask whoever runs the server for its limits: connections, bitrate, hours.',
    ],
    source: 'The server answers and says no',
  },
  serverForwards: {
    location: 'server',
    says: 'The server takes the stream in and passes it on badly',
    prior: 0.03,
    makesBad: {
      mediaArrives: 0.5,
      pace: 0.6,
      keepsUp: 0.5,
      frames: 0.3,
      timestamps: 0.2,
      otherStreamsOnServer: 0.6,
      serverReached: 0.1,
      encoderCacheLow: 0.2,
      encoderSendsAll: 0.2,
      flowsSteadily: 0.4,
    },
    remedy: [
      'Check load, memory and network of the server.',
      'Read the stream from another server, or from the platform, and compare.',
      'Restart the server, if the event allows it.',
    ],
    source: 'The encoder delivers (cache empty, usual bitrate), and what comes out of the server is late or missing',
  },
  serverNetwork: {
    location: 'server',
    says: 'The network of the server loses packets',
    prior: 0.015,
    makesBad: {
      serverHostClean: 0.9,
      wayAsUsual: 0.4,
      // Of one and the same host: what the question before it says is not to be counted twice.
      wayIsClean: 0.2,
      serverReached: 0.1,
      mediaArrives: 0.2,
      pace: 0.4,
      keepsUp: 0.3,
      frames: 0.05,
      otherStreamsOnServer: 0.3,
      encoderCacheLow: 0.2,
      flowsSteadily: 0.2,
    },
    remedy: [
      'Ask whoever runs the server whether its line or its network is overloaded.',
      'Send to a second server, if there is one.',
      'Look at the stream from the platform: does it arrive whole there?',
    ],
    source: 'Echoes of the server are lost, and none of a host on the way to it (`server-loses` of the laboratory)',
  },
  platformTakesNothing: {
    location: 'platform',
    says: 'The platform does not take the stream in, though it is sent',
    prior: 0.03,
    makesBad: { platformReceives: 0.97, encoderConnected: 0.2 },
    remedy: [
      'Open the event on the platform: is it the right one, is it started, and is there a message?',
      'Compare the stream key of the event with that in the encoder or relay.',
      "Look at the platform's status page.",
    ],
    source: 'The stream is well where it is read, and the platform says that none comes',
  },
  platformApi: {
    location: 'platform',
    says: 'Only the API of the platform fails: nothing is known of the event there, and nothing is wrong with the stream',
    prior: 0.03,
    makesBad: { platformTells: 0.98 },
    remedy: [
      'Open the event on the platform: does it play?',
      'If the token is refused, make a new one and put it into VIMEO_ACCESS_TOKEN.',
    ],
    leavesStreamWell: true,
    source: 'An API that does not answer says nothing of the stream',
  },
  monitorNetwork: {
    location: 'monitor-network',
    says: "The monitor's own network is at fault, and the stream may be well",
    prior: 0.03,
    makesBad: {
      // Less than all: its own router may answer, and its line be cut (`monitor-line-cut` of the laboratory).
      monitorHasNetwork: 0.7,
      mediaArrives: 0.75,
      serverReached: 0.93,
      serverHostAnswers: 0.93,
      otherStreamsOnServer: 0.95,
      streamsElsewhere: 0.95,
      wayIsClean: 0.9,
      platformTells: 0.85,
      nameResolves: 0.5,
      encoderAnswers: { venue: 0.5, server: 0.95, elsewhere: 0.95 },
      encoderSteady: { venue: 0.1, server: 0.2, elsewhere: 0.2 },
      gatewayAnswers: { venue: 0.6, server: 0.95, elsewhere: 0.95 },
      pace: 0.3,
      keepsUp: 0.1,
      flowsSteadily: 0.2,
    },
    remedy: [
      'Look at the stream with a player on another network: is it well there?',
      'Check the network of the computer on which the monitor runs: cable, Wi-Fi, router.',
    ],
    source: 'All that is seen from one place fails at once, whatever server it is on',
  },
  monitorLineSlow: {
    location: 'monitor-network',
    says: "The monitor's own line is too slow or loses packets: what it reads comes late, and the stream may be well",
    prior: 0.02,
    makesBad: {
      pace: 0.9,
      keepsUp: 0.6,
      // At the venue its line is that of the stream.
      otherStreamsOnServer: { venue: 0.2, server: 0.85, elsewhere: 0.85 },
      streamsElsewhere: { venue: 0.2, server: 0.85, elsewhere: 0.85 },
      flowsSteadily: 0.3,
      mediaArrives: 0.3,
      frames: 0.3,
      bitrate: 0.3,
      timestamps: 0.3,
      tracks: 0.05,
      wayIsClean: 0.5,
      wayAsUsual: 0.5,
      encoderAnswers: away(0.3),
      encoderSteady: away(0.3),
      gatewayAnswers: away(0.4),
      monitorHasNetwork: 0.2,
      serverReached: 0.15,
      serverHostAnswers: 0.1,
      nameResolves: 0.1,
      platformTells: 0.15,
    },
    remedy: [
      'Look at the stream with a player on another network: is it well there?',
      'Watch fewer streams from here, or from a place with a wider line: each is read whole.',
      'Let nothing else use the line of the computer on which the monitor runs.',
    ],
    source: 'Everything that is read from one place is late at once, whatever server it is on',
  },
  monitorItself: {
    location: 'monitor',
    says: 'The monitor itself cannot measure, and the stream may be well',
    prior: 0.03,
    makesBad: { monitorMeasures: 0.98 },
    remedy: [
      'Open `/health` of the monitor and do what it says.',
      'Look at the stream with a player until it measures again.',
    ],
    source: 'A probe that fails for its own reason says nothing of its target',
  },
} as const satisfies Record<string, Cause>

/**
 * The causes. Priors put the venue before the platform, as volunteers' reports do; weights follow the table of evidence in
 * `analytics` 3.4 and are held by `test/diagnosis`.
 */
export const CAUSES = { ...ENCODER_CAUSES, ...VENUE_CAUSES, ...BEYOND_THE_VENUE } as const satisfies Record<
  string,
  Cause
>

export type CauseName = keyof typeof CAUSES
export type Causes = Readonly<Record<CauseName, Cause>>
/** Whether a cause of this name says that the stream is well. */
export function leavesStreamWell(name: string | null): boolean {
  const causes: Readonly<Record<string, Cause>> = CAUSES
  return name !== null && Object.hasOwn(causes, name) && causes[name]?.leavesStreamWell === true
}

export const CAUSE_NAMES = Object.keys(CAUSES) as CauseName[]
