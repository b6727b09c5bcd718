import type { FailureCode } from '../../observation/measurements.ts'
import { explainShortage } from '../../programs/start-failure.ts'

/** Why a series could not be sent: the monitor's own fault, which says nothing about the host. */
export interface PingFailure {
  code: FailureCode
  /** What is wrong and what to do, without secrets. */
  message: string
}

export const NO_PING: PingFailure = {
  code: 'no-ping',
  message:
    'There is no ping program on this system. Install it (on Debian: apt-get install iputils-ping), or watch a port of the host with a service node.',
}

export const ICMP_FORBIDDEN: PingFailure = {
  code: 'icmp-forbidden',
  message:
    'This system does not let ping send. In a container, allow it: Docker with cap_add: NET_RAW, or with the sysctl ' +
    'net.ipv4.ping_group_range="0 2147483647". Elsewhere look for a firewall rule against outgoing ICMP, or watch a port of the host with a service node.',
}

const NO_NETWORK: PingFailure = {
  code: 'no-network',
  message:
    'The computer on which this runs has no route to the host: its own network is down or not set up. Check its cable, its Wi-Fi and its addresses.',
}

/** What ping and the system say in English where the series was not sent, and on Windows in any language. */
const SAYINGS: readonly { pattern: RegExp; failure: PingFailure }[] = [
  { pattern: /operation not permitted|permission denied|lacking privilege|cap_net_raw/i, failure: ICMP_FORBIDDEN },
  { pattern: /network is (unreachable|down)|no route to host|cannot assign requested address/i, failure: NO_NETWORK },
  { pattern: /^PING: /m, failure: NO_NETWORK },
]

/** What kept ping from sending, by what it printed; null where that is not known. */
export function explainPing(printed: string): PingFailure | null {
  return SAYINGS.find(({ pattern }) => pattern.test(printed))?.failure ?? null
}

/** What kept the program from starting, by Node's error code. */
export function explainStart(code: string | undefined): PingFailure {
  if (code === 'ENOENT') return NO_PING
  // A file with capabilities that the container does not grant cannot even be started.
  if (code === 'EPERM' || code === 'EACCES') return ICMP_FORBIDDEN
  const shortage = explainShortage(code)
  if (shortage !== null) return { code: 'no-resources', message: `The ping program could not be started: ${shortage}.` }
  return { code: 'killed', message: `The ping program could not be started (${code ?? 'unknown error'}).` }
}
