import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it, mock } from 'node:test'
import { AbortScope, isTimeUp, unlessAborted } from '../../src/connection/abort-scope.ts'

describe('a scope of work that can be ended', () => {
  it('ends with the signal around it, for the same reason, also where that was aborted before', () => {
    const outer = new AbortController()
    const scope = new AbortScope(outer.signal, 60)
    outer.abort(new Error('stopped'))
    assert.equal(scope.signal.reason, outer.signal.reason)
    assert.equal(new AbortScope(outer.signal, 60).signal.reason, outer.signal.reason)
    assert.equal(isTimeUp(scope.signal), false)
  })

  it('ends after its seconds, which a scope within it can tell as well', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const scope = new AbortScope(null, 3)
      const within = new AbortScope(scope.signal, 10)
      mock.timers.tick(2999)
      assert.equal(scope.signal.aborted, false)
      mock.timers.tick(1)
      assert.deepEqual([isTimeUp(scope.signal), isTimeUp(within.signal)], [true, true])
    } finally {
      mock.timers.reset()
    }
  })

  it('ends by hand, and not the signal around it', () => {
    const outer = new AbortController()
    const scope = new AbortScope(outer.signal)
    scope.abort(new Error('enough'))
    assert.deepEqual([scope.signal.aborted, outer.signal.aborted], [true, false])
  })

  it('leaves nothing behind when its work is over', () => {
    const outer = new AbortController()
    for (const end of ['end', 'abort'] as const) new AbortScope(outer.signal, 60)[end]()
    assert.equal(getEventListeners(outer.signal, 'abort').length, 0)
  })
})

describe('what cannot be ended', () => {
  it('is waited for until a signal aborts, also one that has, and leaves no listener', async () => {
    const outer = new AbortController()
    assert.equal(await unlessAborted(Promise.resolve(1), outer.signal), 1)
    const never = unlessAborted(new Promise(() => {}), outer.signal)
    outer.abort(new Error('stopped'))
    await assert.rejects(never, /stopped/)
    await assert.rejects(unlessAborted(new Promise(() => {}), outer.signal), /stopped/)
    assert.equal(getEventListeners(outer.signal, 'abort').length, 0)
  })
})
