import { handover } from './handover.ts'

/**
 * What an encoder says that it does. `flushing`: it was told to stop and sends the rest of its cache. `interrupted`: it is
 * on the air, but has lost the platform and tries again.
 */
export const DEVICE_STATES = ['idle', 'connecting', 'streaming', 'flushing', 'interrupted'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

/** How an encoder is asked: REST, or the text protocol on port 9977. */
export type EncoderProtocol = 'rest' | 'ethernet'

/** What an encoder says of itself. Text is cut off at 64 characters; null where it does not say. */
export interface EncoderDevice {
  model: string | null
  /** The name that its owner gave it. */
  label: string | null
  software: string | null
}

/** Why nothing may be known of one. */
export const ENCODER_FAILURES = [
  'bad-answer',
  'no-livestreams',
  'not-allowed',
  'dns-failed',
  'no-resources',
  'late',
] as const
export type EncoderFailure = (typeof ENCODER_FAILURES)[number]

/** What is measured of one target of kind `encoder`. */
export interface EncoderMeasurements {
  /** Whether it answers now; null while unknown. */
  up: boolean | null
  /** Null while it does not answer. */
  deviceState: DeviceState | null
  /** As the device says. Some say a rate while they are idle, though nothing leaves them. */
  bytesPerSecond: number | null
  /** How full its cache is, 0 to 1. Null where the device does not say. */
  cacheUsedRatio: number | null
  /** Share of the cache by which it grows in a minute, from the last 20 s; null until there are 10 s to tell from. */
  cacheRisePerMinute: number | null
  /** Seconds on the air; null while idle. */
  duration: number | null
  /** As the device writes it, for example `1080p30`. */
  videoFormat: string | null
  device: EncoderDevice
  /** How it was asked; null until it has answered once. */
  protocol: EncoderProtocol | null
  /** Cumulative since the watch began. */
  total: {
    /** Times that it went on the air while watched. */
    broadcasts: number
  }
}

/** Before the first answer. */
export const NO_ENCODER: EncoderMeasurements = {
  up: null,
  deviceState: null,
  bytesPerSecond: null,
  cacheUsedRatio: null,
  cacheRisePerMinute: null,
  duration: null,
  videoFormat: null,
  device: { model: null, label: null, software: null },
  protocol: null,
  total: { broadcasts: 0 },
}

/** What a device is stays known while it is away; what it does is not. */
export const ENCODER_HANDOVER = handover<EncoderMeasurements>({
  up: 'moment',
  deviceState: 'moment',
  bytesPerSecond: 'moment',
  cacheUsedRatio: 'moment',
  cacheRisePerMinute: 'moment',
  duration: 'moment',
  videoFormat: 'stays',
  device: 'stays',
  protocol: 'stays',
  total: 'stays',
})
