import type { Packet } from '../stream/packet.ts'
import type { FfprobeBinary } from './binaries.ts'
import { SESSION_ARGUMENTS } from './ffprobe-arguments.ts'
import { PacketLineParser } from './packet-line.ts'
import type { Program } from './program.ts'
import { type ProgramSource, startProgram } from './program-source.ts'

export interface ReaderRun {
  program: Program
  /** Where and how to read: what `inputArguments` says. */
  args: readonly string[]
  url: string
  /** What the program's environment holds besides what every program gets. */
  env: Readonly<Record<string, string>>
  packet(packet: Packet): void
  /** What it prints is something else than packets. */
  broken(): void
  /** How another program reads the same address; null where it cannot. */
  inputFor(program: Program): Promise<ReaderInput | null>
}

/** Where and how a program reads. */
export interface ReaderInput extends Pick<ReaderRun, 'args' | 'url' | 'env'> {
  /** To be called when it has ended. */
  release(): void
}

/** A program that reads the packets of a stream for as long as there are any: one for each depth of checks. */
export interface PacketReader {
  readonly name: 'ffprobe' | 'ffmpeg'
  /** @throws MonitorError `no-ffprobe`, `no-ffmpeg` */
  program(): Promise<Program>
  start(run: ReaderRun): Promise<ProgramSource>
}

/** ffprobe, which decodes nothing. */
export function ffprobeReader(program: () => Promise<FfprobeBinary>): PacketReader {
  return {
    name: 'ffprobe',
    program,
    start({ program: { path }, args, url, env, packet, broken }) {
      const parser = new PacketLineParser(packet)
      return startProgram({
        file: path,
        args: [...SESSION_ARGUMENTS, ...args, url],
        env,
        memory: 'packets',
        output: (chunk) => {
          parser.push(chunk)
          if (parser.isBroken) broken()
        },
      })
    },
  }
}
