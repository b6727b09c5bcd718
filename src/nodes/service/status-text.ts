import type { StatusWords } from '../../node-red/probe-status.ts'
import type { ServiceMeasurements } from '../../observation/service.ts'

/** What stands under a `service` node beside what stands under every probe node. */
export const SERVICE_STATUS: StatusWords<'service', ServiceMeasurements> = {
  valueText({ measurements: { durations, httpStatus } }, say) {
    const seconds = Object.values(durations).reduce<number>((sum, duration) => sum + (duration ?? 0), 0)
    const milliseconds = Math.max(1, Math.round(seconds * 1000))
    return httpStatus === null
      ? say('status.duration', { milliseconds })
      : say('status.statusAndDuration', { status: httpStatus, milliseconds })
  },
}
