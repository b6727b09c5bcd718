import type { PingConfig } from 'ping'
import builders from 'ping/lib/builder/factory.js'
import parsers from 'ping/lib/parser/factory.js'
import type { NetworkAddress } from '../../connection/connect.ts'
import type { FailureCode } from '../../observation/observation.ts'
import { explainShortage } from '../../programs/child.ts'

/** What a ping that ended says of its series. */
type PingOutput =
  /** Seconds, in the order of arrival. `said`: what a router answered instead of the host. */
  { read: true; roundTrips: number[]; said: string | null } | { read: false }

/** Lines; a series has 20 answers at most, and each may come with errors. */
const MOST_LINES = 200

/**
 * Reads what the system's ping prints. On Linux and macOS it has been asked for English; on Windows it speaks the
 * system's language, which the `ping` package reads by its form.
 *
 * @param config with which the arguments were made
 */
export function readPingOutput(
  stdout: string,
  address: string,
  config: PingConfig,
  platform: string = process.platform,
): PingOutput {
  const lines = stdout.split('\n').slice(0, MOST_LINES)
  try {
    const parser = parsers.createParser(address, platform, config)
    // A network that doubles packets has answered once.
    for (const line of lines) if (!line.includes('(DUP!)')) parser.eat(line)
    const { times, packetLoss } = parser.getResult()
    // Without the summary it was ended before its time.
    if (packetLoss === 'unknown' || times.includes('unknown')) return { read: false }
    const roundTrips = times.flatMap((time) => (typeof time === 'number' ? [time / 1000] : []))
    return { read: true, roundTrips, said: saidInstead(lines) }
  } catch {
    // The parser takes the form of some lines for granted.
    return { read: false }
  }
}

/** `Destination Host Unreachable from 192.0.2.1` of `From 192.0.2.1 icmp_seq=1 Destination Host Unreachable`. */
function saidInstead(lines: readonly string[]): string | null {
  const found = lines
    .map((line) => /^From ([0-9a-f.:%a-z]+):? icmp_seq=\d+ ([A-Za-z ,:]{1,80})/i.exec(line))
    .find(Boolean)
  return found ? `${found[2]?.trim()} (from ${found[1]})` : null
}

/** Seconds between two echoes of a series: the least that every ping allows without privileges. */
export const ECHO_SPACING = 0.2

/** The system's ping, called for one series. */
interface PingCommand {
  file: string
  args: string[]
  /** What its environment holds besides what every program gets. */
  env: Record<string, string>
  /** What the parser must know of the call. */
  config: PingConfig
}

/**
 * How the system's ping is asked for a series. Nothing of it comes from a user but a number and an IP address.
 *
 * @param count echoes, 1 to 20
 * @param wait whole seconds for the answer to the last echo
 * @returns null where the `ping` package does not know the platform's ping
 */
export function pingCommand(
  { address, family }: NetworkAddress,
  count: number,
  wait: number,
  platform: string = process.platform,
): PingCommand | null {
  if (!builders.isPlatformSupport(platform)) return null
  const windows = platform.startsWith('win')
  const linux = platform === 'linux' || platform === 'android'
  const v6 = family === 6
  // On Windows -i is the time to live, and echoes are 1 s apart.
  const spacing = windows ? [] : ['-i', String(ECHO_SPACING)]
  // Many distributions have no ping6 any more; their ping takes -6.
  const version = linux ? [`-${family}`] : []
  const config: PingConfig = { numeric: true, min_reply: count, timeout: wait, v6, extra: [...version, ...spacing] }
  const args = builders.createBuilder(platform).getCommandArguments(address, config)
  return { file: linux ? 'ping' : builders.getExecutablePath(platform, v6), args, env: { ...ENGLISH }, config }
}

/** Its output is read by its words. */
const ENGLISH = { LANG: 'C', LC_ALL: 'C' } as const

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
