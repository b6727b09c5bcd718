import type { ClipName } from './clips.ts'

/**
 * What becomes of the demo's encoder. `interrupted`: it has lost its connection and tries again. `stalled`: it hangs,
 * is connected and makes nothing. `squeezed`: less leaves it than it makes, and the rest waits in its cache. `restarted`: it was stopped and started.
 * `stopped`: somebody has stopped it.
 */
export type EncoderAct = 'streams' | 'interrupted' | 'stalled' | 'squeezed' | 'restarted' | 'stopped'

/** What becomes of the demo's live event. `deaf`: it receives nothing. `silent`: its API fails. `ends`: it is ended. */
export type PlatformAct = 'deaf' | 'silent' | 'ends'

/** Something that happens to an encoder in the field, caused on purpose. `normal` is the way back. */
export interface Fault {
  /** As in `POST /faults/<name>`. */
  name: string
  /** What its button says. */
  button: string
  /** What is happening, for a person. */
  title: string
  /** What the monitor should show of it. */
  expect: string
  /** What becomes of the publisher. Only a running one plays a clip. */
  publisher: { is: 'running'; clip: ClipName; audio: boolean } | { is: 'frozen' } | { is: 'stopped' }
  /** Without it, the encoder streams. */
  encoder?: EncoderAct
  /** Without it, the platform takes in what the publisher sends. */
  platform?: PlatformAct
}

const running = (clip: ClipName, audio = true) => ({ is: 'running', clip, audio }) as const

export const NORMAL: Fault = {
  name: 'normal',
  button: 'Back to normal',
  title: 'No fault',
  expect: 'State ok: 1280x720, 30 frames/s, 2 Mb/s, a key frame every 2 s.',
  publisher: running('normal'),
}

export const FAULTS: readonly Fault[] = [
  NORMAL,
  {
    name: 'stop-publisher',
    button: 'Stop the publisher',
    title: 'The publisher was stopped',
    expect: 'Up falls to 0 within 3 s; streamStalled, then streamOffline; the encoder says encoderInterrupted.',
    publisher: { is: 'stopped' },
    encoder: 'interrupted',
  },
  {
    name: 'freeze-publisher',
    button: 'Freeze the publisher',
    title: 'The publisher hangs and keeps its connection',
    expect:
      'Up falls to 0 within 3 s though nothing was closed; streamStalled, then streamOffline; the encoder says encoderBitrateLow.',
    publisher: { is: 'frozen' },
    encoder: 'stalled',
  },
  {
    name: 'halve-bitrate',
    button: 'Halve the bitrate',
    title: 'The encoder sends 1 Mb/s and declares 2 Mb/s',
    expect:
      'Received bytes per second fall to half within 10 s, the declared ones stay; then encoderBitrateLow within 10 s.',
    publisher: running('halfBitrate'),
  },
  {
    name: 'drop-frame-rate',
    button: 'Drop the frame rate',
    title: 'The encoder sends 15 frames/s',
    expect: 'Frames per second fall from 30 to 15 within 10 s.',
    publisher: running('halfFrameRate'),
  },
  {
    name: 'stretch-gop',
    button: 'Stretch the GOP',
    title: 'The encoder sends a key frame every 4 s',
    expect:
      'The key frame interval grows from 2 s to 4 s within 8 s: gopSizeOver, because the profile of the demo takes 2 s at most.',
    publisher: running('longGop'),
  },
  {
    name: 'remove-audio',
    button: 'Remove the audio',
    title: 'The encoder sends no audio',
    expect: 'Received bytes of audio stand still; noAudioStream within 15 s.',
    publisher: running('normal', false),
  },
  {
    name: 'change-size',
    button: 'Restart with another size',
    title: 'The encoder was restarted with 854x480',
    expect: 'A publisher restart; width and height are others; parametersChanged.',
    publisher: running('otherSize'),
    encoder: 'restarted',
  },
  {
    name: 'narrow-uplink',
    button: 'Narrow the uplink',
    title: 'The uplink carries half of what the encoder sends',
    expect: 'The stream is well, but the cache of the encoder fills: encoderCacheHigh, before anything is lost.',
    publisher: running('normal'),
    encoder: 'squeezed',
  },
  {
    name: 'end-event',
    button: 'End the event',
    title: 'Somebody has stopped the stream on the encoder',
    expect: 'The encoder is idle and the stream is off: nobody expects it any more, so nothing is at fault.',
    publisher: { is: 'stopped' },
    encoder: 'stopped',
    platform: 'ends',
  },
  {
    name: 'lose-at-vimeo',
    button: 'Lose it at Vimeo',
    title: 'Vimeo receives nothing, though the encoder sends',
    expect: 'The encoder and the stream are well, but nobody can watch: ingestNotReceiving within a minute.',
    publisher: running('normal'),
    platform: 'deaf',
  },
  {
    name: 'silence-vimeo',
    button: 'Silence Vimeo',
    title: "Vimeo's API fails",
    expect: 'The stream is well; what Vimeo does is not known: platformUnreachable within 10 s.',
    publisher: running('normal'),
    platform: 'silent',
  },
]
