/** Whoever streams, what is before the encoder, and the encoder. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LaboratoryCase } from '../case.ts'
import type { World } from '../world.ts'

export const SEEN_FROM_AFAR =
  'nothing at the venue is reached from there: a router without power and a line that is cut look the same'

const dropping = (one: number, of: number) => [
  '-bsf:v',
  `noise=drop='gt(dts*tb,FAULT_AT)*not(key)*lt(mod(n,${of}),${one})'`,
]

export const SOURCE: readonly LaboratoryCase[] = [
  {
    name: 'picture-black',
    what: 'the picture turns black',
    truth: ['source'],
    becomes: { picture: 'black' },
    make: (world) => world.untilThen(),
  },
  {
    name: 'picture-frozen',
    what: 'the picture stands still',
    truth: ['source'],
    becomes: { picture: 'still' },
    make: (world) => world.untilThen(),
  },
  {
    name: 'sound-silent',
    what: 'the sound falls silent',
    truth: ['source'],
    becomes: { sound: 'silence' },
    make: (world) => world.untilThen(),
  },
  {
    name: 'sound-one-sided',
    what: 'the sound is left on one side',
    truth: ['source'],
    becomes: { sound: 'leftOnly' },
    watched: 70,
    make: (world) => world.untilThen(),
  },
  {
    name: 'sound-clipped',
    what: 'the sound is overdriven',
    truth: ['source'],
    becomes: { sound: 'clipped' },
    watched: 70,
    make: (world) => world.untilThen(),
  },
  {
    name: 'picture-and-sound-gone',
    what: 'the mixer dies: black and silent',
    truth: ['source'],
    becomes: { picture: 'black', sound: 'silence' },
    make: (world) => world.untilThen(),
  },
]

export const ENCODER: readonly LaboratoryCase[] = [
  {
    name: 'publisher-hangs',
    what: 'the publisher hangs (SIGSTOP), while the device goes on telling',
    truth: ['encoder'],
    make: (world) => world.order('encoder', 'freeze'),
  },
  {
    name: 'encoder-cable',
    what: "the encoder's network cable is pulled",
    truth: ['encoder'],
    blind: { server: SEEN_FROM_AFAR, elsewhere: SEEN_FROM_AFAR },
    make: ({ networks }) => networks.cable('switch', 'encoder', false),
  },
  {
    name: 'encoder-off',
    what: 'the encoder loses its power',
    truth: ['encoder'],
    make: async (world) => {
      await world.networks.cable('encoder', 'lan', false)
      await world.signalAt('encoder', 'SIGKILL')
    },
  },
  {
    name: 'encoder-hangs',
    what: 'the whole encoder hangs (SIGSTOP): its network answers, and nothing else',
    truth: ['encoder'],
    make: (world) => world.signalAt('encoder', 'SIGSTOP'),
  },
  {
    name: 'frames-third',
    what: 'the encoder leaves out a third of the frames',
    truth: ['encoder'],
    output: dropping(1, 3),
    make: (world) => world.untilThen(),
  },
  {
    name: 'frames-half',
    what: 'the encoder leaves out half of the frames',
    truth: ['encoder'],
    output: dropping(1, 2),
    make: (world) => world.untilThen(),
  },
  {
    name: 'sound-track-gone',
    what: 'the encoder sends no sound any more',
    truth: ['encoder'],
    output: ['-bsf:a', "noise=drop='gt(dts*tb,FAULT_AT)'"],
    make: (world) => world.untilThen(),
  },
  {
    name: 'picture-track-gone',
    what: 'the encoder sends no picture any more, though sound',
    truth: ['encoder'],
    output: ['-bsf:v', "noise=drop='gt(dts*tb,FAULT_AT)'"],
    make: (world) => world.untilThen(),
  },
  {
    name: 'key-frames-far',
    what: 'the encoder sends a key frame every 8 s',
    truth: ['encoder'],
    becomes: { gop: 8 },
    watched: 60,
    make: (world) => world.untilThen(),
  },
  {
    name: 'encoder-starved',
    what: 'the publisher gets no time for 4 of 5 s (SIGSTOP and SIGCONT), as where the computer is overloaded',
    truth: ['encoder'],
    make: (world) => starve(world, 4000, 1000),
  },
  {
    name: 'publisher-crashes',
    what: 'the publisher crashes every 8 s and comes back',
    truth: ['encoder'],
    blind: {
      venue: 'a device that loses its server and one whose publisher crashes tell the same',
      server: 'a device that loses its server and one whose publisher crashes tell the same',
      elsewhere: 'a device that loses its server and one whose publisher crashes tell the same',
    },
    make: (world) => world.again(8000, () => world.order('encoder', 'crash')),
  },
]

function starve(world: World, stopped: number, runs: number): void {
  world.again(stopped + runs, async () => {
    await world.order('encoder', 'freeze')
    await wait(stopped)
    await world.order('encoder', 'resume')
  })
}

export const OPERATOR: readonly LaboratoryCase[] = [
  {
    name: 'stopped',
    what: 'somebody stops the stream on the device',
    truth: ['operator'],
    make: (world) => world.order('encoder', 'stop'),
  },
  {
    name: 'stopped-and-event-ended',
    what: 'somebody ends the event on the platform and stops the device',
    truth: ['operator'],
    make: async (world) => {
      await world.order('platform', 'phase', 'archiving')
      await world.order('encoder', 'stop')
    },
  },
  {
    name: 'stopped-over-narrow-line',
    what: 'the uplink is narrow for a while, and then somebody stops the device',
    truth: ['operator'],
    make: async (world) => {
      await world.networks.rate('gateway', 'uplink', 850_000)
      await wait(6000)
      await world.order('encoder', 'stop')
    },
  },
]
