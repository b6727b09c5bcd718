/** What comes close to a fault and is none: nothing is to be said. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LaboratoryCase } from '../case.ts'

const HEALTHY_FOR = 30

export const HEALTHY: readonly LaboratoryCase[] = [
  { name: 'all-well', what: 'nothing is done', truth: [], watched: HEALTHY_FOR, make: () => {} },
  {
    name: 'well-without-echoes',
    what: 'the server answers no echoes',
    truth: [],
    watched: HEALTHY_FOR,
    make: ({ networks }) => networks.rules('server', [['input', 'icmp type echo-request drop']]),
  },
  {
    name: 'well-with-little-loss',
    what: 'the uplink loses 0.5 % of what is sent',
    truth: [],
    watched: HEALTHY_FOR,
    make: ({ networks }) =>
      networks.rules('internet', [['forward', 'iifname "venue" numgen random mod 1000 < 5 drop']]),
  },
  {
    name: 'well-with-a-short-cut',
    what: 'the uplink is away for 0.7 s',
    truth: [],
    watched: HEALTHY_FOR,
    make: async ({ networks }) => {
      await networks.rules('internet', [['forward', 'iifname "venue" drop']])
      await wait(700)
      await networks.rules('internet', [])
    },
  },
  {
    name: 'well-far-away',
    what: 'the way over the uplink takes 120 ms',
    truth: [],
    watched: HEALTHY_FOR,
    delayed: true,
    from: ['server', 'elsewhere'],
    make: ({ networks }) => networks.delayUplink(0.12),
  },
  {
    name: 'well-by-quality',
    what: 'an encoder that sends by quality, whose bitrate varies',
    truth: [],
    watched: HEALTHY_FOR,
    footage: { rateControl: 'capped' },
    make: () => {},
  },
  {
    name: 'well-with-pauses',
    what: 'a speaker, with pauses of 2.5 s',
    truth: [],
    watched: HEALTHY_FOR,
    footage: { sound: 'speech' },
    make: () => {},
  },
  {
    name: 'well-while-another-ends',
    what: 'another stream of the same server ends',
    truth: [],
    watched: HEALTHY_FOR,
    make: (world) => world.endOther(),
  },
]
