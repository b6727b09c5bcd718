import type { PlatformMeasurements } from '../../observation/platform.ts'
import type { Check, CheckContext } from '../check.ts'
import type { OtherTargets } from '../other.ts'

/** What a platform's target says that its checks need to know. */
export interface PlatformOptions {
  /** Names of targets: the encoders among them send to this event. */
  dependsOn: readonly string[]
}

export type PlatformCheck = Check<PlatformMeasurements, PlatformOptions>
export type PlatformContext = CheckContext<PlatformMeasurements, PlatformOptions>

/** An encoder that sends to the event, as it is now. */
export interface SendingEncoder {
  name: string
  /** Seconds since it went on the air; null where it does not say. */
  duration: number | null
}

/**
 * The encoder that is on the air, of those that belong to the event: the ones that the platform's entry names under
 * `dependsOn`, and the ones that a stream names there which is shown by this platform. `none`: there is no such encoder, or
 * none that says freshly what it does; `unknown`: one is connecting or has lost its connection; `idle`: all are.
 */
export function sendingEncoder(
  dependsOn: readonly string[],
  others: OtherTargets,
): SendingEncoder | 'none' | 'unknown' | 'idle' {
  const names = new Set([...dependsOn, ...others.dependents('stream').flatMap((stream) => stream.dependsOn)])
  let found: 'none' | 'unknown' | 'idle' = 'none'
  for (const name of names) {
    const encoder = others.get('encoder', name)
    if (encoder === null) continue
    const { deviceState, duration } = encoder.measurements
    if (deviceState === 'streaming') return { name, duration }
    if (deviceState === 'idle' && found === 'none') found = 'idle'
    if (deviceState !== 'idle') found = 'unknown'
  }
  return found
}
