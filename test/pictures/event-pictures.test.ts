import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { PictureFiles } from '../../src/history/picture-files.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { State } from '../../src/observation/observation.ts'
import { EventPictures } from '../../src/pictures/event-pictures.ts'
import { Pictures } from '../../src/pictures/pictures.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'

const START = Date.parse('2026-03-01T10:00:00Z')

describe('pictures for the report of an event', () => {
  let folder: string
  let state: MonitorState
  let files: PictureFiles
  let stop: () => void
  let seconds: number
  let shows: string | null
  let allowed: boolean | null

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-pictures-'))
    seconds = 0
    shows = 'bars'
    allowed = true
    state = new MonitorState('test', KINDS, { wall: () => START + seconds * 1000, monotonic: () => 100 + seconds })
    const all = new Pictures(state, async ({ recording }) => Buffer.from(recording))
    all.offer('node', {
      allowed: () => allowed,
      keyFrame: async () =>
        shows === null
          ? { code: 'no-picture', message: 'none' }
          : { recording: Buffer.from(`${shows} ${seconds}`), format: 'flv', age: 0 },
    })
    files = new PictureFiles()
    files.keepIn(folder, 31)
    stop = new EventPictures(state, all, files).want()
    state.directory.enter('stream', 'main', 'node', 1)
  })
  afterEach(() => {
    stop()
    state.directory.leave('stream', 'main', 'node')
    rmSync(folder, { recursive: true, force: true })
  })

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  const observe = async (at: number, its: State, expected = true) => {
    seconds = at
    state.newest.put({ ...observation(), state: its, expected, time: new Date(START).toISOString() })
    for (let turn = 0; turn < 5; turn += 1) await settled()
  }
  const kept = async () => {
    const all = await files.between('main', { from: START, to: START + 3_600_000 }, 100)
    return all.map(({ jpeg }) => Buffer.from(jpeg).toString())
  }
  const keeps = (pictures: string[]) =>
    until(async () => (await kept()).join() === pictures.join(), 20, pictures.join())

  it('are the last one before a fault, one of it, and one when it is well again', async () => {
    await observe(0, 'ok')
    await observe(60, 'ok')
    shows = 'black'
    await observe(100, 'degraded')
    await keeps(['bars 60', 'black 100'])
    await observe(101, 'degraded')
    shows = 'bars'
    await observe(105, 'ok')
    await observe(112, 'ok')
    await keeps(['bars 60', 'black 100', 'bars 112'])
  })

  it('leave out what was taken when the fault may have been there already', async () => {
    await observe(0, 'ok')
    await observe(60, 'ok')
    shows = null
    await observe(65, 'down')
    await keeps(['bars 0'])
  })

  it('are none where the target does not say so, and go when it says so no more', async () => {
    await observe(0, 'ok')
    await observe(60, 'degraded')
    await keeps(['bars 0', 'bars 60'])
    allowed = null
    await observe(61, 'ok')
    await until(() => readdirSync(folder).length === 0, 20, 'no folder')
  })

  it('are at most 24 of an event, and none while nothing is expected', async () => {
    for (let fault = 0; fault < 20; fault += 1) {
      await observe(fault * 150, 'ok')
      await observe(fault * 150 + 50, 'degraded')
    }
    await until(async () => (await kept()).length === 24, 20, '24 pictures')
    await observe(4000, 'degraded', false)
    await observe(4050, 'ok', false)
    await observe(4100, 'degraded', false)
    assert.equal((await files.between('main', { from: START, to: START + 9e6 }, 100)).length, 24)
  })
})

describe('files of pictures', () => {
  it('go when they are too old or too many, and are none where nothing is kept', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hmonitor-pictures-'))
    try {
      const files = new PictureFiles()
      const jpeg = Buffer.from('x')
      assert.equal(await files.keep('main', { at: START, jpeg }), false)
      files.keepIn(folder, 0)
      assert.equal(await files.keep('main', { at: START, jpeg }), false)
      files.keepIn(folder, 1)
      assert.equal(await files.keep('main', { at: START, jpeg: Buffer.alloc(80_001) }), false)
      for (let at = 0; at < 203; at += 1) await files.keep('main', { at: START + at, jpeg })
      const all = () => files.between('main', { from: 0, to: START * 2 }, 1000)
      assert.deepEqual([(await all()).length, (await all())[0]?.at], [200, START + 3])
      await files.sweep(START + 86_400_000 + 100)
      assert.equal((await all())[0]?.at, START + 100)
      await files.forgetAll()
      assert.deepEqual(await all(), [])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
