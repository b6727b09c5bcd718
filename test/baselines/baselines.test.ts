import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Baselines } from '../../src/baselines/baselines.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Clock } from '../../src/observation/clock.ts'
import type { State } from '../../src/observation/observation.ts'
import type { DamagedFile } from '../../src/storage/json-file.ts'
import { measurements, type StreamObservation } from '../metrics/observations.ts'
import { normal } from './noise.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmonitor-baselines-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const newPath = () => join(folder, `${files++}`, 'monitor.json')

const START = Date.parse('2026-03-01T10:00:00Z')
const MINUTE = 60
/** Bytes per second: 6 Mb/s. */
const LEVEL = 750_000

/** A monitor whose time passes as it observes. */
class World {
  monotonic = 1000
  wall = START
  readonly damaged: DamagedFile[] = []
  readonly baselines: Baselines
  #sequence = 0
  readonly #noise = normal(5)

  constructor({ path = null as string | null, isEndless = false, wall = START } = {}) {
    this.wall = wall
    const clock: Clock = { wall: () => this.wall, monotonic: () => this.monotonic }
    this.baselines = new Baselines(KINDS, clock, () => isEndless)
    this.baselines.open(path, (file) => this.damaged.push(file))
  }

  /** Observes once a second. @param level bytes of video per second */
  observe(seconds: number, level: number, state: State = 'ok', expected = true): this {
    for (let second = 0; second < seconds; second++) {
      this.monotonic += 1
      this.wall += 1000
      const rates = { ...measurements().last1s, videoBytesPerSecond: level * (1 + 0.05 * this.#noise()) }
      this.baselines.observe(this.#observation(state, expected, measurements({ last1s: rates })))
    }
    return this
  }

  broadcasts(count: number, level = LEVEL): this {
    for (let one = 0; one < count; one++) this.observe(10 * MINUTE, level).observe(11 * MINUTE, 0, 'off', false)
    return this
  }

  video() {
    return this.baselines.usualOf('stream', 'main').find(({ measure }) => measure === 'videoBytesPerSecond')
  }

  #observation(state: State, expected: boolean, measured: StreamObservation['measurements']): StreamObservation {
    this.#sequence += 1
    const time = new Date(this.wall).toISOString()
    const what = { kind: 'stream', target: 'main', labels: {}, time, sequence: this.#sequence } as const
    return { ...what, state, expected, score: 100, measurements: measured, issues: [] }
  }
}

describe('what is usual for a target', () => {
  it('is said in words with units, over means of ten seconds', () => {
    const world = new World().broadcasts(8).observe(10, LEVEL * 0.7)
    assert.equal(world.video(), undefined)
    world.observe(1, LEVEL * 0.7)
    assert.equal(world.video()?.unusual, null)
    world.observe(20, LEVEL * 0.7)
    assert.equal(world.video()?.unusual, 'level')
    assert.match(
      world.video()?.text ?? '',
      /^Video 4\.\d+ Mb\/s \(usual in your last 8 broadcasts: 5\.\d+ to 6\.\d+ Mb\/s\)$/,
    )
    const { low = 0, high = 0, deviation = 0 } = world.video() ?? {}
    assert.ok(low < LEVEL && high > LEVEL && deviation < -4, `${low} ${high} ${deviation}`)
  })

  it('goes on with the same broadcast over an outage, and begins another after ten minutes away', () => {
    const goesOn = new World()
      .broadcasts(2)
      .observe(10 * MINUTE, LEVEL)
      .observe(9 * MINUTE, 0, 'down')
    assert.equal(
      goesOn.observe(31, LEVEL).video(),
      undefined,
      'two broadcasts, and twenty minutes of this one, are too few',
    )
    const another = new World()
      .broadcasts(2)
      .observe(10 * MINUTE, LEVEL)
      .observe(11 * MINUTE, 0, 'down')
    assert.ok(another.observe(31, LEVEL).video())
  })

  it('is not asked while it is away, not expected or not known', () => {
    for (const [state, expected] of [
      ['down', true],
      ['off', false],
      ['unknown', true],
      ['ok', false],
    ] as const) {
      const world = new World().broadcasts(4).observe(31, LEVEL)
      assert.ok(world.video())
      assert.equal(world.observe(1, 0, state, expected).video(), undefined, state)
    }
  })

  it('learns nothing of what is not expected: a test before the event is none', () => {
    const world = new World().broadcasts(4).observe(60 * MINUTE, LEVEL / 3, 'ok', false)
    assert.equal(world.observe(31, LEVEL / 3).video()?.unusual, 'level')
  })

  it('of a channel is told by days', () => {
    const world = new World({ isEndless: true }).observe(31 * MINUTE, LEVEL)
    assert.match(world.video()?.text ?? '', /usual so far/)
    world.observe(24 * 60 * MINUTE, LEVEL)
    assert.match(world.observe(60 * MINUTE, LEVEL).video()?.text ?? '', /usual in your last day:/)
  })
})

describe('what is known of targets', () => {
  it('survives a restart, in the middle of a broadcast too', () => {
    const path = newPath()
    const before = new World({ path }).broadcasts(4).observe(20 * MINUTE, LEVEL)
    const later = new World({ path, wall: before.wall + 30_000 })
    assert.match(later.observe(31, LEVEL * 0.7).video()?.text ?? '', /last 4 broadcasts/)
    assert.equal(later.video()?.unusual, 'level')
    const much = new World({ path, wall: before.wall + 3_600_000 })
    assert.match(much.observe(31, LEVEL).video()?.text ?? '', /last 5 broadcasts/)
  })

  it('survives a clock that is set by an hour, back and forth', () => {
    for (const step of [3_600_000, -3_600_000]) {
      const world = new World().broadcasts(4).observe(10 * MINUTE, LEVEL)
      world.wall += step
      assert.match(world.observe(31, LEVEL).video()?.text ?? '', /last 4 broadcasts/)
      assert.equal(world.video()?.unusual, null)
    }
  })

  for (const [name, text] of [
    ['cut off', '{"version":1,"tar'],
    ['of a newer version', '{"version":2,"targets":[]}'],
    [
      'with a count that has no bucket',
      '{"version":1,"targets":[{"target":"stream/main","at":0,"measured":0,"measures":{"drift":{"kept":[],"usual":{"level":0,"counts":[1]},"heldBack":{"level":0,"counts":[]}}}}]}',
    ],
  ] as const) {
    it(`begins anew with a file that is ${name}, which is kept and told`, () => {
      const path = newPath()
      new World({ path }).observe(6 * MINUTE, LEVEL)
      writeFileSync(path, text)
      const world = new World({ path })
      assert.equal(world.damaged.length, 1)
      assert.equal(readFileSync(`${path}.damaged`, 'utf8'), text)
      assert.equal(world.observe(60, LEVEL).video(), undefined)
    })
  }

  it('is bounded, however many targets come and go', () => {
    const path = newPath()
    const world = new World({ path })
    for (let count = 0; count < 1100; count++) {
      const time = new Date(world.wall).toISOString()
      const what = { kind: 'stream', target: `t${count}`, labels: {}, time, sequence: 1 } as const
      world.baselines.observe({
        ...what,
        state: 'ok',
        expected: true,
        score: 100,
        measurements: measurements(),
        issues: [],
      })
    }
    world.baselines.save()
    assert.equal(JSON.parse(readFileSync(path, 'utf8')).targets.length, 1000)
  })
})
