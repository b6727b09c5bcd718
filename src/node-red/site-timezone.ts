import { machineTimezone, parseTimezone } from '../observation/local-time.ts'
import { type Environment, variable } from '../secrets/variables.ts'

/**
 * The time zone of the site: what a monitor's dialog says, else TIMEZONE of the environment, else that of this computer.
 *
 * @param said IANA name; empty: nothing
 * @throws MonitorError `invalid-timezone` that says where it stands
 */
export function siteTimezone(said: string, environment: Environment): string {
  if (said !== '') return parseTimezone(said, 'The time zone of the monitor')
  const set = variable(environment, 'TIMEZONE')
  return set === '' ? machineTimezone() : parseTimezone(set, 'TIMEZONE')
}
