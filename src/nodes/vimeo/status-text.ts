import type { Say, StatusWords } from '../../node-red/probe-status.ts'
import type { PlatformMeasurements } from '../../observation/platform.ts'

export const PLATFORM_STATUS: StatusWords<'platform', PlatformMeasurements> = {
  valueText({ measurements: { liveState, viewers } }, say: Say) {
    if (liveState === null) return null
    if (liveState === 'streaming' && viewers !== null) return say('status.viewers', { viewers })
    return say('status.value', { value: say(`live.${liveState}`) })
  },
  useless: { 'no-token': 'status.noToken', 'token-invalid': 'status.tokenInvalid' },
}
