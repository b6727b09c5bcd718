import type { Check } from '../check.ts'

/** Of every kind that has baselines: something measured is not as it usually is for this target. */
export const unusual: Check<unknown, unknown> = {
  type: 'unusual',
  severity: 'info',
  weight: 0,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: 10 },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, expected, usual }) {
    if (reading.outcome === 'unknown') return 'unmeasured'
    if (reading.outcome === 'absent' || !expected) return 'not-judged'
    const [worst] = usual.filter(isUnusual).sort(byDeviation)
    if (worst === undefined) return { value: false }
    return { value: true, measured: worst.measure }
  },
  summary: (_finding, { usual }) =>
    `Unusual: ${usual
      .filter(isUnusual)
      .sort(byDeviation)
      .map(({ text }) => text)
      .join('; ')}`,
  remedy: [
    'Look at the picture and listen: where both are as they should be there is nothing to do.',
    'If it was changed on purpose, leave it: after one whole broadcast so it is usual.',
    'If nobody changed anything, compare the settings of the encoder and what else uses the connection with last time.',
  ],
  text: {
    measures: 'what is measured, against what it was in the last 8 broadcasts of the target or in its last 7 days',
    window: (limits) => `means over ${limits.window} s`,
    raised: () =>
      'four spreads or more from the middle of what is usual in three means one after another; of what has broadcasts also a slow shift (CUSUM, k 0.5, h 8)',
    cleared: () => 'two spreads or less in six means one after another; of a slow shift: its sum is 0 again',
    why: 'Limits are the same for everybody; what is right for one venue is a sign of trouble at another. It is information: it weighs nothing and nobody is told. What counts as usual, and how often it errs: docs/baselines.md.',
    blindTo:
      'What has been wrong in more than a tenth of what is remembered: that is usual then. The first half hour of a target, as long as there are fewer than three broadcasts or days.',
  },
}

function isUnusual({ unusual }: { unusual: unknown }): boolean {
  return unusual !== null
}

function byDeviation(one: { deviation: number }, other: { deviation: number }): number {
  return Math.abs(other.deviation) - Math.abs(one.deviation)
}
