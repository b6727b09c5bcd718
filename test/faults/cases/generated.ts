/** What takes hours, on generated packets with clocks of our own. */
import type { Fault, Healthy } from '../case.ts'
import { simulate } from '../simulate.ts'
import type { Simulation } from '../simulation.ts'

const MPEGTS_WRAP = 2 ** 33 / 90_000
const FLV_WRAP = 2 ** 32 / 1000

function lasting(id: string, what: string, simulation: Simulation): Healthy {
  return {
    id: `ok-${id}`,
    kind: 'generated',
    readers: ['auto'],
    what,
    how: 'generated packets and clocks, profile youtube',
    watched: 0,
    async play(stage) {
      const { raised, state, accurate } = await simulate(simulation)
      stage.simulated(raised, state)
      stage.measured('share of measurements within 1 %', accurate ? 1 : 0, 1)
    },
  }
}

export const GENERATED_HEALTHY: readonly Healthy[] = [
  lasting('25h', '25 hours, in which the clock of MPEG-TS wraps', { hours: 25, from: 43_200, wrap: MPEGTS_WRAP }),
  lasting('flv-wrap', 'the clock of FLV wraps after 49 days', { hours: 1, from: FLV_WRAP - 1200, wrap: FLV_WRAP }),
  lasting('clock-step', 'the clock of the host is set an hour forward, and two hours back', {
    hours: 1,
    clockSteps: [
      { at: 0.25, by: 3600 },
      { at: 0.5, by: -7200 },
    ],
  }),
]

export const GENERATED_FAULTS: readonly Fault[] = [
  {
    id: 'stop-at-clock-step',
    kind: 'generated',
    readers: ['auto'],
    what: 'media stops just when the clock of the host is set an hour back',
    how: 'generated packets and clocks',
    expects: ['streamStalled', 'streamOffline'],
    async play(stage) {
      const clockSteps = [{ at: 0.1 + 1 / 3600, by: -3600 }]
      const { raised, state, stoppedAt } = await simulate({ hours: 0.15, stopsAt: 0.1, clockSteps })
      stage.simulated(raised, state)
      stage.fault(stoppedAt)
    },
  },
]
