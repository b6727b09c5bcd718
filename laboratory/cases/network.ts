/** The network of the venue, and the line that leaves it. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LaboratoryCase } from '../case.ts'
import { SEEN_FROM_AFAR } from './encoder.ts'

export const VENUE_NETWORK: readonly LaboratoryCase[] = [
  {
    name: 'gateway-dead',
    what: 'the router of the venue loses its power',
    truth: ['venue-network'],
    blind: { server: SEEN_FROM_AFAR, elsewhere: SEEN_FROM_AFAR },
    disturbs: ['venue'],
    make: async ({ networks }) => {
      for (const device of ['lan', 'uplink']) await networks.cable('gateway', device, false)
    },
  },
  {
    name: 'gateway-hangs',
    what: 'the router of the venue hangs: its links are up, and it answers nothing and passes nothing on',
    truth: ['venue-network'],
    blind: { server: SEEN_FROM_AFAR, elsewhere: SEEN_FROM_AFAR },
    disturbs: ['venue'],
    make: ({ networks }) =>
      networks.rules('gateway', [
        ['input', 'drop'],
        ['output', 'drop'],
        ['forward', 'drop'],
      ]),
  },
  {
    name: 'gateway-forwards-nothing',
    what: 'the router of the venue answers, and passes nothing on to the internet',
    truth: ['venue-network', 'uplink'],
    blind: {
      server: 'the router answers, and not the encoder: its own cable, or what is between them',
      elsewhere: 'the router answers, and not the encoder: its own cable, or what is between them',
    },
    disturbs: ['venue'],
    make: ({ networks }) => networks.rules('gateway', [['forward', 'oifname "uplink" drop']]),
  },
  {
    name: 'switch-dead',
    what: 'the switch of the venue loses its power',
    truth: { venue: ['venue-network', 'monitor-network'], server: ['venue-network'], elsewhere: ['venue-network'] },
    blind: {
      venue: 'nothing is reached from there at all: its own cable, or the switch',
      server: 'the router answers, and not the encoder: its own cable, or the switch',
      elsewhere: 'the router answers, and not the encoder: its own cable, or the switch',
    },
    disturbs: ['venue'],
    make: ({ networks }) => networks.cable('switch', 'lan', false),
  },
  {
    name: 'wifi-loses',
    what: 'the Wi-Fi on which the encoder is loses 50 % of its packets, both ways',
    truth: ['venue-network', 'uplink'],
    make: ({ networks }) =>
      networks.rules('encoder', [
        ['input', 'iifname "lan" numgen random mod 100 < 50 drop'],
        ['output', 'oifname "lan" numgen random mod 100 < 50 drop'],
      ]),
  },
  {
    name: 'gateway-loses',
    what: 'the router of the venue loses 60 % of all packets, its own answers too',
    truth: ['venue-network'],
    blind: {
      server: 'loss at the router and loss on the line look the same',
      elsewhere: 'loss at the router and loss on the line look the same',
    },
    disturbs: ['venue'],
    watched: 60,
    make: ({ networks }) =>
      networks.rules('gateway', [
        ['input', 'numgen random mod 100 < 60 drop'],
        ['forward', 'numgen random mod 100 < 60 drop'],
      ]),
  },
]

export const UPLINK: readonly LaboratoryCase[] = [
  {
    name: 'uplink-cut',
    what: 'the cable of the uplink is pulled',
    truth: ['uplink'],
    blind: { server: SEEN_FROM_AFAR, elsewhere: SEEN_FROM_AFAR },
    disturbs: ['venue'],
    make: ({ networks }) => networks.cable('gateway', 'uplink', false),
  },
  {
    name: 'uplink-silent',
    what: 'the provider of the line passes nothing on, both ways',
    truth: ['uplink'],
    disturbs: ['venue'],
    make: ({ networks }) =>
      networks.rules('internet', [
        ['forward', 'iifname "venue" drop'],
        ['forward', 'oifname "venue" drop'],
      ]),
  },
  {
    name: 'uplink-one-way',
    what: 'nothing leaves over the line, though all comes in',
    truth: ['uplink'],
    disturbs: ['venue'],
    blind: { server: SEEN_FROM_AFAR, elsewhere: SEEN_FROM_AFAR },
    make: ({ networks }) =>
      networks.rules('internet', [
        ['forward', 'iifname "venue" drop'],
        ['input', 'iifname "venue" drop'],
      ]),
  },
  {
    name: 'uplink-narrow',
    what: 'the uplink carries 600 kb/s of the 1000 that are sent',
    truth: ['uplink'],
    make: ({ networks }) => networks.rate('gateway', 'uplink', 600_000),
  },
  {
    name: 'uplink-very-narrow',
    what: 'the uplink carries 200 kb/s of the 1000 that are sent',
    truth: ['uplink'],
    make: ({ networks }) => networks.rate('gateway', 'uplink', 200_000),
  },
  {
    name: 'uplink-a-little-narrow',
    what: 'the uplink carries 850 kb/s of the 1000 that are sent',
    truth: ['uplink'],
    watched: 60,
    make: ({ networks }) => networks.rate('gateway', 'uplink', 850_000),
  },
  {
    name: 'uplink-loses-much',
    what: 'the uplink loses 40 % of what is sent',
    truth: ['uplink'],
    make: ({ networks }) =>
      networks.rules('internet', [['forward', 'iifname "venue" numgen random mod 100 < 40 drop']]),
  },
  {
    name: 'uplink-loses-most',
    what: 'the uplink loses 75 % both ways',
    truth: ['uplink'],
    disturbs: ['venue'],
    make: ({ networks }) =>
      networks.rules('internet', [
        ['forward', 'iifname "venue" numgen random mod 100 < 75 drop'],
        ['forward', 'oifname "venue" numgen random mod 100 < 75 drop'],
      ]),
  },
  {
    name: 'uplink-delay',
    what: 'the way over the uplink takes 1.5 s from now on',
    truth: ['uplink'],
    delayed: true,
    disturbs: ['venue'],
    make: ({ networks }) => networks.delayUplink(1.5),
  },
  {
    name: 'uplink-flaps',
    what: 'the uplink is cut for 4 of 8 s, again and again',
    truth: ['uplink'],
    disturbs: ['venue'],
    make: (world) =>
      world.again(8000, async () => {
        const rule = ['forward', 'iifname "venue" drop'] as const
        await world.networks.rules('internet', [rule])
        await wait(4000)
        await world.networks.rules('internet', [])
      }),
  },
  {
    name: 'uplink-large-packets',
    what: 'large packets are lost on the uplink, as where a tunnel is misconfigured',
    truth: ['uplink'],
    make: ({ networks }) => networks.rules('internet', [['forward', 'iifname "venue" meta length > 1000 drop']]),
  },
  {
    name: 'uplink-narrow-then-cut',
    what: 'the uplink is narrow for 8 s, and then it is cut',
    truth: ['uplink'],
    blind: { server: SEEN_FROM_AFAR, elsewhere: SEEN_FROM_AFAR },
    disturbs: ['venue'],
    make: async ({ networks }) => {
      await networks.rate('gateway', 'uplink', 300_000)
      await wait(8000)
      await networks.cable('gateway', 'uplink', false)
    },
  },
  {
    name: 'rtmp-forbidden',
    what: 'the line lets RTMP through no more, and all else',
    truth: ['uplink', 'venue-network'],
    make: ({ networks }) =>
      networks.rules('internet', [
        ['forward', 'iifname "venue" tcp dport 1935 drop'],
        ['forward', 'oifname "venue" tcp sport 1935 drop'],
      ]),
    disturbs: ['venue'],
  },
]
