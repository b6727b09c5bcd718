import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Observation } from '../src/observation/observation.ts'
import { until } from '../test/fixtures/wait.ts'
import { memoryOf, slice } from './cost.ts'
import { type LoopDelay, type MonitorStart, type MonitorUnderTest, startMonitorOf } from './monitor.ts'
import type { Section } from './section.ts'
import { percentile } from './statistics.ts'

/** Default intervals of `targets.schema.json`, seconds. */
const INTERVAL = { ping: 5, service: 10 } as const

/** Seconds after the start, within which every host and service has answered. */
const STEADY_WITHIN = 120
/** Seconds between two looks at the newest observations. */
const LOOK_EVERY = 0.5

export interface SurroundingsOptions {
  hosts: number
  services: number
  seconds: number
}

interface Found {
  cores: number
  memory: number
  /** By kind: seconds by which each observation came later than its interval after the one before. */
  late: Record<'ping' | 'service', number[]>
  delay: LoopDelay
}

/** Many hosts and services at their default intervals: what that costs, and whether each is asked in time. */
export async function surroundings(start: MonitorStart, options: SurroundingsOptions): Promise<Section> {
  const { hosts, services } = options
  const server = http.createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const monitor = await startMonitorOf(start, {
    // All of 127.0.0.0/8 answers.
    hosts: Array.from({ length: hosts }, (_, index) => ({ name: `host-${index}`, address: `127.0.1.${index + 1}` })),
    services: Array.from({ length: services }, (_, index) => ({
      ...{ name: `service-${index}`, url: `http://127.0.0.1:${port}/${index}` },
    })),
  })
  try {
    let states: string[] = []
    const isSteady = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      states = (await newest(monitor)).map(({ state }) => state)
      // On a machine that is busy with other things round trips may be too long for `ok`.
      return states.filter((state) => state === 'ok' || state === 'degraded').length === hosts + services
    }
    await until(isSteady, STEADY_WITHIN, () => `all answer: ${JSON.stringify(countsOf(states))}`)
    return sectionOf(options, await measure(monitor, options.seconds))
  } finally {
    await monitor.stop()
    server.close()
  }
}

function countsOf(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

async function newest(monitor: MonitorUnderTest): Promise<Observation[]> {
  const response = await fetch(monitor.url('/api/v1/status'))
  return ((await response.json()) as { targets: Observation[] }).targets
}

async function measure(monitor: MonitorUnderTest, seconds: number): Promise<Found> {
  const times = new Map<string, number>()
  const late: Found['late'] = { ping: [], service: [] }
  const look = async () => {
    for (const { kind, target, time } of await newest(monitor)) {
      if (kind !== 'ping' && kind !== 'service') continue
      const at = Date.parse(time) / 1000
      const before = times.get(`${kind}/${target}`)
      if (before !== undefined && at > before) late[kind].push(Math.max(0, at - before - INTERVAL[kind]))
      times.set(`${kind}/${target}`, at)
    }
  }
  await monitor.loopDelay()
  const looking = setInterval(() => void look().catch(() => {}), LOOK_EVERY * 1000)
  try {
    const { trees } = await slice([[monitor.pid]], seconds)
    return { cores: trees[0] ?? Number.NaN, memory: memoryOf([monitor.pid]), late, delay: await monitor.loopDelay() }
  } finally {
    clearInterval(looking)
  }
}

function sectionOf({ hosts, services, seconds }: SurroundingsOptions, { cores, memory, late, delay }: Found): Section {
  const ms = (value: number) => `${(value * 1000).toFixed(1)} ms`
  const row = (kind: keyof typeof late) => {
    const values = late[kind]
    return [`${kind}: later than its interval`, ...[0.5, 0.99, 1].map((share) => ms(percentile(values, share)))]
  }
  const goal = (kind: keyof typeof late) => {
    const longest = percentile(late[kind], 1)
    return {
      what: `no ${kind} late by more than its interval`,
      measured: ms(longest),
      reached: longest <= INTERVAL[kind],
    }
  }
  return {
    title: 'Hosts and services',
    how:
      `${hosts} hosts (5 echoes every 5 s) and ${services} HTTP services (every 10 s) on loopback, ${seconds} s: ` +
      `${(cores * 100).toFixed(1)} % of one core and ${(memory / 1e6).toFixed(0)} MB (PSS), everything counted: npm ` +
      `start's script, the application, Node-RED, each ping, and a look at /api/v1/status twice a second. ` +
      `${late.ping.length + late.service.length} observations.`,
    header: ['what', 'p50', 'p99', 'longest'],
    rows: [
      row('ping'),
      row('service'),
      ["delay of Node-RED's event loop", ms(delay.p50), ms(delay.p99), ms(delay.max)],
    ],
    goals: [goal('ping'), goal('service')],
  }
}
