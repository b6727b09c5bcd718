import type { Readable } from 'node:stream'
import type { Clock } from '../observation/clock.ts'
import type { StreamReadOptions } from '../observation/stream.ts'
import type { ContentMeter } from '../stream/content/meter.ts'
import type { FindingsListener } from '../stream/content/rules.ts'
import type { Packet } from '../stream/packet.ts'
import type { FfmpegBinary, FfprobeBinary } from './binaries.ts'
import { contentArguments } from './ffmpeg-arguments.ts'
import { SESSION_ARGUMENTS } from './ffprobe-arguments.ts'
import { FramecrcParser } from './framecrc-line.ts'
import { MetadataParser } from './metadata-line.ts'
import { PacketLineParser } from './packet-line.ts'
import type { Program } from './program.ts'
import { type RunningProgram, startProgram } from './running-program.ts'

export interface ReaderRun {
  program: Program
  /** Where and how to read: what `inputArguments` says. */
  args: readonly string[]
  url: string
  /** What the program's environment holds besides what every program gets. */
  env: Readonly<Record<string, string>>
  /** What is read where `url` is standard input. */
  stdin?: Readable
  packet(packet: Packet): void
  /** What it prints is something else than packets. */
  broken(): void
  /** How another program reads the same address; null where it cannot. */
  inputFor(program: Program): Promise<ReaderInput | null>
}

/** Where and how a program reads. */
export interface ReaderInput extends Pick<ReaderRun, 'args' | 'url' | 'env' | 'stdin'> {
  /** To be called when it has ended. */
  release(): void
}

/** A program that reads the packets of a stream for as long as there are any: one for each depth of checks. */
export interface PacketReader {
  readonly name: 'ffprobe' | 'ffmpeg'
  /** @throws MonitorError `no-ffprobe`, `no-ffmpeg` */
  program(): Promise<Program>
  start(run: ReaderRun): Promise<RunningProgram>
  /** Something makes the content suspect. Only what looks at it now and then has it. */
  suspect?(): void
}

/** ffprobe, which decodes nothing. */
export function ffprobeReader(program: () => Promise<FfprobeBinary>): PacketReader {
  return {
    name: 'ffprobe',
    program,
    start({ program: { path }, args, url, env, stdin, packet, broken }) {
      const parser = new PacketLineParser(packet)
      return startProgram({
        file: path,
        args: [...SESSION_ARGUMENTS, ...args, url],
        env,
        ...(stdin && { stdin }),
        memory: 'packets',
        output: (chunk) => {
          parser.push(chunk)
          if (parser.isBroken) broken()
        },
      })
    },
  }
}

export interface ContentReaderOptions {
  program(): Promise<FfmpegBinary>
  media: StreamReadOptions['media']
  clock: Clock
  /** Takes what is found in pictures and sound. */
  meter: ContentMeter
}

/** ffmpeg, which looks at pictures and listens to sound on the same connection. */
export function contentReader({ program, media, clock, meter }: ContentReaderOptions): PacketReader {
  const pictures = meter.looksAt
  return {
    name: 'ffmpeg',
    program,
    start({ program: { path }, args, url, env, stdin, packet, broken }) {
      const findings = meter.beginSession()
      const parser = new FramecrcParser((next) => {
        meter.addPacket(next)
        packet(next)
      })
      const found = (listener: FindingsListener) => {
        const metadata = new MetadataParser(listener)
        return (chunk: Buffer) => {
          meter.foundAt(clock.monotonic())
          metadata.push(chunk)
        }
      }
      return startProgram({
        file: path,
        args: contentArguments({ pictures, media, args, url }),
        env,
        ...(stdin && { stdin }),
        memory: pictures === 'all' ? 'all-pictures' : 'keyframes',
        // To read costs four times what a packet does, and 100 ms are fine enough for what is measured beside content.
        outputEvery: 2,
        output: (chunk) => {
          parser.push(chunk)
          if (parser.isBroken) broken()
        },
        furtherOutputs: [found(findings.pictures), found(findings.sound)],
      })
    },
  }
}
