import type { Content, EndedSpan } from '../../observation/content.ts'
import { type FindingsListener, RULES } from './rules.ts'
import { MediaClock, Span } from './span.ts'

/** One channel over a stretch of sound, as 16 bits: what is louder than full scale is cut off there. */
export interface Channel {
  /** dBFS of the largest sample. */
  peak: number
  /** dBFS, root mean square. */
  level: number
  /** How many samples are as large as the largest. */
  atPeak: number
}

/** dBFS. Digital silence has no level; this is far below the smallest step of 16 bits. */
const FLOOR = -120

const DIGITAL_SILENCE: Channel = { peak: FLOOR, level: FLOOR, atPeak: 0 }

/**
 * Whether its sound is cut off at full scale: too many samples are there, or the wave is squarer than any tone. A
 * limiter that keeps sound just below does not do that; nor, after AAC, do a few decibels too much.
 *
 * @param of samples that the channel has in the stretch
 */
function isClipped({ peak, level, atPeak }: Channel, of: number): boolean {
  const { fullScale, samples, nearFullScale, crest } = RULES.clipping
  if (peak >= fullScale && atPeak >= samples * of) return true
  return peak >= nearFullScale && peak - level < crest
}

/** The last finding of each half second of sound. */
export const SOUND_HEARD = 'hmonitor.heard'
/** Seconds of sound that each finding is about, and of which the last part has the time stamp. */
export const BLOCK = 0.5
export const PART = 0.1

/** Channels that are told apart. */
const MOST_CHANNELS = 16
/** LUFS: the absolute gate (ITU-R BS.1770-4, annex 1). What is below is as good as nothing. */
const ABSOLUTE_GATE = -70

const CHANNEL_ENTRY = /^lavfi\.astats\.(\d{1,2})\.(\w+)$/

interface Loudness {
  momentary: number | null
  shortTerm: number | null
  integrated: number | null
}

type Found = Omit<Content, 'pictures' | 'age' | 'black' | 'frozen' | 'endedSpans'>

const NOTHING: Found = {
  silent: null,
  oneSided: null,
  silentSide: null,
  clipping: null,
  loudness: null,
  momentaryLoudness: null,
  integratedLoudness: null,
  peak: null,
  spans: {},
}

const UNKNOWN: Loudness = { momentary: null, shortTerm: null, integrated: null }

/** Judges sound from the findings of astats (levels of each channel) and ebur128 (loudness). */
export class Sound implements FindingsListener {
  readonly #clock = new MediaClock()
  readonly #silent: Span
  readonly #oneSided: Span
  readonly #clipping: Span
  readonly #heard: () => void
  #number = -1
  #channels: Channel[] = []
  /** Per channel. */
  #samples = 0
  /** Which channels are silent: between two levels they stay as they were. */
  #silentChannels: boolean[] = []
  /** Times at which clipped half seconds ended, the newest `RULES.clipping.within`. */
  #clipped: number[] = []
  #found: Record<'silent' | 'oneSided' | 'clipping', boolean | null> | null = null
  #silentSide: 'left' | 'right' | null = null
  #loudness: Loudness = UNKNOWN
  #peak: number | null = null

  /** @param heard called for every half second that was listened to */
  constructor(ended: (span: EndedSpan) => void, heard: () => void) {
    this.#silent = new Span('silent', this.#clock, ended)
    this.#oneSided = new Span('oneSided', this.#clock, ended)
    this.#clipping = new Span('clipping', this.#clock, ended)
    this.#heard = heard
  }

