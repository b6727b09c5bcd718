import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SessionEnd } from '../../src/observation/stream.ts'
import { FailuresAlike, retryDelay, StartBudget } from '../../src/stream/pace.ts'

const AT_ONCE = {
  sinceBegin: 0.1,
  missingFor: 1,
  expected: true,
  end: null as SessionEnd | null,
  isRecording: false,
  random: 0,
}

/** Seconds from the beginning of one session to that of the next. */
const period = (input: Partial<typeof AT_ONCE>) => {
  const all = { ...AT_ONCE, ...input }
  return all.sinceBegin + retryDelay(all)
}

describe('the next session', () => {
  it('begins at most 2 s after the last one began while the stream is expected', () => {
    assert.equal(period({}), 2)
    assert.equal(period({ sinceBegin: 1.5 }), 2)
    assert.equal(retryDelay({ ...AT_ONCE, sinceBegin: 5 }), 0)
  })

  it('begins at most 15 s later after five minutes without media', () => {
    assert.equal(period({ missingFor: 299 }), 2)
    assert.equal(period({ missingFor: 301 }), 15)
  })

  it('begins at most 30 s later off air', () => {
    assert.equal(period({ expected: false }), 30)
    assert.equal(period({ expected: false, missingFor: 9999 }), 30)
  })

  it('begins at most 10 s later where there is a recording', () => {
    assert.equal(period({ end: 'ended', isRecording: true }), 10)
    assert.equal(period({ end: 'ended', isRecording: true, missingFor: 301 }), 15)
    assert.equal(period({ end: 'ended', isRecording: true, expected: false }), 30)
  })

  it('begins within half a second after one that a server held, on or off air', () => {
    for (const expected of [true, false]) {
      for (const random of [0, 0.5, 0.999]) {
        assert.ok(retryDelay({ sinceBegin: 20, missingFor: 9999, expected, end: null, random }) <= 0.5)
      }
    }
  })

  it('begins a minute after one whose reader took too much memory at once, also where the server had held it', () => {
    for (const sinceBegin of [0.5, 30]) {
      assert.equal(retryDelay({ ...AT_ONCE, end: 'out-of-memory', sinceBegin }), 60)
    }
  })

  it('begins at once where that took hours', () => {
    assert.equal(retryDelay({ ...AT_ONCE, end: 'out-of-memory', sinceBegin: 7200 }), 0)
  })

  it('begins 10 s later where no program could be started', () => {
    assert.equal(retryDelay({ ...AT_ONCE, end: 'no-resources' }), 10)
  })

  it('is spread by chance, and only towards sooner', () => {
    assert.ok(Math.abs(period({ random: 1 }) - 1.6) < 1e-9)
    assert.ok(period({ random: 0.3 }) < 2)
  })
})

describe('a reader that fails', () => {
  /** Seconds until the next session, after each of these ends. */
  const periods = (ends: readonly SessionEnd[], duration = 0.3) => {
    const failures = new FailuresAlike()
    return ends.map((end) => {
      failures.ended(end, duration)
      return duration + retryDelay({ ...AT_ONCE, sinceBegin: duration, end, least: failures.period })
    })
  }

  it('three times alike is started at growing intervals, up to a minute', () => {
    assert.deepEqual(periods(Array(8).fill('crashed')), [2, 2, 4, 8, 16, 32, 60, 60])
    assert.deepEqual(periods(['bad-output', 'bad-output', 'bad-output']), [2, 2, 4])
  })

  it('now in one way and now in another, or through no fault of its own, is started as ever', () => {
    assert.deepEqual(periods(['crashed', 'bad-output', 'crashed', 'bad-output']), [2, 2, 2, 2])
    for (const end of ['ended', 'refused', 'not-found', 'killed'] as const) {
      assert.deepEqual(periods([end, end, end, end]), [2, 2, 2, 2])
    }
  })

  it('after it had read well is started as ever', () => {
    assert.equal(periods(Array(4).fill('crashed'), 61).at(-1), 61)
  })

  it('is started as ever once it has ended otherwise', () => {
    assert.deepEqual(periods(['crashed', 'crashed', 'crashed', 'ended', 'crashed']), [2, 2, 4, 2, 2])
  })

  it('says that it has, and how often it is tried now', () => {
    const failures = new FailuresAlike()
    for (let times = 1; times <= 5; times++) {
      assert.equal(failures.words, '')
      if (times > 2) break
      failures.ended('crashed', 1)
    }
    failures.ended('crashed', 1)
    assert.match(failures.words, /3 times in a row.*every 4 s/)
  })
})

describe('the budget of processes for streams that cannot be reached', () => {
  it('lets a few start, and then two a second', () => {
    const budget = new StartBudget(2, 4)
    const taken = (at: number) => Array.from({ length: 10 }, () => budget.take(at)).filter(Boolean).length
    assert.equal(taken(100), 4)
    assert.equal(taken(100), 0)
    assert.equal(taken(101), 2)
    assert.equal(taken(160), 4)
  })
})
