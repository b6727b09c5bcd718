/** Faults of the network, on either side of the server. */
import type { Fault, Healthy } from '../case.ts'
import { makeLegs } from '../network.ts'

const WARM = 12

export const NETWORK: readonly Fault[] = [
  {
    id: 'black-hole-sender',
    kind: 'network',
    what: "the encoder's network swallows everything, and no connection ends",
    how: 'nft drops all packets between ffmpeg and nginx-rtmp, in namespaces',
    expects: ['streamStalled', 'streamOffline'],
    says: { type: 'streamOffline', text: /connection open/, within: 16 },
    short: true,
    async play(stage) {
      const legs = await makeLegs(stage)
      const publisher = await legs.publish()
      await legs.watchUp()
      await publisher.untilSent(WARM)
      await legs.sender.link.blackHole()
      stage.fault()
    },
  },
  {
    id: 'black-hole-monitor',
    kind: 'network',
    what: "the monitor's network swallows everything, and no connection ends",
    how: 'nft drops all packets between nginx-rtmp and the monitor, in namespaces',
    expects: ['streamStalled', 'streamOffline'],
    says: { type: 'streamOffline', text: /host does not answer/, within: 16 },
    async play(stage) {
      const legs = await makeLegs(stage)
      const publisher = await legs.publish()
      await legs.watchUp()
      await publisher.untilSent(WARM)
      await legs.monitor.link.blackHole()
      stage.fault()
    },
  },
  {
    id: 'cable-sender',
    kind: 'network',
    what: "the encoder's cable is pulled",
    how: 'its link is taken down, in namespaces',
    expects: ['streamStalled', 'streamOffline'],
    async play(stage) {
      const legs = await makeLegs(stage)
      const publisher = await legs.publish()
      await legs.watchUp()
      await publisher.untilSent(WARM)
      await legs.sender.link.cut()
      stage.fault()
    },
  },
  {
    id: 'uplink-80',
    kind: 'network',
    what: 'the uplink carries 80 % of the bitrate',
    how: "tbf throttles ffmpeg's link from 12 s on, in namespaces",
    expects: ['videoIngestionStarved'],
    allowed: ['driftDeviation', 'bitrateDropped'],
    delay: { seconds: 4, because: 'the buffers on the way fill first' },
    footage: [{ videoBitrate: 2_000_000 }],
    async play(stage) {
      const legs = await makeLegs(stage)
      const publisher = await legs.publish({ footage: { videoBitrate: 2_000_000 } })
      await legs.watchUp()
      await publisher.untilSent(WARM)
      await legs.sender.link.limitRate((2_128_000 * 0.8) / 0.956)
      stage.fault()
    },
  },
]

export const NETWORK_HEALTHY: readonly Healthy[] = [
  {
    id: 'ok-loss',
    kind: 'network',
    what: 'one packet in a hundred is lost on the way to the monitor, which TCP makes good',
    how: 'nft drops them at random, in namespaces',
    async play(stage) {
      const legs = await makeLegs(stage)
      await legs.publish()
      await legs.watchUp()
      await legs.monitor.link.loseToHost(0.01)
    },
  },
  {
    id: 'ok-tight-uplink',
    kind: 'network',
    what: 'an uplink that carries a quarter more than the bitrate',
    how: "tbf throttles ffmpeg's link, in namespaces",
    async play(stage) {
      const legs = await makeLegs(stage)
      await legs.sender.link.limitRate((928_000 * 1.25) / 0.956)
      await legs.publish()
      await legs.watchUp()
    },
  },
]
