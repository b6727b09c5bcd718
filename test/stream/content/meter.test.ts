import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MetadataParser } from '../../../src/ffmpeg/metadata-line.ts'
import { CONTENT_FAULTS, type Content } from '../../../src/observation/content.ts'
import { ContentMeter } from '../../../src/stream/content/meter.ts'

const STALL_AFTER = 2

/** A meter that is fed with what ffmpeg's filters print. */
class FedMeter extends ContentMeter {
  #pictures = new MetadataParser({ frame() {}, entry() {} })
  #sound = this.#pictures

  override beginSession() {
    const findings = super.beginSession()
    this.#pictures = new MetadataParser(findings.pictures)
    this.#sound = new MetadataParser(findings.sound)
    return findings
  }

  addPictures(chunk: Buffer, at: number): void {
    this.foundAt(at)
    this.#pictures.push(chunk)
  }

  addSound(chunk: Buffer, at: number): void {
    this.foundAt(at)
    this.#sound.push(chunk)
  }
}

function meter(): FedMeter {
  const one = new FedMeter({ pictures: 'keyframes', stallAfter: STALL_AFTER })
  one.beginSession()
  return one
}

function picture(number: number, time: number, ...findings: string[]): Buffer {
  const lines = [`frame:${number}    pts:0    pts_time:${time}`, ...findings, 'hmonitor.seen=1', '']
  return Buffer.from(lines.join('\n'))
}

function sound(number: number, time: number, level: number, ...findings: string[]): Buffer {
  const channel = [`lavfi.astats.1.Peak_level=${level + 10}`, `lavfi.astats.1.RMS_level=${level}`]
  const lines = [`frame:${number}    pts:0    pts_time:${time}`, ...findings, ...channel, 'hmonitor.heard=1', '']
  return Buffer.from(lines.join('\n'))
}

const keyframe = (dts: number) => ({
  media: 'video' as const,
  index: 0,
  pts: null,
  dts,
  size: 9000,
  keyframe: true,
  newExtradata: false,
})

