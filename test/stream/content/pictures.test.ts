import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndedSpan } from '../../../src/observation/content.ts'
import { PICTURE_SEEN, Pictures } from '../../../src/stream/content/pictures.ts'

const GOP = 2

/** What the filters say of one picture. */
type Look = 'changed' | 'black starts' | 'black ends' | 'still' | 'changed after still' | 'nothing'

/** Pictures of a stream's key frames, with the findings that ffmpeg prints of them. */
function look() {
  const ended: EndedSpan[] = []
  let seen = 0
  let number = 0
  const pictures = new Pictures(
    (span) => ended.push(span),
    () => seen++,
  )
  const picture = (time: number, ...looks: Look[]) => {
    pictures.keyframe(time)
    pictures.frame(number++, time)
    for (const one of looks) {
      if (one === 'black starts') pictures.entry('lavfi.black_start', String(time))
      if (one === 'black ends') pictures.entry('lavfi.black_end', String(time))
      if (one === 'still' || one === 'changed') {
        pictures.entry('lavfi.freezedetect.freeze_start', String(time - GOP))
      }
      if (one === 'changed' || one === 'changed after still') {
        pictures.entry('lavfi.freezedetect.freeze_duration', String(GOP))
        pictures.entry('lavfi.freezedetect.freeze_end', String(time))
      }
    }
    pictures.entry(PICTURE_SEEN, '1')
    return pictures.read(true)
  }
  const refresh = () => {
    number = 0
  }
  return { picture, pictures, ended, refresh, seen: () => seen }
}

describe('pictures', () => {
  it('are not known before the first, and not known to move before the second', () => {
    const { picture, pictures } = look()
    assert.deepEqual(pictures.read(true), { black: null, frozen: null, spans: {} })
    assert.deepEqual(picture(0), { black: false, frozen: null, spans: {} })
    assert.deepEqual(picture(2, 'changed'), { black: false, frozen: false, spans: {} })
  })

  it('are not known when what is known is too old', () => {
    const { picture, pictures } = look()
    picture(0, 'black starts')
    picture(2)
    assert.deepEqual(pictures.read(false), { black: null, frozen: null, spans: {} })
  })

  it('are black from the second black one on, counted from the first', () => {
    const { picture, ended } = look()
    picture(0)
    picture(2, 'changed')
    assert.equal(picture(4, 'changed', 'black starts').black, false)
    assert.deepEqual(picture(6), { black: true, frozen: false, spans: { black: { since: 4, duration: 2 } } })
    picture(8)
    assert.equal(picture(10, 'black ends', 'changed').black, false)
    assert.deepEqual(ended, [{ fault: 'black', since: 4, duration: 6, cut: false }])
  })

  it('are not black for a single black one: a fade through black', () => {
    const { picture, ended } = look()
    picture(0)
    assert.equal(picture(2, 'changed', 'black starts').black, false)
    assert.equal(picture(4, 'black ends', 'changed').black, false)
    assert.deepEqual(ended, [])
  })

  it('are black and not frozen, for black pictures stand still too', () => {
    const { picture, ended } = look()
    picture(0)
    picture(2, 'changed', 'black starts')
    picture(4, 'still')
    picture(6)
    assert.deepEqual(picture(8), { black: true, frozen: false, spans: { black: { since: 2, duration: 6 } } })
    picture(10, 'black ends', 'changed after still')
    assert.deepEqual(
      ended.map(({ fault }) => fault),
      ['black'],
    )
  })

  it('are frozen when they are the same over two key frame intervals', () => {
    const { picture, ended } = look()
    picture(0)
    picture(2, 'changed')
    assert.equal(picture(4, 'still').frozen, false)
    assert.deepEqual(picture(6), { black: false, frozen: true, spans: { frozen: { since: 2, duration: 4 } } })
    picture(8)
    assert.equal(picture(10, 'changed after still').frozen, false)
    assert.deepEqual(ended, [{ fault: 'frozen', since: 2, duration: 8, cut: false }])
  })

  it('are not frozen for the one key frame interval over which two of them are alike', () => {
    const { picture, ended } = look()
    picture(0)
    picture(2, 'still')
    assert.equal(picture(4, 'changed after still').frozen, false)
    assert.deepEqual(ended, [])
  })

  it('that are all looked at are frozen no sooner than over two key frame intervals, and 1 s', () => {
    const { pictures, picture } = look()
    for (const dts of [-4, -2, 0]) pictures.keyframe(dts)
    let number = 100
    const every = (time: number, key?: string, value?: number) => {
      pictures.frame(number++, time)
      if (key) pictures.entry(key, String(value))
      pictures.entry(PICTURE_SEEN, '1')
      return pictures.read(true).frozen
    }
    assert.equal(every(0), null)
    assert.equal(every(0.5, 'lavfi.freezedetect.freeze_start', 0), null)
    assert.equal(every(3), null)
    assert.equal(every(4), true)
    assert.ok(picture)
  })

  it('that stand still after black ones are frozen from then on', () => {
    const { picture } = look()
    picture(0)
    picture(2, 'changed', 'black starts')
    picture(4, 'still')
    picture(6, 'black ends')
    assert.equal(picture(8).frozen, false)
    assert.deepEqual(picture(10).spans, { frozen: { since: 6, duration: 4 } })
  })

  it('report the end of what went on when nothing is known of what comes', () => {
    const { picture, pictures, ended } = look()
    picture(0, 'black starts')
    picture(2)
    pictures.cut()
    assert.deepEqual(ended, [{ fault: 'black', since: 0, duration: 2, cut: true }])
    assert.deepEqual(pictures.read(true), { black: null, frozen: null, spans: {} })
  })

  it('that are still black afterwards are so again, though the filter does not say it twice', () => {
    const { picture, pictures } = look()
    picture(0, 'black starts')
    picture(2)
    pictures.cut()
    assert.equal(picture(30).black, null)
    assert.deepEqual(picture(32).spans, { black: { since: 30, duration: 2 } })
  })

  it('of another size begin anew, because the filters do', () => {
    const { picture, ended, refresh } = look()
    picture(0, 'black starts')
    picture(2)
    picture(4)
    refresh()
    assert.equal(picture(6).black, false)
    assert.deepEqual(ended, [{ fault: 'black', since: 0, duration: 4, cut: true }])
  })

  it('may come from a publisher that begins anew at 0: what goes on keeps its length', () => {
    const { picture } = look()
    picture(100, 'black starts')
    picture(102)
    picture(104)
    picture(0)
    assert.deepEqual(picture(2).spans, { black: { since: -4, duration: 6 } })
  })

  it('do not last as long as a jump of their time stamps', () => {
    const { picture } = look()
    picture(0, 'black starts')
    picture(2)
    picture(5000)
    assert.deepEqual(picture(5002).spans, { black: { since: 4998, duration: 4 } })
  })
})
