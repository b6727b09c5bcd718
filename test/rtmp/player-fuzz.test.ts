/**
 * Garbage, and answers of a server with bytes changed: nothing may throw, hang or grow. More of it by hand:
 *
 *   RTMP_FUZZ=1000000 node --test test/rtmp/player-fuzz.test.ts
 */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock } from '../../src/observation/clock.ts'
import { type Encodable, encodeAmf0 } from '../../src/rtmp/amf0.ts'
import { AUDIO, COMMAND, VIDEO, writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { RtmpPlayer } from '../../src/rtmp/player.ts'

const INPUTS = Number(process.env.RTMP_FUZZ ?? 5000)

/** Numbers from 0 to 2^32 that are the same at each run (xorshift). */
function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

const command = (...values: Encodable[]) => writeMessage({ type: COMMAND, payload: encodeAmf0(...values) })
const enhanced = Buffer.from([0x96, 0x10, 0x68, 0x76, 0x63, 0x31, 0, 0, 0, 5, 1, 2, 3, 4, 5, 1, 0, 0, 9, 1, 2])
const hello = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536, 7)])
/** A server's whole side of a session. */
const session = Buffer.concat([
  command('_result', 1, { fmsVer: 'FMS/3,0' }, { code: 'NetConnection.Connect.Success', level: 'status' }),
  command('_result', 2, null, 1),
  command('onStatus', 0, null, { code: 'NetStream.Play.Start', level: 'status' }),
  writeMessage({ type: 18, payload: encodeAmf0('onMetaData', { width: 1280, encoder: 'x' }) }),
  writeMessage({ type: VIDEO, payload: Buffer.from([0x17, 0, 0, 0, 0, 1, 66, 0, 30, 255, 225, 0, 0, 1, 0]) }),
  writeMessage({ type: AUDIO, time: 20, payload: Buffer.from([0xaf, 0, 0x12, 0x10]) }),
  writeMessage({ type: VIDEO, time: 0x01000020, payload: Buffer.alloc(300, 0x17) }),
  writeMessage({ type: VIDEO, time: 40, payload: enhanced }),
  writeMessage({ type: AUDIO, time: 60, payload: Buffer.from([0x95, 0x20, 0x4f, 0x70, 0x75, 0x73, 1, 0, 0, 1, 9]) }),
  writeMessage({ type: 22, payload: Buffer.from([9, 0, 0, 2, 0, 0, 5, 0, 0, 0, 0, 0x27, 1, 0, 0, 0, 13]) }),
])

it(`${INPUTS} inputs of a hostile server neither throw, nor hang, nor grow`, () => {
  const random = numbers(20_261_129)
  let media = 0
  let answered = 0
  const options = { clock: systemClock, verifyTls: true, wantsFrame: () => true }
  const before = process.memoryUsage().heapUsed
  for (let input = 0; input < INPUTS; input++) {
    const bytes = Buffer.from(session)
    const changes = random() % 8
    for (let change = 0; change < changes; change++) bytes[random() % bytes.length] = random()
    const garbage = input % 4 === 3 ? Buffer.from(Array.from({ length: random() % 200 }, () => random() & 0xff)) : bytes
    const player = new RtmpPlayer(
      { app: 'live', url: 'rtmp://host/live', key: 'key' },
      { media: () => media++ },
      options,
    )
    player.start(() => answered++)
    try {
      player.receive(hello)
      for (let at = 0; at < garbage.length; ) {
        const length = 1 + (random() % 400)
        player.receive(garbage.subarray(at, at + length))
        at += length
      }
      player.closed()
    } finally {
      player.stop()
    }
  }
  assert.ok(media > INPUTS && answered > INPUTS, `${media} messages, ${answered} answers`)
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20
  assert.ok(grown < 200, `${grown} MB`)
})
