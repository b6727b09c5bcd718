/** RTMP's handshake (Adobe, "Real Time Messaging Protocol", 2012, section 5.2). Pure. */

const VERSION = 3
/** Bytes of each of C1, S1, C2 and S2. */
const BLOCK = 1536
/** Bytes of time and of zeros, or of the peer's time, before what is random. */
const TIMES = 8

/** C0 and C1. @param random 1528 bytes */
export function clientHello(random: Buffer): Buffer {
  const hello = Buffer.alloc(1 + BLOCK)
  hello.writeUInt8(VERSION, 0)
  random.copy(hello, 1 + TIMES, 0, BLOCK - TIMES)
  return hello
}

/** Bytes that a client says at random. */
export const RANDOM_LENGTH = BLOCK - TIMES

export type ServerHello =
  | { answer: 'incomplete' }
  /** What is wrong with it. */
  | { answer: 'wrong'; message: string }
  /** C2, to be sent; and what came behind S2. */
  | { answer: 'complete'; acknowledge: Buffer; rest: Buffer }

/**
 * Reads S0, S1 and S2. That S2 repeats C1, as the specification wants, is not asked for: servers with Adobe's later
 * handshake send a digest instead, and clients take both.
 */
export function readServerHello(received: Buffer): ServerHello {
  const [version] = received
  if (version === undefined) return { answer: 'incomplete' }
  // RTMPE has 6 and needs a player's key; a server that lets anybody in answers with the version it was asked for.
  if (version !== VERSION) return { answer: 'wrong', message: describe(received) }
  if (received.length < 1 + 2 * BLOCK) return { answer: 'incomplete' }
  const acknowledge = Buffer.from(received.subarray(1, 1 + BLOCK))
  return { answer: 'complete', acknowledge, rest: received.subarray(1 + 2 * BLOCK) }
}

function describe(received: Buffer): string {
  const text = received.subarray(0, 40).toString('latin1')
  if (text.startsWith('HTTP/')) return 'the server answers in HTTP'
  if (received[0] === 0x15 || received[0] === 0x16)
    return 'the server answers in TLS: write rtmps:// instead of rtmp://'
  return `the server answers with something that is not RTMP (its first byte is ${received[0]})`
}
