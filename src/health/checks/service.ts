import type { ServiceMeasurements } from '../../observation/service.ts'
import { hundredths, quantity } from '../../observation/words.ts'
import type { KindRules } from '../check.ts'
import { neverSeen } from './never-seen.ts'
import { notMeasured } from './probe.ts'
import { SERVICE_RELATIONS, withRelations } from './relations.ts'
import { nameNotFound, refused, timeout, tlsInvalid, unreachable, wrongAnswer } from './service-fault.ts'
import type { ServiceCheck, ServiceOptions } from './service-options.ts'

const DAY = 86_400

const tlsExpiring: ServiceCheck = {
  type: 'tlsExpiring',
  unit: 'days',
  severity: 'warning',
  weight: 10,
  limits: { enter: 14, enterHold: 0, clear: 15, clearHold: 0, window: null },
  worse: 'lower',
  warmUp: 'judged',
  resets: [],
  assess({ reading, options }, limits) {
    if (!options.verifyTls) return 'not-judged'
    const { certificate } = reading.measurements
    if (reading.outcome === 'unknown' || certificate === null) return 'unmeasured'
    // That is tlsInvalid.
    if (certificate.secondsLeft <= 0) return 'not-judged'
    const days = certificate.secondsLeft / DAY
    return { value: days, measured: hundredths(days), expected: `more than ${limits.enter}` }
  },
  summary: (finding, { reading }) => {
    const { certificate } = reading.measurements
    const date = certificate === null ? '' : ` (on ${new Date(certificate.expires * 1000).toISOString().slice(0, 10)})`
    return `The certificate expires in ${quantity(Math.floor(Number(finding.measured)), 'day')}${date} (expected ${finding.expected} days left)`
  },
  remedy: [
    'Renew the certificate on the server now: after that day encoders and players refuse it.',
    'If it should renew itself, check the log of the program that does so (certbot, acme.sh, the hosting panel).',
    'Restart the server after renewing, so that it uses the new one.',
  ],
  text: {
    measures: 'days until the first certificate of the chain expires, the root left out',
    window: () => 'the newest check',
    raised: (limits) => `${limits.enter} days or less`,
    cleared: (limits) => `${limits.clear} days or more`,
    why: "Programs that renew by themselves do so with a third of the time left, 30 of 90 days for Let's Encrypt: at 14 days they have failed for two weeks, and there is still time. Certificates of a few days need another limit.",
    blindTo: 'Not judged where the target does not verify TLS. One that has expired is tlsInvalid.',
  },
}

/** The table of checks of a service. A new check is a new row. */
export const SERVICE_CHECKS: readonly ServiceCheck[] = withRelations(
  [nameNotFound, unreachable, refused, timeout, tlsInvalid, tlsExpiring, wrongAnswer, notMeasured, neverSeen],
  SERVICE_RELATIONS,
)

export const SERVICE_RULES: KindRules<ServiceMeasurements, ServiceOptions> = {
  checks: SERVICE_CHECKS,
  tracked: () => ({ counters: {}, signatures: {}, lastSeen: null }),
  warmingUp: () => false,
  resets: {},
}
