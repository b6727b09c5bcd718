import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { ownerOf, parseShard } from '../../src/targets/shard.ts'

const VECTORS: Record<string, Record<string, number>> = JSON.parse(
  readFileSync(new URL('./shard-vectors.json', import.meta.url), 'utf8'),
)
const KEYS = Array.from({ length: 10_000 }, (_, index) => `stream-${index}`)

describe('the shard of a key', () => {
  it('is that of every version before: no update may move what is watched', () => {
    for (const [key, owners] of Object.entries(VECTORS)) {
      for (const [count, owner] of Object.entries(owners))
        assert.equal(ownerOf(key, Number(count)), owner, `${key} of ${count}`)
    }
  })

  it('is spread evenly', () => {
    for (const count of [2, 8, 40]) {
      const sizes = new Array<number>(count).fill(0)
      for (const key of KEYS) sizes[ownerOf(key, count)] = (sizes[ownerOf(key, count)] ?? 0) + 1
      const mean = KEYS.length / count
      // Four standard deviations of what chance gives.
      const most = 4 * Math.sqrt(mean)
      for (const size of sizes) assert.ok(Math.abs(size - mean) < most, `${size} and not about ${mean} of ${count}`)
    }
  })

  it('changes with one shard more for its share of the keys alone, and only to the new one', () => {
    for (const count of [1, 4, 39]) {
      const moved = KEYS.filter((key) => ownerOf(key, count) !== ownerOf(key, count + 1))
      assert.ok(moved.every((key) => ownerOf(key, count + 1) === count))
      const share = moved.length * (count + 1)
      assert.ok(share < KEYS.length * 1.25 && share > KEYS.length * 0.75, `${moved.length} of ${KEYS.length}`)
    }
  })
})

describe('SHARD', () => {
  it('is one variable, or two', () => {
    assert.deepEqual(parseShard({ SHARD: ' 2/8 ' }), { index: 2, count: 8 })
    assert.deepEqual(parseShard({ SHARD_INDEX: '0', SHARD_COUNT: '1' }), { index: 0, count: 1 })
    assert.equal(parseShard({ SHARD: '', SHARD_INDEX: ' ' }), null)
  })

  it('is refused with the reason where it is no part of a whole', () => {
    const cases: [Record<string, string>, RegExp][] = [
      [{ SHARD: '8/8' }, /the index is 8, and of 8 shards it must be 0 to 7/],
      [{ SHARD: '0/0' }, /the count of shards is 0 and must be 1 to 1000/],
      [{ SHARD: '0/1001' }, /the count of shards is 1001/],
      [{ SHARD: '2 of 8' }, /SHARD is "2 of 8" and must be index\/count/],
      [{ SHARD: '-1/8' }, /must be index\/count/],
      [{ SHARD: '1/8', SHARD_COUNT: '8' }, /keep SHARD, or the other two/],
      [{ SHARD_INDEX: '4', SHARD_COUNT: '4' }, /it must be 0 to 3; it begins at 0/],
      [{ SHARD_INDEX: '4' }, /SHARD_COUNT is not/],
      [{ SHARD_COUNT: '4' }, /SHARD_INDEX is not/],
      [{ SHARD_INDEX: 'hall-2', SHARD_COUNT: '4' }, /SHARD_INDEX is "hall-2" and must be a whole number/],
    ]
    for (const [environment, message] of cases) {
      assert.throws(() => parseShard(environment), { code: 'invalid-shard', message })
    }
  })
})
