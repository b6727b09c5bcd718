import type { PingConfig } from 'ping'
import builders from 'ping/lib/builder/factory.js'
import type { NetworkAddress } from '../../connection/connect.ts'

/** Seconds between two echoes of a series: the least that every ping allows without privileges. */
export const ECHO_SPACING = 0.2

/** The system's ping, called for one series. */
export interface PingCommand {
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
