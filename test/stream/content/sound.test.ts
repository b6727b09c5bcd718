import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndedSpan } from '../../../src/observation/content.ts'
import { BLOCK, PART, SOUND_HEARD, Sound } from '../../../src/stream/content/sound.ts'

interface Level {
  peak: number
  level: number
  atPeak?: number
}

const SPEECH: Level = { peak: -8, level: -20 }
const HISS: Level = { peak: -55, level: -66 }
const MUTED: Level = { peak: Number.NEGATIVE_INFINITY, level: Number.NEGATIVE_INFINITY }
/** Of 24 000 samples. */
const CLIPPED: Level = { peak: 0, level: -4.5, atPeak: 800 }

/** Half seconds of sound with the findings that ffmpeg prints of them. */
function listen() {
  const ended: EndedSpan[] = []
  let heard = 0
  let number = 0
  let time = 0
  const sound = new Sound(
    (span) => ended.push(span),
    () => heard++,
  )
  const hear = (seconds: number, ...channels: Level[]) => {
    for (let block = 0; block < seconds / BLOCK; block++) {
      time += BLOCK
      sound.frame(number++, time - PART)
      for (const [index, { peak, level, atPeak = 2 }] of channels.entries()) {
        sound.entry(`lavfi.astats.${index + 1}.Peak_level`, print(peak))
        sound.entry(`lavfi.astats.${index + 1}.RMS_level`, print(level))
        sound.entry(`lavfi.astats.${index + 1}.Peak_count`, print(atPeak))
      }
      sound.entry('lavfi.astats.Overall.Number_of_samples', '24000.000000')
      sound.entry(SOUND_HEARD, '1')
    }
    return sound.read(true)
  }
  const refresh = () => {
    number = 0
  }
  return { hear, sound, ended, refresh, heard: () => heard }
}

function print(value: number): string {
  return value === Number.NEGATIVE_INFINITY ? '-inf' : value.toFixed(6)
}