  frame(number: number, time: number): void {
    if (number <= this.#number) this.begin()
    this.#number = number
    this.#clock.advance(time + PART)
    this.#channels = []
    this.#samples = 0
  }

  entry(key: string, value: string): void {
    if (key === SOUND_HEARD) this.#settle()
    else if (key === 'lavfi.r128.M') this.#loudness = { ...this.#loudness, momentary: loudness(value) }
    else if (key === 'lavfi.r128.S') this.#loudness = { ...this.#loudness, shortTerm: loudness(value) }
    else if (key === 'lavfi.r128.I') this.#loudness = { ...this.#loudness, integrated: loudness(value) }
    else if (key === 'lavfi.astats.Overall.Number_of_samples') this.#samples = Number(value) || 0
    else this.#channelEntry(key, value)
  }

  /** Nothing is known any more: media stalled, or another publisher began. */
  cut(): void {
    for (const span of [this.#silent, this.#oneSided, this.#clipping]) span.cut()
    this.#found = null
    this.#clipped = []
    this.#silentSide = null
    this.#peak = null
    this.#loudness = UNKNOWN
  }

  /** @param known false where what is known is too old */
  read(known: boolean): Found {
    if (!known || this.#found === null) return NOTHING
    const [silent, oneSided, clipping] = [this.#silent.current, this.#oneSided.current, this.#clipping.current]
    return {
      ...this.#found,
      silentSide: this.#silentSide,
      loudness: this.#loudness.shortTerm,
      momentaryLoudness: this.#loudness.momentary,
      integratedLoudness: this.#loudness.integrated,
      peak: this.#peak,
      spans: { ...(silent ? { silent } : {}), ...(oneSided ? { oneSided } : {}), ...(clipping ? { clipping } : {}) },
    }
  }

  /** The filters begin anew: in a new session, or with another sample rate or number of channels. */
  begin(): void {
    this.cut()
    this.#silentChannels = []
    this.#number = -1
  }

  #channelEntry(key: string, value: string): void {
    const [, number, name] = CHANNEL_ENTRY.exec(key) ?? []
    const index = Number(number) - 1
    if (!(index >= 0 && index < MOST_CHANNELS)) return
    const channel = this.#channels[index] ?? { ...DIGITAL_SILENCE }
    this.#channels[index] = channel
    if (name === 'Peak_level') channel.peak = decibels(value)
    else if (name === 'RMS_level') channel.level = decibels(value)
    else if (name === 'Peak_count') channel.atPeak = Number(value) || 0
  }

  #settle(): void {
    const channels = Array.from(this.#channels, (channel) => channel ?? DIGITAL_SILENCE)
    if (channels.length === 0) return
    this.#heard()
    this.#peak = Math.max(...channels.map(({ peak }) => peak))
    this.#silentChannels = channels.map(
      ({ level }, index) => level < (this.#silentChannels[index] ? RULES.silent.clear : RULES.silent.level),
    )
    const before = this.#found
    const isSilent = this.#silentChannels.every(Boolean)
    this.#follow(this.#silent, isSilent, RULES.silent.shortest)
    const isOneSided = this.#isOneSided(channels)
    this.#follow(this.#oneSided, isOneSided, RULES.oneSided.shortest)
    const isClipping = channels.some((channel) => isClipped(channel, this.#samples))
    this.#followClipping(isClipping)
    this.#silentSide = this.#oneSided.counts ? (this.#silentChannels[0] ? 'left' : 'right') : null
    this.#found = {
      silent: faultOf(this.#silent, isSilent, before?.silent),
      oneSided: faultOf(this.#oneSided, isOneSided, before?.oneSided),
      clipping: faultOf(this.#clipping, isClipping, before?.clipping),
    }
  }

  #isOneSided(channels: readonly Channel[]): boolean {
    const [left, right] = this.#silentChannels
    if (channels.length !== 2 || left === right) return false
    return (channels[left ? 1 : 0]?.level ?? FLOOR) > RULES.oneSided.other
  }

  #follow(span: Span, isFaulty: boolean, shortest: number): void {
    const began = this.#clock.timeBefore(BLOCK)
    if (isFaulty) span.extend(began, shortest)
    else span.end(began)
  }

  #followClipping(isFaulty: boolean): void {
    const { time } = this.#clock
    const { least, within, clear } = RULES.clipping
    if (isFaulty) this.#clipped.push(time)
    this.#clipped = this.#clipped.filter((clipped) => time - clipped < within)
    const [first, newest] = [this.#clipped[0], this.#clipped.at(-1)]
    if (first === undefined || newest === undefined || time - newest >= clear) this.#clipping.end(newest ?? time)
    else if (this.#clipping.counts || this.#clipped.length >= least)
      this.#clipping.extend(Math.max(0, first - BLOCK), 0)
  }
}

/** What began faulty, and not for long enough to count, may have been so before anybody listened: it is not known. */
function faultOf(span: Span, isFaulty: boolean, before: boolean | null | undefined): boolean | null {
  if (span.counts) return true
  return isFaulty ? (before ?? null) : false
}

/** LUFS; null where there is no more than the gate lets pass. */
function loudness(text: string): number | null {
  const value = text === '' ? Number.NaN : Number(text)
  return value > ABSOLUTE_GATE && value < 100 ? value : null
}

function decibels(text: string): number {
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? Math.max(FLOOR, value) : FLOOR
}
