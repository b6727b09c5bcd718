/**
 * What a packet costs from ffprobe's bytes to the meter, and what a meter costs in memory. Prints nanoseconds per
 * packet, for pipe chunks of one to a few lines as they come from a live stream, and for a burst of 64 kB chunks.
 */
import { performance } from 'node:perf_hooks'
import { PacketLineParser } from '../src/ffmpeg/packet-line.ts'
import { PacketMeter } from '../src/stream/meter.ts'

const STREAMS = 100
const SECONDS = 60

/** A stream of 30 frames and 43 audio packets per second, as ffprobe prints it. */
function lines(): { at: number; text: string }[] {
  const out: { at: number; text: string }[] = []
  for (let i = 0; i < SECONDS * 30; i++) {
    const flags = i % 60 === 0 ? 'K__' : '___'
    out.push({ at: i / 30, text: `video,0,${(i / 30 + 0.067).toFixed(6)},${(i / 30).toFixed(6)},16500,${flags}\n` })
  }
  for (let i = 0; i < SECONDS * 43; i++) {
    out.push({ at: i / 43, text: `audio,1,${(i / 43).toFixed(6)},${(i / 43).toFixed(6)},371,K__\n` })
  }
  return out.sort((a, b) => a.at - b.at)
}

function run(perChunk: number): number {
  const all = lines()
  const chunks: { at: number; bytes: Buffer }[] = []
  for (let i = 0; i < all.length; i += perChunk) {
    const group = all.slice(i, i + perChunk)
    chunks.push({ at: group.at(-1)?.at ?? 0, bytes: Buffer.from(group.map((line) => line.text).join('')) })
  }
  const streams = Array.from({ length: STREAMS }, () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    const state = { at: 0 }
    return { meter, state, parser: new PacketLineParser((packet) => meter.add(packet, state.at)) }
  })
  const begin = performance.now()
  for (const chunk of chunks) {
    for (const { state, parser } of streams) {
      state.at = chunk.at
      parser.push(chunk.bytes)
    }
  }
  const perPacket = ((performance.now() - begin) * 1e6) / (all.length * STREAMS)
  const measuring = performance.now()
  for (const { meter } of streams) for (let i = 0; i < 10; i++) meter.measure(SECONDS)
  console.log(`  measure: ${(((performance.now() - measuring) * 1e3) / STREAMS / 10).toFixed(1)} us`)
  return perPacket
}

for (const perChunk of [1, 2, 4, 1500]) {
  console.log(`${perChunk} lines a chunk: ${run(perChunk).toFixed(0)} ns per packet, parsed and measured`)
}
