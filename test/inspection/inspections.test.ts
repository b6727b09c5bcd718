import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Inspections, parseInspectQuery, refusedInspection, statusCodeOf } from '../../src/inspection/inspections.ts'
import { type ErrorCode, MonitorError } from '../../src/observation/errors.ts'

describe('inspections', () => {
  it('run four at once, and refuse the fifth instead of keeping it waiting', async () => {
    const inspections = new Inspections()
    let finish = () => {}
    const ending = new Promise<void>((resolve) => {
      finish = resolve
    })
    const four = [1, 2, 3, 4].map(() => inspections.run(() => ending))
    await assert.rejects(
      inspections.run(() => ending),
      { code: 'busy' },
    )
    finish()
    await Promise.all(four)
    assert.equal(inspections.running, 0)
    assert.equal(await inspections.run(async () => 'again'), 'again')
  })

  it('make room when one fails', async () => {
    const inspections = new Inspections()
    await assert.rejects(inspections.run(() => Promise.reject(new Error('no'))))
    assert.equal(inspections.running, 0)
  })

  it('are offered by a node until it takes them back, and a new node is not taken out by the old', () => {
    const inspections = new Inspections()
    const first = async () => refusedInspection('a', null, new MonitorError('internal', 'first'))
    const second = async () => refusedInspection('a', null, new MonitorError('internal', 'second'))
    const takeBackFirst = inspections.offer('node', first)
    const takeBackSecond = inspections.offer('node', second)
    takeBackFirst()
    assert.equal(inspections.by('node'), second)
    takeBackSecond()
    assert.equal(inspections.by('node'), undefined)
  })

  const codes: [code: ErrorCode, status: number][] = [
    ['unknown-target', 404],
    ['unknown-profile', 400],
    ['forbidden-protocol', 400],
    ['no-ffprobe', 503],
    ['no-ffmpeg', 503],
    ['busy', 503],
    ['internal', 500],
  ]
  for (const [code, status] of codes) {
    it(`answer ${code} with ${status}`, () => {
      assert.equal(statusCodeOf(refusedInspection('a', null, new MonitorError(code, 'why'))), status)
    })
  }

  it('answer a verdict, whatever it is, with 200', () => assert.equal(statusCodeOf({ error: null }), 200))
})

describe('the query of an inspection', () => {
  it('names one target, and a profile where another than its own is asked for', () => {
    assert.deepEqual(parseInspectQuery({ target: 'main' }), { target: 'main', profile: null })
    assert.deepEqual(parseInspectQuery({ target: 'main', profile: 'vimeo' }), { target: 'main', profile: 'vimeo' })
  })

  for (const query of [undefined, {}, { target: '' }, { target: ['a', 'b'] }, { target: { a: 1 } }]) {
    it(`is refused as ${JSON.stringify(query)}`, () => {
      assert.throws(() => parseInspectQuery(query), { code: 'invalid-message', message: /\?target=main/ })
    })
  }

  it('is refused with two profiles', () => {
    assert.throws(() => parseInspectQuery({ target: 'a', profile: ['b', 'c'] }), { code: 'invalid-message' })
  })
})
