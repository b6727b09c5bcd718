// The part of docs/diagnosis.md that says what fitting the weights would bring: made anew from what is recorded.
import { fit } from '../laboratory/fit.ts'
import { casesOf, type Half } from '../laboratory/halves.ts'
import { lossOf } from '../laboratory/loss.ts'
import type { RecordedCase } from '../laboratory/recorded.ts'
import { samplesOf } from '../laboratory/samples.ts'
import { score } from '../laboratory/score.ts'
import { withWeights } from '../laboratory/weights.ts'
import { CAUSES, type Causes } from '../src/diagnosis/causes.ts'
import { counts, table } from './diagnosis-tables.ts'

const HEAD = ['half', 'weights', 'right', 'wrong', 'silent', 'certain and wrong at some time', 'healthy', 'log loss']

/** A row for each half, before and after. */
export function tableOfFit(cases: readonly RecordedCase[]): string {
  const fitted = withWeights(CAUSES, fit(CAUSES, samplesOf(casesOf(cases, 'fitting'))))
  const rows = (['fitting', 'judging'] as const).flatMap((half) => [
    row(cases, half, 'as published', CAUSES),
    row(cases, half, 'fitted', fitted),
  ])
  return table(HEAD, rows)
}

function row(cases: readonly RecordedCase[], half: Half, weights: string, causes: Causes): (string | number)[] {
  const own = casesOf(cases, half)
  const scored = score(own, causes)
  const told = scored.filter(counts)
  const of = (outcome: string) => told.filter((one) => one.outcome === outcome).length
  const alarms = scored.filter(({ sight, outcome }) => sight.truth.length === 0 && outcome === 'wrong')
  return [
    ...[half, weights, of('right'), of('wrong'), of('silent')],
    scored.filter(({ certainAndWrong }) => certainAndWrong).length,
    ...[alarms.length, lossOf(causes, samplesOf(own), []).loss.toFixed(1)],
  ]
}
