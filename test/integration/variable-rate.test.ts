/** Frames that an encoder leaves out of a shared screen, and frames that are lost, as real encoders write them. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { execa } from 'execa'
import { sessionArguments } from '../../src/ffmpeg/ffprobe-arguments.ts'
import { PacketLineParser } from '../../src/ffmpeg/packet-line.ts'
import { PacketMeter } from '../../src/stream/meter.ts'
import type { Packet } from '../../src/stream/packet.ts'
import { clipFile, encodeOnce } from '../fixtures/clips.ts'

/** Seconds. */
const LENGTH = 55
const SOURCE = 'testsrc2=size=640x360:rate=30'
/** 10 s of movement, 15 s that stand still, and again. What is like the frame before is left out, but 2 a second. */
const SCREEN = 'loop=loop=450:size=1:start=300,loop=loop=450:size=1:start=1050,setpts=N/30/TB,mpdecimate=max=15'
/** Besides, something small moves on it now and then, as a pointer does. */
const POINTER = `color=white:size=12x12:rate=30[p];[0]loop=loop=1400:size=1:start=300,setpts=N/30/TB[s];[s][p]overlay=x='if(lt(mod(t,7),2),200+60*t-420*floor(t/7),200)':y=100,mpdecimate=max=15`

const SHARED: Readonly<Record<string, readonly string[]>> = {
  'a constant bitrate': ['-vf', SCREEN, '-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '2500k', '-g', '60'],
  'key frames by the clock': ['-vf', SCREEN, '-b:v', '2500k', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
  'a constant quality, at once': [
    '-vf',
    SCREEN,
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-crf',
    '26',
    '-g',
    '60',
  ],
  'a pointer that moves': ['-filter_complex', POINTER, '-b:v', '2500k', '-g', '60'],
}

async function packetsOf(args: readonly string[]): Promise<Packet[]> {
  const options = ['-f', 'lavfi', '-i', SOURCE, ...args, '-t', String(LENGTH), '-vsync', 'vfr']
  const coded = [...options, '-c:v', 'libx264', '-pix_fmt', 'yuv420p']
  const name = createHash('sha256').update(coded.join(' ')).digest('hex').slice(0, 16)
  const file = await encodeOnce(clipFile(`v1-screen-${name}.mkv`), coded)
  const packets: Packet[] = []
  const parser = new PacketLineParser((packet) => packets.push({ ...packet }))
  const { stdout } = await execa('ffprobe', [...sessionArguments(), file], { encoding: 'buffer' })
  parser.push(Buffer.from(stdout))
  return packets
}

/** The moments, a second apart, at which frames are missing by 15 %, and what the meter says of them. */
function missing(packets: readonly Packet[]): (boolean | null)[] {
  const meter = new PacketMeter({ stallAfter: 2 })
  meter.beginSession(0)
  const said: (boolean | null)[] = []
  let next = 12
  for (const packet of packets) {
    const at = packet.dts ?? 0
    for (; at > next; next++) {
      const { window, variableFrameRate = null } = meter.measure(next)
      if (window.framesPerSecond !== null && window.framesPerSecond < 0.85 * 30) said.push(variableFrameRate)
    }
    meter.add(packet, at)
  }
  return said
}

describe('frames that do not come', { concurrency: 2 }, () => {
  for (const [how, args] of Object.entries(SHARED)) {
    it(`are left out of a shared screen: ${how}`, { timeout: 120_000 }, async () => {
      const said = missing(await packetsOf(args))
      assert.ok(said.length > 20, `${said.length} s`)
      assert.deepEqual([...new Set(said)], [true])
    })
  }

  for (const [what, lost] of [
    ['a third of them, and no key frame', (index: number, key: boolean) => !key && index % 3 === 0],
    ['one of two, and no key frame', (index: number, key: boolean) => !key && index % 2 === 0],
    ['a second in each three', (index: number) => index % 90 < 30],
    ['at random', (index: number) => (index * 7919) % 100 < 40],
  ] as const) {
    for (const bFrames of [0, 3]) {
      it(`are lost: ${what}, with ${bFrames} B-frames`, { timeout: 120_000 }, async () => {
        const packets = await packetsOf(['-b:v', '2500k', '-g', '60', '-bf', String(bFrames)])
        const kept = packets.filter((packet, index) => (packet.dts ?? 0) < 20 || !lost(index, packet.keyframe))
        const said = missing(kept)
        assert.ok(said.length > 20, `${said.length} s`)
        assert.equal(said.includes(true), false)
      })
    }
  }
})
