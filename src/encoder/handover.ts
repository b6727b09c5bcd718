import type { EncoderMeasurements } from '../observation/encoder.ts'
import type { Handover } from '../observation/handover.ts'

export const NOTHING_MEASURED: EncoderMeasurements = {
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

/** What a device is stays known while it is away; what it does is not. Nothing is handed over only once. */
export const ENCODER_HANDOVER: Handover<EncoderMeasurements> = {
  withoutValues: ({ videoFormat, device, protocol, total }) => ({
    ...NOTHING_MEASURED,
    videoFormat,
    device,
    protocol,
    total,
  }),
  withoutNews: (measurements) => measurements,
  withNewsOf: (_older, newer) => newer,
}
