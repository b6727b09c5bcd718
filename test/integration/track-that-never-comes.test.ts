import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { execa } from 'execa'
import { contentArguments } from '../../src/ffmpeg/ffmpeg-arguments.ts'
import { transportArguments } from '../../src/ffmpeg/ffprobe-arguments.ts'
import { FramecrcParser } from '../../src/ffmpeg/framecrc-line.ts'
import { pidOf } from '../../src/readers/transport-tables.ts'
import { transport } from '../fixtures/transport.ts'

const PACKET = 188
const SOUND = 0x101

describe('MPEG-TS whose table names a sound that never comes', () => {
  it('is read and looked at by ffmpeg all the same', async () => {
    const whole = readFileSync(await transport())
    const packets = Array.from({ length: whole.length / PACKET }, (_, at) =>
      whole.subarray(at * PACKET, (at + 1) * PACKET),
    )
    const input = Buffer.concat(packets.filter((packet) => pidOf(packet, 0) !== SOUND))
    assert.ok(input.length < whole.length)
    const args = contentArguments({ pictures: 'keyframes', media: 'both', ...transportArguments('ffmpeg') })
    const { stdout, stdio } = await execa('ffmpeg', args, {
      input,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      reject: false,
    })
    let frames = 0
    new FramecrcParser(({ media }) => (media === 'video' ? frames++ : assert.fail(media))).push(
      Buffer.from(`${stdout}\n`),
    )
    assert.ok(frames > 400, `${frames} frames`)
    assert.match(String(stdio[3]), /lavfi\.|seen/i)
  })
})
