import { MonitorError } from '../observation/errors.ts'
import { type Environment, variable } from '../secrets/variables.ts'

/**
 * Who finds and tells alerts: `none`: the monitor both; `direct`: the monitor finds, Alertmanager tells; `prometheus`:
 * Prometheus finds, Alertmanager tells, and the monitor shows.
 */
export type AlertMode =
  | { mode: 'none' }
  | { mode: 'direct'; alertmanagers: string[] }
  /** Without addresses nothing is known of silences, and nobody notices that Alertmanager stops but by its silence. */
  | { mode: 'prometheus'; alertmanagers: string[] }

/**
 * Reads ALERT_SOURCE and ALERTMANAGER_URLS.
 *
 * @throws MonitorError `invalid-alerting` that names the variable
 */
export function readMode(variables: Environment): AlertMode {
  const source = variable(variables, 'ALERT_SOURCE').toLowerCase() || 'direct'
  if (source !== 'direct' && source !== 'prometheus') {
    throw new MonitorError('invalid-alerting', 'ALERT_SOURCE must be direct or prometheus')
  }
  const alertmanagers = variable(variables, 'ALERTMANAGER_URLS')
    .split(/[\s,]+/)
    .filter((url) => url !== '')
  for (const url of alertmanagers) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new MonitorError(
        'invalid-alerting',
        'ALERTMANAGER_URLS must hold addresses that begin with http:// or https://',
      )
    }
  }
  if (source === 'prometheus') return { mode: 'prometheus', alertmanagers }
  return alertmanagers.length > 0 ? { mode: 'direct', alertmanagers } : { mode: 'none' }
}
