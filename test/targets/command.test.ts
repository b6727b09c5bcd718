import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommand } from '../../src/targets/command.ts'

const target = { name: 'main', url: 'rtmp://relay.example/live/x' }

/** A payload that must be refused and what the error must say. */
const REFUSED: [payload: unknown, advice: RegExp][] = [
  [undefined, /msg\.payload is missing/],
  [null, /must be an object/],
  [42, /must be an object/],
  [[], /must be an object/],
  ['{"action":"watch"}', /json node/],
  [{}, /action is missing; it must be one of watch, unwatch, keep, expect, inspect/],
  [{ action: 'wach' }, /action must be one of watch/],
  [{ action: 'constructor' }, /must be one of/],
  [{ action: 'watch', kind: 'stream' }, /"target" is missing/],
  [{ action: 'watch', kind: 'strem', target }, /"kind" must be one of "stream", "ping"/],
  [{ action: 'watch', kind: 'stream', owner: 7, target }, /"owner" must be text/],
  [{ action: 'watch', kind: 'stream', targets: [target] }, /unknown key "targets"/],
  [{ action: 'unwatch', kind: 'stream' }, /"name" is missing/],
  [{ action: 'unwatch', kind: 'stream', name: 'x'.repeat(300) }, /"name" must not be longer than 256 characters/],
  [{ action: 'keep', kind: 'stream', names: [] }, /"owner" is missing/],
  [{ action: 'keep', kind: 'stream', owner: 'a', names: 'main' }, /"names" must be a list/],
  [{ action: 'keep', kind: 'stream', owner: 'a', names: [1] }, /"names.0" must be text/],
  [{ action: 'expect', kind: 'stream', name: 'main', expected: 'yes' }, /"expected" must be true or false/],
  [{ action: 'expect', kind: 'stream', name: 'main', expected: true, until: 'noon' }, /"until" must be a time/],
  [{ action: 'expect', kind: 'stream', name: 'main', expected: true, until: 1_700_000_000 }, /"until" must be a time/],
  [{ action: 'expect', kind: 'stream', name: 'main', expected: true, untill: 1 }, /unknown key "untill"/],
  [{ action: 'inspect' }, /either the name of a watched stream or a url/],
  [{ action: 'inspect', name: 'main', url: 'rtmp://a/b' }, /either/],
  [{ action: 'inspect', url: 5 }, /"url" must be text/],
]

describe('a message to a probe node', () => {
  it('watches a target, for an owner or for nobody', () => {
    assert.deepEqual(parseCommand({ action: 'watch', kind: 'ping', target, owner: 'n1' }), {
      action: 'watch',
      kind: 'ping',
      owner: 'n1',
      target,
    })
    assert.deepEqual(parseCommand({ action: 'watch', kind: 'stream', target }), {
      action: 'watch',
      kind: 'stream',
      target,
    })
  })

  it('is for the kind of the node when it names none', () => {
    assert.equal((parseCommand({ action: 'unwatch', name: 'a' }, 'stream') as { kind: string }).kind, 'stream')
    assert.equal(
      (parseCommand({ action: 'unwatch', kind: 'ping', name: 'a' }, 'stream') as { kind: string }).kind,
      'ping',
    )
    assert.throws(() => parseCommand({ action: 'unwatch', name: 'a' }), { code: 'invalid-message' })
  })

  it('names what an owner keeps', () => {
    const names = ['main', 'backup']
    const command = parseCommand({ action: 'keep', kind: 'stream', owner: 'n1', names })
    assert.deepEqual(command, { action: 'keep', kind: 'stream', owner: 'n1', names })
  })

  it('says until when something is expected, as text or as milliseconds', () => {
    const expect = { action: 'expect', kind: 'stream', name: 'main', expected: false }
    const until = Date.parse('2026-03-01T11:30:00Z')
    assert.deepEqual(parseCommand({ ...expect, until: '2026-03-01T11:30:00Z' }), { ...expect, until })
    assert.deepEqual(parseCommand({ ...expect, until }), { ...expect, until })
    assert.deepEqual(parseCommand({ ...expect, until: null }), expect)
  })

  it('asks for an inspection by name or by URL', () => {
    assert.deepEqual(parseCommand({ action: 'inspect', name: 'main' }), { action: 'inspect', name: 'main' })
    assert.deepEqual(parseCommand({ action: 'inspect', url: 'rtmp://a/b', profile: 'youtube' }), {
      action: 'inspect',
      url: 'rtmp://a/b',
      profile: 'youtube',
    })
  })

  it('leaves the target to those who watch its kind', () => {
    assert.doesNotThrow(() => parseCommand({ action: 'watch', kind: 'platform', target: { nonsense: true } }))
  })

  for (const [payload, advice] of REFUSED) {
    it(`is refused with what is wrong: ${JSON.stringify(payload)?.slice(0, 90)}`, () => {
      assert.throws(
        () => parseCommand(payload),
        (error: Error & { code?: string }) => error.code === 'invalid-message' && advice.test(error.message),
      )
    })
  }

  it('is never shown where it is wrong: it may be a key in the wrong place', () => {
    const key = 'Abc9-s3cret-key'
    for (const payload of [
      key,
      { action: key },
      { action: 'watch', [key]: 1 },
      { action: 'inspect', kind: key, name: 1 },
    ]) {
      assert.throws(
        () => parseCommand(payload),
        (error: Error) => !error.message.includes('s3cret'),
      )
    }
  })
})
