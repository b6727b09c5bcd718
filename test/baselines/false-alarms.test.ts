import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inNoise, inRecorded, NOISES } from '../../scripts/false-alarms.ts'
import { recordedHealthy } from './recorded.ts'

describe('baselines take what is usual for usual', () => {
  for (const noise of NOISES) {
    const name = `${noise.measure}, spread ${noise.spread}`
    it(`a day of made noise in broadcasts: ${name}`, () => {
      const { level, shift, hours } = inNoise(noise, 1, false)
      assert.equal(hours, 24)
      assert.equal(level, 0)
      assert.ok(shift <= 1, `${shift} shifts`)
    })

    it(`a day of made noise without broadcasts: ${name}`, () => {
      assert.deepEqual(inNoise(noise, 1, true), { level: 0, shift: 0, hours: 24 })
    })
  }

  it('every healthy stream that was recorded, each five minutes of it judged by the others', () => {
    const all = recordedHealthy()
    assert.ok(all.length >= 8, `${all.length} streams`)
    for (const recorded of all) {
      const { level, shift, hours } = inRecorded(recorded)
      assert.ok(hours >= 2, `${recorded.name}: ${hours} h of its measures`)
      assert.deepEqual({ level, shift }, { level: 0, shift: 0 }, recorded.name)
    }
  })

  it('and still see a fault of a healthy stream: a fifth less video', () => {
    const recorded = recordedHealthy().find(({ name }) => name === 'usual')
    const video = recorded?.values.videoBytesPerSecond
    assert.ok(recorded && video)
    const least = Math.floor(video.length / 30) * 30 - 30
    const values = { videoBytesPerSecond: video.map((value, index) => (index >= least ? value * 0.75 : value)) }
    assert.ok(inRecorded({ ...recorded, values }).level >= 1)
  })
})
