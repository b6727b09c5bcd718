/** What a monitor at each place watches, with everything configured or with something left out. */
import type { MonitorPlace } from '../src/diagnosis/situation.ts'
import type { Kind } from '../src/observation/observation.ts'
import type { LaboratoryCase } from './case.ts'
import { ADDRESS } from './network.ts'

export const VARIANTS = ['complete', 'without encoder', 'without hosts', 'without platform'] as const
export type Variant = (typeof VARIANTS)[number]
/** Those that a monitor watches; what the others know is the first without the encoder, or without the platform. */
export const WATCHED = ['complete', 'without hosts'] as const
export type Watched = (typeof WATCHED)[number]

export const EVENT = 4711
export const MAIN = 'main'

type Given = Record<string, unknown>
export type Targets = readonly (readonly [Kind, Given])[]

/** The host near the monitor that answers always, the one at the venue, and one on the way. */
const HOSTS: Record<MonitorPlace, Readonly<Record<string, Given>>> = {
  // The gateway of the venue is the monitor's own, too.
  venue: {
    gateway: { address: ADDRESS.gatewayInside, control: true, at: 'venue' },
    way: { address: ADDRESS.provider, at: 'way' },
    'server-host': { address: 'ingest.lab', at: 'server' },
  },
  server: {
    own: { address: '10.6.0.1', control: true },
    gateway: { address: ADDRESS.gateway, at: 'venue' },
    way: { address: ADDRESS.provider, at: 'way' },
    'server-host': { address: ADDRESS.serverInside, at: 'server' },
  },
  elsewhere: {
    own: { address: '44.0.6.1', control: true },
    gateway: { address: ADDRESS.gateway, at: 'venue' },
    way: { address: '44.0.2.2', at: 'way' },
    'server-host': { address: 'ingest.lab', at: 'server' },
  },
}

export function targetsOf(place: MonitorPlace, watched: Watched, { target, secure = false }: LaboratoryCase): Targets {
  const host = place === 'server' ? ADDRESS.serverInside : 'ingest.lab'
  // The certificate is for the name.
  const base = secure ? 'rtmps://ingest.lab/live' : `rtmp://${host}/live`
  const hosts = watched === 'without hosts' ? {} : HOSTS[place]
  const needed = Object.keys(hosts).filter((name) => name !== 'own')
  const stream = {
    ...{ checks: 'auto', expected: 'always', stillPicture: 'fault', platform: 'vimeo' },
    dependsOn: ['encoder', ...needed, 'ingest'],
  }
  const plain = { checks: 'packets', expected: 'always' }
  const encoder = place === 'venue' ? ADDRESS.encoderAtVenue : ADDRESS.encoder
  return [
    ['stream', { name: MAIN, url: `${base}/main`, ...stream, ...target }],
    ['stream', { name: 'second', url: `${base}/second`, ...plain }],
    ['stream', { name: 'elsewhere', url: 'rtmp://far.lab/live/elsewhere', ...plain }],
    ...Object.entries(hosts).map(([name, given]) => ['ping', { name, ...given }] as const),
    ['service', { name: 'ingest', url: base, at: 'server' }],
    [
      'encoder',
      {
        ...{ name: 'encoder', address: encoder, protocol: 'rest', expected: 'always' },
        dependsOn: 'gateway' in hosts ? ['gateway'] : [],
      },
    ],
    ['platform', { name: 'vimeo', liveEvent: String(EVENT), interval: 5, dependsOn: ['encoder'] }],
  ]
}