describe('sound', () => {
  it('does not call fine what was faulty from the first moment, before it can tell', () => {
    for (const channels of [
      [MUTED, MUTED],
      [SPEECH, MUTED],
      [CLIPPED, CLIPPED],
    ]) {
      const { hear } = listen()
      const { silent, oneSided, clipping } = hear(1, ...channels)
      assert.deepEqual([silent, oneSided, clipping].filter((found) => found === null).length, 1)
      assert.ok(Object.values(hear(3, ...channels)).includes(true))
    }
    const { hear } = listen()
    hear(5, SPEECH, SPEECH)
    assert.equal(hear(1, MUTED, MUTED).silent, false)
  })

  it('is not known before the first half second, nor when what is known is too old', () => {
    const { hear, sound } = listen()
    assert.equal(sound.read(true).silent, null)
    hear(0.5, SPEECH, SPEECH)
    assert.equal(sound.read(true).silent, false)
    assert.deepEqual([sound.read(false).silent, sound.read(false).loudness, sound.read(false).peak], [null, null, null])
  })

  it('has the peak of its loudest channel, and -120 dBFS where it is digital silence', () => {
    const { hear } = listen()
    assert.equal(hear(0.5, SPEECH, HISS).peak, -8)
    assert.equal(hear(0.5, MUTED, MUTED).peak, -120)
  })

  it('is silent after 2 s in which no channel carries more than noise', () => {
    const { hear, ended } = listen()
    hear(4, SPEECH, SPEECH)
    assert.equal(hear(1.5, HISS, MUTED).silent, false)
    const found = hear(0.5, HISS, MUTED)
    assert.deepEqual([found.silent, found.oneSided, found.spans], [true, false, { silent: { since: 4, duration: 2 } }])
    assert.equal(hear(0.5, SPEECH, SPEECH).silent, false)
    assert.deepEqual(ended, [{ fault: 'silent', since: 4, duration: 2, cut: false }])
  })

  it('is not silent in the pauses of a speaker', () => {
    const { hear, ended } = listen()
    for (let sentence = 0; sentence < 5; sentence++) {
      assert.equal(hear(3, SPEECH, SPEECH).silent, false)
      assert.equal(hear(1.5, HISS, HISS).silent, false)
    }
    assert.deepEqual(ended, [])
  })

  it('goes on being silent while noise swings around the level', () => {
    const { hear, ended } = listen()
    hear(4, HISS)
    for (let i = 0; i < 10; i++) hear(0.5, { peak: -45, level: -57 - (i % 2) * 6 })
    assert.equal(hear(0.5, HISS).silent, true)
    assert.deepEqual(ended, [])
  })

  it('is one-sided after 2 s in which only one of two channels carries it, and says which is silent', () => {
    const { hear, ended } = listen()
    hear(1, SPEECH, SPEECH)
    const found = hear(2, SPEECH, HISS)
    assert.deepEqual(
      [found.oneSided, found.silentSide, found.silent, found.spans],
      [true, 'right', false, { oneSided: { since: 1, duration: 2 } }],
    )
    assert.equal(hear(0.5, SPEECH, SPEECH).silentSide, null)
    assert.equal(hear(2, MUTED, SPEECH).silentSide, 'left')
    assert.equal(ended.length, 1)
  })

  it('is not one-sided when it is mono, when it has more than two channels, or when the other side only hisses', () => {
    assert.equal(listen().hear(4, SPEECH).oneSided, false)
    assert.equal(listen().hear(4, SPEECH, MUTED, SPEECH, MUTED, MUTED, MUTED).oneSided, false)
    assert.equal(listen().hear(4, { peak: -45, level: -58 }, MUTED).oneSided, false)
  })

  it('clips when it is cut off at full scale three times in 5 s, and until 3 s went by without', () => {
    const { hear, ended } = listen()
    hear(4, SPEECH, SPEECH)
    hear(0.5, CLIPPED, SPEECH)
    hear(1, SPEECH, SPEECH)
    assert.equal(hear(0.5, CLIPPED, SPEECH).clipping, false)
    const found = hear(0.5, CLIPPED, SPEECH)
    assert.deepEqual([found.clipping, found.spans], [true, { clipping: { since: 4, duration: 2.5 } }])
    assert.equal(hear(2.5, SPEECH, SPEECH).clipping, true)
    assert.equal(hear(0.5, SPEECH, SPEECH).clipping, false)
    assert.deepEqual(ended, [{ fault: 'clipping', since: 4, duration: 2.5, cut: false }])
  })

  it('does not clip at full scale under a limiter, nor as a tone', () => {
    assert.equal(listen().hear(6, { peak: 0, level: -8.5, atPeak: 53 }).clipping, false)
    assert.equal(listen().hear(6, { peak: -0.44, level: -3.46 }).clipping, false)
  })

  it('clips as a tone that is cut off, though AAC rounds its corners', () => {
    assert.equal(listen().hear(6, { peak: -0.2, level: -1.05 }).clipping, true)
  })

  it('has no loudness below -70 LUFS', () => {
    const { hear, sound } = listen()
    hear(0.5, SPEECH)
    sound.entry('lavfi.r128.M', '-18.2')
    sound.entry('lavfi.r128.S', '-120.691')
    sound.entry('lavfi.r128.I', '-70.000')
    const { momentaryLoudness, loudness, integratedLoudness } = sound.read(true)
    assert.deepEqual([momentaryLoudness, loudness, integratedLoudness], [-18.2, null, null])
  })

  it('has no loudness where what is printed is no number', () => {
    const { hear, sound } = listen()
    hear(0.5, SPEECH)
    for (const value of ['nan', '-inf', 'inf', '']) {
      sound.entry('lavfi.r128.S', value)
      assert.equal(sound.read(true).loudness, null, value)
    }
  })

  it('reports the end of what went on when nothing is known of what comes, and takes it up again', () => {
    const { hear, sound, ended } = listen()
    hear(4, MUTED, MUTED)
    sound.cut()
    assert.deepEqual(ended, [{ fault: 'silent', since: 0.5, duration: 3.5, cut: true }])
    assert.equal(sound.read(true).silent, null)
    assert.equal(hear(2, MUTED, MUTED).silent, true)
  })

  it('of another format begins anew, because the filters do', () => {
    const { hear, ended, refresh } = listen()
    hear(4, MUTED, MUTED)
    refresh()
    assert.equal(hear(0.5, SPEECH).silent, false)
    assert.equal(ended[0]?.cut, true)
  })
})
