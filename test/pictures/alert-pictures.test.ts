import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { State } from '../../src/observation/observation.ts'
import type { KeyFrameAnswer } from '../../src/observation/picture.ts'
import { AlertPictures } from '../../src/pictures/alert-pictures.ts'
import { Pictures } from '../../src/pictures/pictures.ts'
import { observation } from '../metrics/observations.ts'
import { mockedClock, mockTime } from '../monitor/fixtures.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

const alert = (more: Partial<Alert> = {}): Alert => {
  const time = new Date().toISOString()
  const issue = { type: 'videoBlack', severity: 'error' as const, since: time, summary: 'Black', remedy: [] }
  return {
    ...{ id: 'a', alertname: 'HmonitorVideoBlack', severity: 'critical', kind: 'stream', target: 'main' },
    ...{ monitor: 'test', site: '', status: 'firing', change: 'firing', startsAt: time, time },
    ...{ labels: {}, effects: [], via: 'notify', issue },
    ...more,
  }
}

describe('pictures for emails of alerts', () => {
  let state: MonitorState
  let pictures: AlertPictures
  let allowed: boolean | null
  /** What the stream shows, and whether its key frames come. */
  let shows: string | null
  let made: number
  let keyFrame: (() => Promise<KeyFrameAnswer>) | null

  beforeEach(() => {
    mockTime()
    state = new MonitorState('test', KINDS, mockedClock)
    allowed = true
    shows = 'bars'
    made = 0
    keyFrame = null
    const all = new Pictures(state, async ({ recording }) => {
      made++
      return Buffer.from(recording)
    })
    all.offer('node', {
      allowed: () => allowed,
      keyFrame: async () => {
        if (keyFrame !== null) return keyFrame()
        return shows === null
          ? { code: 'no-picture', message: 'none' }
          : { recording: Buffer.from(`${shows} ${Date.now()}`), format: 'flv', age: 0 }
      },
    })
    pictures = new AlertPictures(state, all)
    state.directory.enter('stream', 'main', 'node', 1)
  })
  afterEach(() => {
    state.directory.leave('stream', 'main', 'node')
    mock.timers.reset()
  })

  const seconds = async (count: number, how: State = 'ok') => {
    for (let second = 0; second < count; second++) {
      state.newest.put(observation({ state: how }))
      await settle()
      mock.timers.tick(1000)
    }
  }
  const shown = async (...alerts: Alert[]) => {
    const found = pictures.of(alerts.length === 0 ? [alert()] : alerts)
    await settle()
    return (await found).map(({ which, jpeg }) => `${which}: ${jpeg.toString().split(' ')[0]}`)
  }

  it('are of now, and the last good one from before', async () => {
    pictures.want()
    await seconds(40)
    shows = 'black'
    await seconds(3)
    await seconds(2, 'degraded')
    assert.deepEqual(await shown(), ['now: black', 'last-good: bars'])
  })

  it('do not take for good what was taken just before the fault was known', async () => {
    pictures.want()
    await seconds(59)
    shows = 'black'
    // The next picture is taken while nobody knows of the fault.
    await seconds(10)
    await seconds(120, 'degraded')
    assert.deepEqual(await shown(), ['now: black', 'last-good: bars'])
    // Nor is it good when the stream is well again for a moment.
    await seconds(5, 'ok')
    await seconds(5, 'degraded')
    assert.deepEqual(await shown(), ['now: black', 'last-good: bars'])
  })

  it('do not take for good what came when the fault was known already', async () => {
    let come: () => void = () => {}
    keyFrame = () =>
      new Promise((resolve) => {
        come = () => resolve({ recording: Buffer.from('black late'), format: 'flv', age: 0 })
      })
    pictures.want()
    await seconds(1)
    await seconds(1, 'degraded')
    come()
    await settle()
    keyFrame = null
    await seconds(31)
    assert.deepEqual(await shown(), ['now: bars'])
  })

  it('are made every 30 s at most while the stream is ok', async () => {
    pictures.want()
    await seconds(89)
    assert.equal(made, 3)
  })

  it('are made only while somebody sends emails', async () => {
    await seconds(60)
    assert.equal(made, 0)
    const release = pictures.want()
    const another = pictures.want()
    await seconds(60)
    release()
    release()
    await seconds(60)
    assert.equal(made, 4)
    another()
    await seconds(60)
    assert.equal(made, 4)
  })

  it('stay over a deploy that makes the sender anew, and go a minute after the last one', async () => {
    const before = pictures.want()
    await seconds(40)
    before()
    const after = pictures.want()
    mock.timers.tick(61_000)
    assert.deepEqual(await shown(), ['now: bars', 'last-good: bars'])
    after()
    mock.timers.tick(61_000)
    assert.deepEqual(await shown(), ['now: bars'])
  })

  it('go with their target', async () => {
    pictures.want()
    await seconds(40)
    state.directory.leave('stream', 'main', 'node')
    state.directory.enter('stream', 'main', 'node', 1)
    assert.deepEqual(await shown(), ['now: bars'])
  })

  for (const said of [null, false]) {
    it(`are none where the target says ${said}`, async () => {
      allowed = said
      pictures.want()
      await seconds(60)
      assert.deepEqual(await shown(), [])
      assert.equal(made, 0)
    })
  }

  it('are none of another kind, of what is over, and of a monitor elsewhere', async () => {
    const others = [{ kind: 'ping' }, { status: 'resolved' as const }, { monitor: 'hall' }, { site: 'elsewhere' }]
    assert.deepEqual(await shown(...others.map(alert)), [])
    assert.deepEqual(await shown(alert({ target: 'elsewhere' })), [])
    assert.equal(made, 0)
  })

  it('are those of a stream once, whatever number of alerts tells of it, and of four streams at most', async () => {
    assert.deepEqual(await shown(alert(), alert({ id: 'b' })), ['now: bars'])
    const names = ['a', 'b', 'c', 'd', 'e']
    for (const name of names) state.directory.enter('stream', name, 'node', 1)
    const found = await pictures.of(names.map((target) => alert({ target })))
    assert.deepEqual(
      found.map(({ target }) => target),
      ['a', 'b', 'c', 'd'],
    )
  })

  it('keep no message waiting for more than 3 s', async () => {
    let isAnswered = false
    const all = new Pictures(state, async () => Buffer.from('late'))
    const takeBack = all.offer('node', { allowed: () => true, keyFrame: () => new Promise(() => {}) })
    const answer = new AlertPictures(state, all).of([alert()]).then((found) => {
      isAnswered = true
      return found
    })
    await settle()
    mock.timers.tick(2900)
    await settle()
    assert.equal(isAnswered, false)
    mock.timers.tick(200)
    assert.deepEqual(await answer, [])
    takeBack()
  })

  it('are last good ones alone where the stream is gone', async () => {
    pictures.want()
    await seconds(40)
    shows = null
    await seconds(3, 'down')
    assert.deepEqual(await shown(), ['last-good: bars'])
  })

  it('are looked for before the message is due', async () => {
    pictures.prepare(alert())
    await settle()
    assert.equal(made, 1)
    pictures.prepare(alert({ monitor: 'hall' }))
    await settle()
    assert.equal(made, 1)
  })
})
