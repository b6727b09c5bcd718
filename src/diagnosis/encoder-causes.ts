import type { Cause } from './cause.ts'

/** Whoever streams, what is streamed, and the encoder. */
export const ENCODER_CAUSES = {
  stopped: {
    location: 'operator',
    says: 'Nobody streams: the encoder has been stopped, or was never started',
    prior: 0.12,
    makesBad: { mediaArrives: 0.98, encoderOnAir: 0.97, platformReceives: 0.6 },
    remedy: [
      'Start the stream on the encoder, if the event goes on.',
      'If the event is over, tell the monitor so: "Event is over" on the page Stream of its dashboard.',
    ],
    source: 'Blackmagic Streaming Encoder REST API: `idle` and `flushing`',
  },
  picture: {
    location: 'source',
    says: 'The picture is missing before the encoder: camera, mixer or cable',
    prior: 0.1,
    makesBad: { picture: 0.98, bitrate: 0.4, frames: 0.02 },
    remedy: [
      'Look at the picture that goes into the encoder: is the camera on, is the right input chosen?',
      'Check the video cable between camera, mixer and encoder, at both ends.',
      'Show a still picture or another camera until it is found.',
    ],
    source: 'Everything carries, and what is carried is black or stands still',
  },
  sound: {
    location: 'source',
    says: 'The sound is missing or damaged before the encoder: microphone, mixer or cable',
    prior: 0.08,
    makesBad: { sound: 0.98 },
    remedy: [
      'Look at the meters of the mixer and of the encoder: which is the last one that shows sound?',
      'Check mute switches, the fader of the output that goes to the encoder, and its cable.',
      'Check the batteries of radio microphones.',
    ],
    source: 'Everything carries, and what is carried is silent, one-sided or overdriven',
  },
  encoderDead: {
    location: 'encoder',
    says: 'The encoder is off, hangs, or has lost its network cable',
    prior: 0.05,
    makesBad: { mediaArrives: 0.97, encoderAnswers: 0.97, platformReceives: 0.6 },
    remedy: [
      'Look at the encoder: has it power, and does its screen or its light say that it streams?',
      'Check its network cable at both ends.',
      'Switch it off and on, and start the stream again.',
    ],
    source: 'The device does not answer, while the network beside it does',
  },
  encoderInterface: {
    location: 'encoder',
    says: 'Only the interface of the encoder fails, by which it is asked how it is: nothing is wrong with the stream',
    prior: 0.03,
    makesBad: { encoderAnswers: 0.97, encoderSteady: 0.95 },
    remedy: [
      'Look at the picture and listen: where both are well, leave the encoder alone until the event is over.',
      'Then check its address and password in the targets of the monitor, and switch it off and on.',
    ],
    leavesStreamWell: true,
    source: 'Who sends media is not dead: the device answers nothing that it is asked, and its stream goes on',
  },
  encoderSendsNothing: {
    location: 'encoder',
    says: 'The encoder hangs: it is connected, and sends nothing or only now and then',
    prior: 0.04,
    makesBad: {
      mediaArrives: 0.95,
      encoderSendsAll: 0.85,
      platformReceives: 0.6,
      pace: 0.4,
      keepsUp: 0.2,
      flowsSteadily: 0.4,
    },
    remedy: [
      'Look at the encoder: does its picture still move, and does its time on the air go on?',
      'Stop the stream on the encoder and start it again; if that does not help, switch it off and on.',
      'Check whether something else runs on the encoding computer.',
    ],
    source:
      'The connection stands, its cache does not fill, and nothing comes: seen in the laboratory (`publisher-hangs`)',
  },
  encoderLosesServer: {
    location: 'encoder',
    says: 'The encoder has lost a server that can be reached: its stream has broken off, or it has no network of its own',
    prior: 0.04,
    makesBad: { mediaArrives: 0.97, encoderConnected: 0.9, encoderCacheLow: 0.5, platformReceives: 0.6 },
    remedy: [
      'Look at the encoder: does it connect again by itself?',
      'Stop the stream on the encoder and start it again; if that does not help, switch it off and on.',
      'Check its network cable, or put it on a cable instead of Wi-Fi.',
      'If it is turned away again: compare server and stream key with those of the server, and look for a second encoder that uses the key.',
    ],
    source:
      'The device says that it has no connection, while the server answers others and had taken its stream in: a publisher that ends looks so (`publisher-crashes` of the laboratory)',
  },
  encoderOverloaded: {
    location: 'encoder',
    says: 'The encoder cannot keep up: it leaves out frames, though its way out is wide enough',
    prior: 0.08,
    makesBad: { frames: 0.92, bitrate: 0.4, timestamps: 0.4, encoderSendsAll: 0.3, mediaArrives: 0.04, tracks: 0.02 },
    remedy: [
      'Close whatever else runs on the encoding computer.',
      'Choose a faster preset, a lower resolution or half the frame rate.',
      'Let the graphics card encode, where it can.',
    ],
    source:
      'Frames are missing on time: `realtimeRatio` near 1 and a flat drift (notes on dropped frames of the author of OBS)',
  },
  trackLost: {
    location: 'encoder',
    says: 'The encoder sends only one of picture and sound',
    prior: 0.04,
    makesBad: { tracks: 0.98, bitrate: 0.3, encoderSendsAll: 0.2 },
    remedy: [
      'Check that the encoder has both, picture and sound, as inputs, and that neither is switched off in its settings.',
      'Stop the stream on the encoder and start it again.',
    ],
    source: 'One connection carries both tracks: a network loses neither alone',
  },
  encoderSettings: {
    location: 'encoder',
    says: 'The encoder is set to what the platform does not take',
    prior: 0.1,
    makesBad: { settings: 0.98, frames: 0.03, platformReceives: 0.1 },
    remedy: ['Change the setting that is named, before the next event if this one can go on with it.'],
    source: 'The profiles in docs/profiles.md',
  },
  encoderSendsLess: {
    location: 'encoder',
    says: 'The encoder sends less than before, and all of it arrives: it has been set lower, or has less to encode',
    prior: 0.015,
    makesBad: { encoderSendsAll: 0.9, bitrate: 0.5 },
    remedy: [
      'Look at the bitrate that the encoder is set to: has somebody lowered it, or does it lower it by itself?',
      'Look at the picture that goes into it: one that is black or stands still needs less.',
      'Leave it so until the event is over, if the picture is good enough for viewers.',
    ],
    source: 'What the encoder sends and what arrives are equal and low: nothing in between holds it back',
  },
  encoderChanged: {
    location: 'encoder',
    says: 'The encoder has been started again with other settings',
    prior: 0.01,
    makesBad: { parametersKept: 0.97, mediaArrives: 0.05 },
    remedy: [
      'Ask whoever runs the encoder whether the change was meant.',
      'Set the encoder as before, at a pause of the event, if it was not.',
    ],
    source: 'Size, frame rate or codec change in no network: only who sends can change them',
  },
} as const satisfies Record<string, Cause>
