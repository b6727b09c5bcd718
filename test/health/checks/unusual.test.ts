import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStreamJudge, type Verdict } from '../../../src/health/judge.ts'
import type { Usual } from '../../../src/observation/usual.ts'
import { absent, present, unknown } from '../readings.ts'

const AS_USUAL: Usual = {
  ...{ measure: 'framesPerSecond', value: 30, low: 28, high: 32, deviation: 0, unusual: null },
  text: 'Frame rate 30 fps (usual in your last 8 broadcasts: 28 to 32 fps)',
}
const LOW: Usual = {
  ...{ measure: 'videoBytesPerSecond', value: 512_500, low: 700_000, high: 775_000, deviation: -5.1, unusual: 'level' },
  text: 'Video 4.1 Mb/s (usual in your last 8 broadcasts: 5.6 to 6.2 Mb/s)',
}

/** Judges one reading after the other, a second apart. */
function judged(...steps: readonly { reading?: ReturnType<typeof present>; expected?: boolean; usual?: Usual[] }[]) {
  const judge = createStreamJudge({
    ...{ target: 'main', media: 'both', rateControl: null, stillPicture: 'allowed', backupOf: null },
    ...{ profile: null, eventEndsWith: [] },
  })
  let verdict: Verdict | null = null
  for (const [second, { reading = present(), expected = true, usual = [] }] of steps.entries()) {
    const at = { wall: second * 1000, monotonic: second }
    verdict = judge.judge({ reading, expected, at, interval: 1, usual })
  }
  return verdict
}

describe('unusual', () => {
  it('is told at once, with the value and the usual range, and takes nothing from state and score', () => {
    const verdict = judged({}, { usual: [AS_USUAL, LOW] })
    assert.deepEqual(
      verdict?.issues.map(({ type, severity, summary }) => ({ type, severity, summary })),
      [{ type: 'unusual', severity: 'info', summary: `Unusual: ${LOW.text}` }],
    )
    assert.deepEqual([verdict?.state, verdict?.score], ['ok', 100])
  })

  it('ends as soon as all is as usual', () => {
    const verdict = judged({ usual: [LOW] }, { usual: [AS_USUAL] })
    assert.deepEqual(
      verdict?.cleared.map(({ issue }) => issue.type),
      ['unusual'],
    )
  })

  it('is neither raised nor cleared by ignorance', () => {
    assert.deepEqual(
      judged({ usual: [LOW] }, { reading: unknown('killed') })?.issues.map(({ type }) => type),
      ['unusual'],
    )
  })

  it('says nothing of what is away or not expected: other checks do', () => {
    const types = (verdict: Verdict | null) => verdict?.issues.map(({ type }) => type) ?? []
    assert.ok(!types(judged({ usual: [LOW] }, { reading: absent('timeout'), usual: [LOW] })).includes('unusual'))
    assert.ok(!types(judged({ usual: [LOW] }, { expected: false, usual: [LOW] })).includes('unusual'))
  })
})
