import type { PingConfig } from 'ping'
import parsers from 'ping/lib/parser/factory.js'

/** What a ping that ended says of its series. */
export type PingOutput =
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
