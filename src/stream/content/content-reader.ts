import type { FfmpegBinary } from '../../ffmpeg/binaries.ts'
import { contentArguments } from '../../ffmpeg/ffmpeg-arguments.ts'
import { FramecrcParser } from '../../ffmpeg/framecrc-line.ts'
import type { PacketReader } from '../../ffmpeg/packet-reader.ts'
import { startProgram } from '../../ffmpeg/program-source.ts'
import type { Clock } from '../../observation/clock.ts'
import type { Content, StreamReadOptions } from '../../observation/stream.ts'
import type { ContentMeter } from './meter.ts'

export interface ContentReaderOptions {
  program(): Promise<FfmpegBinary>
  pictures: Content['pictures']
  media: StreamReadOptions['media']
  clock: Clock
  /** Takes what is found in pictures and sound. */
  meter: ContentMeter
}

/** ffmpeg, which looks at pictures and listens to sound on the same connection. */
export function contentReader({ program, pictures, media, clock, meter }: ContentReaderOptions): PacketReader {
  return {
    name: 'ffmpeg',
    program,
    start({ program: { path }, args, url, env, packet, broken }) {
      meter.beginSession()
      const parser = new FramecrcParser((next) => {
        meter.addPacket(next)
        packet(next)
      })
      return startProgram({
        file: path,
        args: contentArguments({ pictures, media, args, url }),
        env,
        memory: pictures === 'all' ? 'all-pictures' : 'keyframes',
        // To read costs four times what a packet does, and 100 ms are fine enough for what is measured beside content.
        outputEvery: 2,
        output: (chunk) => {
          parser.push(chunk)
          if (parser.isBroken) broken()
        },
        furtherOutputs: [
          (chunk) => meter.addPictures(chunk, clock.monotonic()),
          (chunk) => meter.addSound(chunk, clock.monotonic()),
        ],
      })
    },
  }
}