describe('the content of a stream', () => {
  it('is not known before anything was looked at', () => {
    const { black, frozen, silent, oneSided, clipping, loudness, peak, age, spans } = meter().measure(5)
    assert.deepEqual([black, frozen, silent, oneSided, clipping, loudness, peak, age], Array(8).fill(null))
    assert.deepEqual(spans, {})
  })

  it('counts what was to be looked at and was not: one picture alone shows nothing', () => {
    const one = meter()
    const unseen = () => one.measure(0).unseen
    const frame = (dts: number) => one.addPacket({ ...keyframe(dts), keyframe: false })
    for (let dts = 0; dts <= 30; dts++) frame(dts)
    assert.equal(unseen(), 30)
    one.addPictures(picture(0, 0), 10)
    for (let dts = 31; dts <= 50; dts++) frame(dts)
    assert.equal(unseen(), 50, 'one picture')
    one.addPictures(picture(1, 50), 10)
    assert.equal(unseen(), 0, 'two pictures')
    frame(51)
    frame(5000)
    frame(5001)
    assert.equal(unseen(), 2, 'a clock that jumps is no time')
  })

  it('counts it over many looks, whose filters begin anew and number the tracks as they like', () => {
    const one = meter()
    for (let look = 0; look < 3; look++) {
      one.beginSession()
      for (let dts = 0; dts <= 15; dts++) one.addPacket({ ...keyframe(look * 300 + dts), keyframe: false, index: look })
      one.addPictures(picture(0, 0), 10)
      one.cut()
    }
    assert.equal(one.measure(900).unseen, 45)
  })

  it('counts sound that could not be listened to apart from pictures, and of the first track only', () => {
    const one = meter()
    const audio = (dts: number, index = 1) => one.addPacket({ ...keyframe(dts), media: 'audio', index })
    for (let dts = 0; dts <= 25; dts++) {
      audio(dts)
      audio(dts + 7, 2)
    }
    assert.deepEqual([one.measure(0).unheard, one.measure(0).unseen], [25, 0])
    one.addSound(sound(0, 0, -20), 10)
    assert.equal(one.measure(0).unheard, 0)
  })

  it('says how old the newest of it is', () => {
    const one = meter()
    one.addPictures(picture(0, 0), 10)
    one.addSound(sound(0, 0, -20), 10.5)
    assert.equal(one.measure(12).age, 1.5)
  })

  it('is known by track: sound stays known where there are no pictures', () => {
    const one = meter()
    one.addSound(sound(0, 0, -20, 'lavfi.r128.S=-21.5'), 10)
    const { black, silent, loudness } = one.measure(10.1)
    assert.deepEqual([black, silent, loudness], [null, false, -21.5])
  })

  it('is not known any more when nothing was looked at for longer than a stall takes', () => {
    const one = meter()
    one.addPictures(picture(0, 0), 10)
    one.addSound(sound(0, 0, -20), 10)
    assert.deepEqual([one.measure(13).black, one.measure(13).silent], [false, false])
    assert.deepEqual([one.measure(14).black, one.measure(14).silent], [null, null])
  })

  it('stays known between key frames that are far apart', () => {
    const one = meter()
    for (const dts of [0, 10, 20]) one.addPacket(keyframe(dts))
    one.addPictures(picture(0, 20), 20)
    assert.equal(one.measure(40).black, false)
    assert.equal(one.measure(43).black, null)
  })

  it('hands an ended span over once, from a cut or from the picture that ended it', () => {
    const one = meter()
    one.addPictures(picture(0, 0, 'lavfi.black_start=0'), 0)
    one.addPictures(picture(1, 2), 2)
    assert.deepEqual(one.measure(2).spans, { black: { since: 0, duration: 2 } })
    one.addPictures(picture(2, 4, 'lavfi.black_end=4'), 4)
    assert.deepEqual(one.measure(4).endedSpans, [{ fault: 'black', since: 0, duration: 4, cut: false }])
    assert.deepEqual(one.measure(4).endedSpans, [])
  })

  it('reports a span that the stream died in', () => {
    const one = meter()
    for (let i = 0; i < 6; i++) one.addSound(sound(i, i / 2, -90), i / 2)
    one.cut()
    const [ended] = one.measure(20).endedSpans
    assert.deepEqual([ended?.fault, ended?.cut], ['silent', true])
  })

  it('begins anew with a session: half a line of the last one is no part of it', () => {
    const one = meter()
    one.addPictures(Buffer.from('frame:0 pts:0 pts_time:0\nlavfi.black_st'), 0)
    one.beginSession()
    one.addPictures(picture(0, 0), 1)
    one.addPictures(picture(1, 2), 2)
    assert.equal(one.measure(2).black, false)
  })

  it('keeps no more than a hundred ended spans', () => {
    const one = meter()
    for (let i = 0; i < 300; i++) {
      one.addPictures(picture(0, 10 * i, 'lavfi.black_start=0'), i)
      one.addPictures(picture(1, 10 * i + 2), i)
      one.cut()
    }
    const { endedSpans } = one.measure(300)
    assert.equal(endedSpans.length, 100)
    assert.equal(endedSpans.at(-1)?.since, 2990)
  })

  it('is finite and consistent whatever the filters print', () => {
    const time = fc.oneof(fc.double({ min: -10, max: 1e5, noNaN: true }), fc.constantFrom(0, 1e9, -1e9))
    const number = fc.oneof(fc.nat({ max: 50 }), fc.constantFrom('nan', '-inf', 'inf', ''))
    const key = fc.constantFrom(
      'lavfi.black_start',
      'lavfi.black_end',
      'lavfi.freezedetect.freeze_start',
      'lavfi.freezedetect.freeze_end',
      'lavfi.astats.1.RMS_level',
      'lavfi.astats.2.RMS_level',
      'lavfi.astats.1.Peak_level',
      'lavfi.astats.99.Peak_count',
      'lavfi.astats.Overall.Number_of_samples',
      'lavfi.r128.M',
      'lavfi.r128.I',
      'hmonitor.seen',
      'hmonitor.heard',
    )
    const line = fc.oneof(
      fc.tuple(fc.nat({ max: 20 }), time).map(([frame, at]) => `frame:${frame} pts:0 pts_time:${at}\n`),
      fc.tuple(key, number).map(([name, value]) => `${name}=${value}\n`),
    )
    const step = fc.oneof(
      line.map((text) => (one: FedMeter, at: number) => one.addPictures(Buffer.from(text), at)),
      line.map((text) => (one: FedMeter, at: number) => one.addSound(Buffer.from(text), at)),
      time.map((dts) => (one: FedMeter) => one.addPacket(keyframe(dts))),
      fc.constantFrom<('cut' | 'beginSession')[]>('cut', 'beginSession').map((name) => (one: FedMeter) => one[name]()),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const one = meter()
        let at = 0
        for (const next of steps) {
          at += 0.1
          next(one, at)
          assertSound(one.measure(at))
        }
      }),
    )
  })
})

function assertSound(content: Content): void {
  const { loudness, momentaryLoudness, integratedLoudness, peak, age } = content
  for (const value of [loudness, momentaryLoudness, integratedLoudness, peak, age]) {
    assert.ok(value === null || Number.isFinite(value))
  }
  assert.ok(!(content.black && content.frozen), 'black wins')
  assert.ok(content.silentSide === null || content.oneSided === true)
  for (const fault of CONTENT_FAULTS) {
    const span = content.spans[fault]
    assert.equal(span !== undefined, content[fault] === true, fault)
    if (span) assert.ok(span.duration >= 0 && Number.isFinite(span.since + span.duration), fault)
  }
  for (const { since, duration } of content.endedSpans) assert.ok(Number.isFinite(since) && duration >= 0)
}
