import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { LOOKS, Looks } from '../../src/ffmpeg/looks.ts'
import { ContentMeter } from '../../src/stream/content/meter.ts'

/** A session whose looks begin and end in no time, on a clock that the test turns. */
class Session {
  readonly changes: string[] = []
  isFaulty = false
  takesOver = true
  readonly looks: Looks
  #end: () => void = () => {}
  #second = 0

  constructor() {
    const meter = new ContentMeter({ pictures: 'keyframes', stallAfter: 2 })
    this.looks = new Looks({ meter, isFaulty: () => this.isFaulty })
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve
    })
    const change = (to: 'content' | 'packets') => async () => {
      this.changes.push(`${this.#second} ${to}`)
      return this.takesOver
    }
    void this.looks.follow({ ended, begin: change('content'), finish: change('packets') })
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await settled()
      this.#second++
      mock.timers.tick(1000)
    }
    await settled()
  }

  async end(): Promise<void> {
    this.#end()
    await settled()
  }

  /** From when to when it looked, seconds. */
  get times(): [number, number][] {
    const at = this.changes.map((change) => Number.parseInt(change, 10))
    return at.flatMap((from, index) => (index % 2 === 0 ? [[from, at[index + 1] ?? Number.NaN]] : []))
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('looks at the content', () => {
  let session: Session
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    session = new Session()
  })
  afterEach(async () => {
    await session.end()
    mock.timers.reset()
  })

  it('come soon after the beginning of a session, and then every five minutes', async () => {
    await session.pass(LOOKS.firstAtMost + 2 * (LOOKS.every * 1.1 + LOOKS.atLeast) + 10)
    const [first, second, third] = session.times
    assert.ok(first && second && third, session.changes.join())
    assert.ok(first[0] >= LOOKS.first && first[0] <= LOOKS.firstAtMost + 1, `${first[0]}`)
    assert.ok(Math.abs(first[1] - first[0] - LOOKS.atLeast) <= 1, `${first}`)
    for (const pause of [second[0] - first[1], third[0] - second[1]]) {
      assert.ok(pause >= LOOKS.every * 0.89 && pause <= LOOKS.every * 1.11, `${pause}`)
    }
  })

  it('come at once on suspicion, but not soon after another', async () => {
    await session.pass(150)
    assert.equal(session.times.length, 1)
    session.looks.suspect()
    await session.pass(1)
    assert.equal(session.times.length, 2)
    await session.pass(LOOKS.atLeast + 2)
    session.looks.suspect()
    await session.pass(2)
    assert.equal(session.times.length, 2)
    await session.pass(LOOKS.apart)
    assert.equal(session.times.length, 3)
  })

  it('go on while something is wrong, up to a minute, and come again soon', async () => {
    session.isFaulty = true
    await session.pass(200)
    const [first, second] = session.times
    assert.ok(first && second)
    assert.ok(Math.abs(first[1] - first[0] - LOOKS.atMost) <= 1, `${first}`)
    assert.ok(Math.abs(second[0] - first[1] - LOOKS.whileFaulty) <= 1, `${second}`)
    assert.equal(session.looks.isLooking, true)
  })

  it('are tried more and more rarely where the other program does not take over', async () => {
    session.takesOver = false
    await session.pass(3000)
    assert.ok(session.changes.length >= 3 && session.changes.length <= 12, session.changes.join())
    assert.ok(session.changes.every((change) => change.endsWith('content')))
    assert.equal(session.looks.isLooking, false)
  })

  it('end with the session', async () => {
    await session.pass(5)
    await session.end()
    session.looks.suspect()
    await session.pass(1000)
    assert.deepEqual(session.changes, [])
  })
})
