/**
 * Watches one target of every kind on each server that it is given as JSON, `[{name, host, port, tls}]`, as the nodes do,
 * and writes every observation as a line of JSON. A target is called `<kind>-<name>`.
 */
import ffprobeInstaller from '@ffprobe-installer/ffprobe'
import { KINDS } from '../../src/kinds/kinds.ts'
import { WATCHES } from '../../src/kinds/probes.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Watch } from '../../src/monitor/watch.ts'
import { systemClock } from '../../src/observation/clock.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { VimeoAccount } from '../../src/platform/vimeo-account.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'

export interface Place {
  name: string
  host: string
  port: number
  tls: boolean
}

function follow<K extends Kind, M>(watch: Watch<K, M>): void {
  watch.attach({ observed: (observation) => console.log(JSON.stringify(observation)), happened: () => {} })
  watch.start()
}

/** A way to watch for each kind: one that is new has to be here before this compiles. */
const WATCHED: { [K in Kind]: (place: Place) => void } = {
  stream: (place) => {
    // The application's own, which we look up names for, and the system's, which looks them up itself.
    for (const [build, path] of [
      ['static', ffprobeInstaller.path],
      ['system', 'ffprobe'],
    ] as const) {
      const url = `${place.tls ? 'rtmps' : 'rtmp'}://${place.host}:${place.port}/live/one`
      const target = { name: `stream-${place.name}-${build}`, url, expected: 'always' }
      follow(WATCHES.stream(stateOf(place), path)(parseTarget(KINDS.stream, target), '', null))
    }
  },
  ping: (place) => {
    const target = parseTarget(KINDS.ping, { ...named('ping', place), address: place.host, interval: 2, count: 1 })
    follow(WATCHES.ping(stateOf(place))(target, '', null))
  },
  service: (place) => {
    const target = { ...named('service', place), url: web(place), interval: 2, timeout: 3 }
    follow(WATCHES.service(stateOf(place))(parseTarget(KINDS.service, target), '', null))
  },
  bandwidth: (place) => {
    const target = { ...named('bandwidth', place), url: web(place), direction: 'down', interval: 60, seconds: 3 }
    follow(WATCHES.bandwidth(stateOf(place))(parseTarget(KINDS.bandwidth, target), '', null))
  },
  encoder: (place) => {
    const target = { ...named('encoder', place), address: `${place.host}:${place.port}`, interval: 2 }
    follow(WATCHES.encoder(stateOf(place))(parseTarget(KINDS.encoder, { ...target, expected: 'always' }), '', null))
  },
  platform: (place) => {
    const { host: hostname, port, tls } = place
    const address = { protocol: tls ? 'https:' : 'http:', hostname, port: String(port) } as const
    const access = async () => ({ token: 'token', address })
    const account = new VimeoAccount({ clock: systemClock, access, timeout: 4 })
    const target = parseTarget(KINDS.platform, { ...named('platform', place), liveEvent: '1', interval: 5 })
    follow(WATCHES.platform(stateOf(place), account)(target, '', null))
  },
}

/** A monitor for each place: one test of bandwidth runs at a time in one. */
const states = new Map<string, MonitorState>()

function stateOf({ name }: Place): MonitorState {
  const state = states.get(name) ?? new MonitorState(name, KINDS)
  states.set(name, state)
  return state
}

function named(kind: Kind, { name }: Place): { name: string } {
  return { name: `${kind}-${name}` }
}

function web({ host, port, tls }: Place): string {
  return `${tls ? 'https' : 'http'}://${host}:${port}/`
}

for (const place of JSON.parse(process.argv[2] ?? '[]') as Place[]) {
  for (const watch of Object.values(WATCHED)) watch(place)
}
