import { BANDWIDTH } from './bandwidth.ts'
import { ENCODER } from './encoder.ts'
import type { KindTable } from './kind.ts'
import { PING } from './ping.ts'
import { PLATFORM } from './platform.ts'
import { SERVICE } from './service.ts'
import { STREAM } from './stream.ts'

/** The kinds of targets, in the order in which they are listed wherever they are. */
export const KINDS: KindTable = {
  stream: STREAM,
  ping: PING,
  service: SERVICE,
  bandwidth: BANDWIDTH,
  encoder: ENCODER,
  platform: PLATFORM,
}
