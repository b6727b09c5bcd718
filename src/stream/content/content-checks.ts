import type { FfmpegBinary, FfprobeBinary } from '../../ffmpeg/binaries.ts'
import { ffprobeReader, type PacketReader } from '../../ffmpeg/packet-reader.ts'
import type { Clock } from '../../observation/clock.ts'
import { guarded } from '../../observation/internal-errors.ts'
import type { Checks, Content, StreamReadOptions } from '../../observation/stream.ts'
import type { Packet } from '../packet.ts'
import { ChangingSource } from './changing-source.ts'
import { contentReader } from './content-reader.ts'
import { LOOKS, Looks, type LookTimes } from './looks.ts'
import { ContentMeter } from './meter.ts'
import { Suspicion } from './suspicion.ts'

/** What the probe of a stream does about its pictures and sound: one for each depth of checks. */
export interface ContentChecks {
  /** Reads the packets of the stream's session. */
  readonly reader: PacketReader
  /** Seconds without media after which the stream is stalled. */
  setStallAfter(seconds: number): void
  /** Media has stalled, another publisher has taken over, or the session is over. */
  interrupted(): void
  /** Something about the stream makes its content suspect. */
  suspect(): void
  /** What is known; null where nothing is looked at. */
  measure(at: number): Content | null
}

export interface ContentChecksOptions extends Pick<StreamReadOptions, 'media' | 'stillPicture'> {
  clock: Clock
  stallAfter: number
  ffprobe(): Promise<FfprobeBinary>
  ffmpeg(): Promise<FfmpegBinary>
  /** When `auto` looks at the content. Default: `LOOKS`. */
  looks?: LookTimes
}

export function createContentChecks(checks: Checks, options: ContentChecksOptions): ContentChecks {
  switch (checks) {
    case 'packets':
      return {
        reader: ffprobeReader(options.ffprobe),
        setStallAfter() {},
        interrupted() {},
        suspect() {},
        measure: () => null,
      }
    case 'content':
      return throughout('keyframes', options)
    case 'full':
      return throughout('all', options)
    case 'auto':
      return nowAndThen(options)
  }
}

/** For as long as the session lasts, on its connection. */
function throughout(
  pictures: Content['pictures'],
  { media, clock, stallAfter, ffmpeg }: ContentChecksOptions,
): ContentChecks {
  const meter = new ContentMeter({ pictures, stallAfter })
  return {
    reader: contentReader({ program: ffmpeg, pictures, media, clock, meter }),
    setStallAfter: (seconds) => meter.setStallAfter(seconds),
    interrupted: () => meter.cut(),
    suspect() {},
    measure: (at) => meter.measure(at),
  }
}

/** By key frames, for a while: on a schedule, and on suspicion. In between the packets alone are read. */
function nowAndThen({
  media,
  clock,
  stallAfter,
  stillPicture,
  ffprobe,
  ffmpeg,
  looks: times = LOOKS,
}: ContentChecksOptions): ContentChecks {
  const meter = new ContentMeter({ pictures: 'keyframes', stallAfter })
  const packets = ffprobeReader(ffprobe)
  const content = contentReader({ program: ffmpeg, pictures: 'keyframes', media, clock, meter })
  const suspicion = new Suspicion()
  const isFaulty = () => {
    const { black, frozen, silent, oneSided, clipping } = meter.known(clock.monotonic())
    const isStill = frozen && stillPicture === 'fault'
    return Boolean(black || isStill || silent || oneSided || clipping)
  }
  let source: ChangingSource | null = null
  let looks: Looks | null = null
  return {
    reader: {
      get name() {
        return source?.reader.name ?? packets.name
      },
      // Without an ffmpeg the content would never be looked at, and nobody would know.
      program: async () => {
        await content.program()
        return packets.program()
      },
      start: async (run) => {
        suspicion.reset()
        const packet = (next: Packet) => {
          if (suspicion.add(next)) looks?.suspect()
          run.packet(next)
        }
        const started = await ChangingSource.start({ ...run, packet }, packets)
        const following = new Looks({ packets, content, meter, isFaulty, times })
        source = started
        looks = following
        guarded('content looks', async () => {
          await following.follow(started)
          if (source === started) source = looks = null
        })()
        return started
      },
    },
    setStallAfter: (seconds) => meter.setStallAfter(seconds),
    interrupted: () => {
      meter.cut()
      suspicion.reset()
    },
    suspect: () => looks?.suspect(),
    measure: (at) => meter.measure(at),
  }
}
