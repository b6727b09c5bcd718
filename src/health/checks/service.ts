import type { ServiceFaultKind, ServiceMeasurements } from '../../observation/service.ts'
import { hundredths, quantity, truncate } from '../../observation/words.ts'
import type { Check, KindRules } from '../check.ts'
import { neverSeen, notMeasured } from './every-kind.ts'
import { SERVICE_RELATIONS, withRelations } from './relations.ts'
import { unusual } from './unusual.ts'

/** What a service's target says that its checks need to know. */
interface ServiceOptions {
  /** Whether a certificate matters. */
  verifyTls: boolean
}

type ServiceCheck = Check<ServiceMeasurements, ServiceOptions>

interface FaultRow extends Pick<ServiceCheck, 'type' | 'weight' | 'remedy'> {
  kind: ServiceFaultKind
  /** Seconds that it must last: one lost answer may be chance. */
  hold?: number
  text: { measures: string; raised: string; why: string; blindTo: string }
}

/** A row about one way in which a service fails: the newest check decides, as far as it got. */
function faultCheck({ kind, hold = 0, text, ...row }: FaultRow): ServiceCheck {
  return {
    ...row,
    severity: 'error',
    limits: { enter: null, enterHold: hold, clear: null, clearHold: 0, window: null },
    worse: 'higher',
    warmUp: 'judged',
    resets: [],
    assess({ reading }) {
      if (reading.outcome === 'present') return { value: false }
      const { fault } = reading.measurements
      if (reading.outcome === 'unknown' || fault === null) return 'unmeasured'
      // Another fault does not end this one: the service is still down. It takes its place.
      if (fault.kind !== kind) return 'unmeasured'
      return { value: true, measured: fault.measured ?? fault.kind, expected: fault.expected ?? 'an answer' }
    },
    summary(_finding, { reading: { measurements } }) {
      const { fault } = measurements
      if (fault === null) return 'The service cannot be used'
      const expected = fault.expected === undefined ? '' : ` (expected ${fault.expected})`
      return `The service cannot be used: ${truncate(fault.message, 300)}${expected}`
    },
    text: {
      ...text,
      window: () => 'the newest check',
      raised: () => text.raised,
      cleared: () => 'a check without a fault; one with another fault takes its place',
    },
  }
}

const COMPARE = 'Compare protocol, name and port with what the encoder or the platform says.'

const nameNotFound = faultCheck({
  type: 'nameNotFound',
  weight: 60,
  kind: 'name-not-found',
  remedy: [
    'Look for a typing error in the name of the server.',
    'Look the name up on another computer and with another name service (nslookup name 1.1.1.1).',
    'If it is your own server, check its DNS entry, and whether the domain has been paid for.',
  ],
  text: {
    measures: 'whether the name service knows the name of the server',
    raised: 'the name service says that there is no such name, or none with an address',
    why: 'Nobody who does not know the address already can connect. It is the name service that says so, so no second check is waited for.',
    blindTo: 'A name service that does not answer: that is the monitor that cannot look, and the state is unknown.',
  },
})

const unreachable = faultCheck({
  type: 'unreachable',
  weight: 60,
  kind: 'unreachable',
  hold: 5,
  remedy: [
    'Check whether the host is on and connected to its network.',
    'Open a web page on the computer on which the monitor runs: does its own network work?',
    COMPARE,
    'Mark a host that always answers, such as the router, as control host: then the monitor tells its own network from the server.',
  ],
  text: {
    measures: 'whether there is a way to the host',
    raised: 'a router, or the own network, says that the host cannot be reached',
    why: 'It may be one lost answer, so a second check is waited for. The state is down at once.',
    blindTo: 'Which part of the way is at fault. It becomes unknown where a control host does not answer either.',
  },
})

const refused = faultCheck({
  type: 'refused',
  weight: 60,
  kind: 'refused',
  remedy: [
    'Check whether the server program runs on the host, and start it.',
    COMPARE,
    'Check whether a firewall turns the connection away.',
  ],
  text: {
    measures: 'whether the port accepts connections',
    raised: 'the host answers that nothing listens on the port',
    why: 'The host itself says so, so no second check is waited for.',
    blindTo: 'A firewall that answers in the place of the server looks the same.',
  },
})

const timeout = faultCheck({
  type: 'timeout',
  weight: 60,
  kind: 'timeout',
  hold: 5,
  remedy: [
    'Read in the summary how far it got: without a connection, check the host and firewalls; with one, the server program.',
    'Restart the server program if it accepts connections and does not answer.',
    COMPARE,
    'If the server is slow at times and that is fine, give it a longer timeout.',
  ],
  text: {
    measures: 'whether all phases together end within the timeout',
    raised: 'they do not: nothing answers the connection, or the server stops answering in a later phase',
    why: 'A firewall that swallows packets, a host that is off and a server that hangs all look like this; the phase tells them apart. It may be one lost answer, so a second check is waited for. The state is down at once.',
    blindTo: 'Servers that are slow but within the timeout: check the durations of the phases.',
  },
})

const tlsInvalid = faultCheck({
  type: 'tlsInvalid',
  weight: 60,
  kind: 'tls-invalid',
  remedy: [
    'Look in the summary what is wrong: the date, the name or the authority.',
    'Renew the certificate on the server, with all certificates between it and the authority, and restart the server.',
    'Use the name for which the certificate was made in the address.',
    'If the clock of the computer on which the monitor runs is wrong, set it.',
    'If the certificate is your own and meant to be so, let Node.js know its authority (NODE_EXTRA_CA_CERTS), or switch off "Verify TLS" for this service.',
  ],
  text: {
    measures:
      'whether the certificate can be trusted: its dates, its name and its chain; and whether both sides agree on TLS',
    raised:
      'the certificate has expired, is for another name, or nobody known vouches for it; or there is no common version of TLS',
    why: 'Encoders, browsers and players refuse such a server, so it is down. Nothing is sent over such a connection.',
    blindTo:
      'Certificates that have been revoked: Node.js does not ask. Not judged where the target does not verify TLS.',
  },
})

const wrongAnswer = faultCheck({
  type: 'wrongAnswer',
  weight: 60,
  kind: 'wrong-answer',
  remedy: [
    'Read in the summary what came instead: that names the program that answers on this port.',
    COMPARE,
    'Of RTMP, compare the application (the first part of the path) with what the server is set up for.',
    "Of HTTP, open the address in a browser, and check the server's own log.",
  ],
  text: {
    measures:
      'whether the server answers as its protocol and the target say: TLS, the RTMP handshake and `connect`, the HTTP status and body',
    raised:
      'another protocol, an application that is turned away, another status, a body without the text, or a connection that breaks off',
    why: 'The server has answered, so no second check is waited for. What it offers cannot be used, so it is down.',
    blindTo: 'Whether a stream key is accepted: none is ever sent.',
  },
})

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
  [nameNotFound, unreachable, refused, timeout, tlsInvalid, tlsExpiring, wrongAnswer, notMeasured, neverSeen, unusual],
  SERVICE_RELATIONS,
)

export const SERVICE_RULES: KindRules<ServiceMeasurements, ServiceOptions> = {
  checks: SERVICE_CHECKS,
  tracked: () => ({ counters: {}, signatures: {}, lastSeen: null }),
  warmingUp: () => false,
  resets: {},
}
