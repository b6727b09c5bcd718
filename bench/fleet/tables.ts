import type { Section } from '../section.ts'
import { seriesPerTarget, shippedRules } from './prometheus-load.ts'
import { balanceOf, movementOf, type Outage, outageOf, sharesOf, timesWatched } from './simulation.ts'
import { type Fleet, type FleetTarget, type KeyedBy, targetsOf } from './targets.ts'

const KEYS: readonly KeyedBy[] = ['name', 'room', 'site']

const KEY_NAMES: Readonly<Record<KeyedBy, string>> = {
  name: 'its name',
  room: 'its room',
  site: 'its site',
}

/** Everything that is found without a clock and without a network: the same each time. @param shards monitors */
export function simulate(fleet: Fleet, shards: number): Section[] {
  const keyed = KEYS.map((key) => {
    const targets = targetsOf(fleet, key)
    return { key, targets, shares: sharesOf(targets, shards) }
  })
  const [byName] = keyed
  if (byName === undefined) return []
  return [
    balance(fleet, keyed),
    movement(byName.targets, shards),
    prometheus(fleet, byName.shares),
    outages(fleet, keyed),
  ]
}

interface Keyed {
  key: KeyedBy
  targets: FleetTarget[]
  shares: FleetTarget[][]
}

function balance({ streamsPerRoom, streamsPerSite }: Fleet, keyed: readonly Keyed[]): Section {
  return {
    title: 'Balance',
    how: `Streams of each monitor, by what their \`shardKey\` is: nothing (the name counts), their room of ${streamsPerRoom} streams, or their site of ${streamsPerSite}. A gateway and an ingest of a site are asked by each monitor that has a stream of it.`,
    header: ['`shardKey`', 'fewest', 'mean', 'most', 'deviation', 'monitors that ask a gateway'],
    rows: keyed.map(({ key, shares }) => {
      const { fewest, mean, most, deviation } = balanceOf(shares)
      const numbers = [fewest, mean, most, deviation, timesWatched(shares, 'ping')].map(rounded)
      return [KEY_NAMES[key], ...numbers]
    }),
    goals: [],
  }
}

function movement(targets: readonly FleetTarget[], shards: number): Section {
  const changes = [
    ...[shards + 1, shards + 2, shards + 10, shards * 2].map((to) => [shards, to] as const),
    [shards, shards - 1] as const,
    [4, 5] as const,
  ]
  const streams = targets.filter(({ kind }) => kind === 'stream').length
  return {
    title: 'Another number of monitors',
    how: `Streams of ${streams} that another monitor reads afterwards, by their names.`,
    header: ['from', 'to', 'move', 'share', 'at least', 'between monitors that stay'],
    rows: changes.map(([from, to]) => {
      const { moved, between } = movementOf(targets, from, to)
      const least = Math.abs(to - from) / Math.max(to, from)
      return [String(from), String(to), String(moved), percent(moved / streams), percent(least), String(between)]
    }),
    goals: [],
  }
}

function prometheus(fleet: Fleet, shares: readonly (readonly FleetTarget[])[]): Section {
  const series = seriesPerTarget()
  const rules = shippedRules()
  const all = shares.flat()
  const of = (kind: keyof typeof series) => all.filter((target) => target.kind === kind).length * series[kind]
  const total = of('stream') + of('ping') + of('service')
  const streams = fleet.sites * fleet.streamsPerSite
  return {
    title: 'Prometheus',
    how: `A healthy stream has ${series.stream} series without its content, a host ${series.ping}, a service ${series.service}; those of the monitors themselves are not in it. ${rules.alerts} alerts and ${rules.recordings} recordings are evaluated, of which each stream has ${rules.perStream} series. Scraped once a second.`,
    header: [
      'Prometheus servers that share the monitors',
      'monitors each',
      'series each',
      'samples/s each',
      'rules/s each',
      'recorded series each',
    ],
    rows: [1, 2, 4, 5, 8].map((servers) =>
      [
        servers,
        shares.length / servers,
        total / servers,
        total / servers,
        rules.perSecond,
        (streams * rules.perStream) / servers,
      ].map(rounded),
    ),
    goals: [],
  }
}

function outages(fleet: Fleet, keyed: readonly Keyed[]): Section {
  const everySite = new Set(Array.from({ length: fleet.sites }, (_, site) => site))
  const cases: [string, ReadonlySet<number>][] = [
    ['one site', new Set([7])],
    ['half of the sites', new Set([...everySite].filter((site) => site < fleet.sites / 2))],
    ['all sites', everySite],
  ]
  return {
    title: 'Outages of whole sites',
    how: 'All streams, the ingest and the gateway of a site are down. What each monitor takes for one incident by itself is told once by it.',
    header: ['what fails', '`shardKey`', 'monitors that see it', 'alerts', 'incidents, each monitor by itself'],
    rows: cases.flatMap(([what, sites]) =>
      keyed.map(({ key, shares }) => [what, KEY_NAMES[key], ...numbersOf(outageOf(shares, sites))]),
    ),
    goals: [],
  }
}

function numbersOf({ shards, alerts, incidents }: Outage): string[] {
  return [shards, alerts, incidents].map(String)
}

function rounded(number: number): string {
  return Number.isInteger(number) || number >= 1000 ? String(Math.round(number)) : number.toFixed(1)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
