import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit } from '../../laboratory/fit.ts'
import { casesOf } from '../../laboratory/halves.ts'
import { lossOf } from '../../laboratory/loss.ts'
import { readRecorded } from '../../laboratory/recorded.ts'
import { samplesOf } from '../../laboratory/samples.ts'
import { HIGHEST, isSpokenOf, LOWEST, weightsOf, withWeights } from '../../laboratory/weights.ts'
import { CAUSES } from '../../src/diagnosis/causes.ts'

const cases = readRecorded()
const samples = samplesOf(casesOf(cases, 'fitting'))
const spokenOf = weightsOf(CAUSES).filter((one) => isSpokenOf(one, samples))
const logit = (probability: number) => Math.log(probability / (1 - probability))

describe('the halves of the recorded cases', () => {
  it('hold every case once, and a third of them at least', () => {
    const halves = [casesOf(cases, 'fitting'), casesOf(cases, 'judging')]
    const names = halves.flat().map(({ name }) => name)
    assert.deepEqual(names.sort(), cases.map(({ name }) => name).sort())
    for (const half of halves) assert.ok(half.length >= cases.length / 3, `${half.length} of ${cases.length}`)
  })
})

describe('the loss over what was recorded', () => {
  it('has the slopes that small steps have', () => {
    const { loss, slopes } = lossOf(CAUSES, samples, spokenOf)
    const step = 1e-5
    for (const index of [0, Math.floor(spokenOf.length / 2), spokenOf.length - 1]) {
      const weight = spokenOf[index]
      assert.ok(weight !== undefined)
      const value = 1 / (1 + Math.exp(-logit(weight.value) - step))
      const beside = lossOf(withWeights(CAUSES, [{ ...weight, value }]), samples, []).loss
      const slope = slopes[index] ?? Number.NaN
      assert.ok(Math.abs((beside - loss) / step - slope) < 0.001 * (1 + Math.abs(slope)), `${weight.question} ${slope}`)
    }
  })
})

describe('fitting', () => {
  const moved = fit(CAUSES, samples)

  it('lowers the loss over what it is fitted to', () => {
    const before = lossOf(CAUSES, samples, []).loss
    const after = lossOf(withWeights(CAUSES, moved), samples, []).loss
    assert.ok(after < before - 1, `${before} to ${after}`)
  })

  it('moves only what two cases speak of, within the bounds, and the same way each time', () => {
    const isKnown = ({ cause, question }: (typeof moved)[number]) =>
      spokenOf.some((one) => one.cause === cause && one.question === question)
    assert.ok(moved.length > 0)
    assert.ok(moved.every((one) => isKnown(one) && one.value >= LOWEST && one.value <= HIGHEST))
    const some = samples.filter((_, index) => index % 8 === 0)
    assert.deepEqual(fit(CAUSES, some), fit(CAUSES, some))
  })

  it('moves nothing where nothing was recorded', () => {
    assert.deepEqual(fit(CAUSES, []), [])
  })
})
