/** The places at which a fault can be, in words. */
import { CAUSES } from '../src/diagnosis/causes.ts'
import type { Location } from '../src/observation/diagnosis.ts'

export const PLACES: Readonly<Record<Location, string>> = {
  operator: 'nobody streams: stopped, idle, over; nothing is broken',
  source: 'camera, mixer, microphone: picture or sound is missing while everything carries',
  encoder: 'dead, overloaded, set wrongly',
  'venue-network': "LAN, Wi-Fi or gateway on the encoder's side",
  uplink: 'the line from the venue to the server: narrow, lossy, cut',
  'name-service': 'DNS, or the certificate',
  server: 'the relay or ingest: dead, full, refuses, forwards badly',
  platform: 'takes or shows nothing, or its API alone is away',
  'monitor-network': 'the way from the monitor to the rest',
  monitor: 'the monitor itself',
}

/** What a message begins with, without a full stop. */
export const HEADLINES: Readonly<Record<Location, string>> = {
  operator: 'Probably nobody streams',
  source: 'Probably the source: camera, mixer or microphone',
  encoder: 'Probably the encoder',
  'venue-network': 'Probably the network of the venue',
  uplink: 'Probably the line from the venue to the server',
  'name-service': 'Probably the name service or the certificate',
  server: 'Probably the server',
  platform: 'Probably the platform',
  'monitor-network': "Probably the monitor's own network: what it watches may be well",
  monitor: 'Probably the monitor itself: what it watches may be well',
}

const MOST_STEPS = 4

/** What helps at a place, each step once: the first against each of its causes, the most frequent first, then the second. */
export function stepsAt(location: Location): readonly string[] {
  const causes = Object.values(CAUSES)
    .filter((cause) => cause.location === location)
    .sort((one, other) => other.prior - one.prior)
  const longest = Math.max(0, ...causes.map(({ remedy }) => remedy.length))
  const steps = Array.from({ length: longest }, (_, at) => causes.flatMap(({ remedy }) => remedy.slice(at, at + 1)))
  return [...new Set(steps.flat())].slice(0, MOST_STEPS)
}
