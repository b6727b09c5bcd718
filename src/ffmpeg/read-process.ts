import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { StreamReadOptions } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { Packet } from '../stream/packet.ts'
import { inputArguments, LONGEST_ANALYSIS, READ_TIMEOUT } from './ffprobe-arguments.ts'
import type { PacketReader } from './packet-reader.ts'
import type { Program } from './program.ts'
import { type Route, routeTo } from './route.ts'
import { classifyEnd, type Ending } from './session-end.ts'

/** Seconds from the start of ffprobe to its first packet: the analysis, after the longest silence that it puts up with. */
const START_TIMEOUT = LONGEST_ANALYSIS + READ_TIMEOUT + 5

/** What reads a stream now, for what is to be read beside it. */
export interface PresentSession {
  address: StreamAddress
  program: Program
  route: Route
}

export interface ReadOptions {
  reader: PacketReader
  target: Pick<StreamReadOptions, 'media' | 'verifyTls'>
  clock: Clock
  /** Ends the process. */
  signal: AbortSignal
  /** @param pid of the process, as long as there is one */
  started(pid: () => number | undefined): void
  /** @param at monotonic seconds */
  packet(packet: Packet, at: number): void
  /** Why the process is of no more use: whoever hears it aborts the signal. */
  fault(ending: Ending): void
}

/** One process of the reader from its start to its end. `media`: whether any packet came. */
export async function readProcess(
  { address, program, route }: PresentSession,
  { reader, target, clock, signal, started, packet, fault }: ReadOptions,
): Promise<{ ending: Ending; media: boolean }> {
  const began = clock.monotonic()
  let last: number | null = null
  const watchdog = setTimeout(
    guarded('stream watchdog', () => {
      fault({ end: 'timeout', message: 'no media could be read' })
    }),
    START_TIMEOUT * 1000,
  )
  try {
    const input = ({ resolved, proxied, env, release }: Route) => ({
      ...inputArguments(address, { ...target, resolved, proxied }),
      env,
      release,
    })
    const source = await reader.start({
      program,
      ...input(route),
      inputFor: async (other) => {
        const way = await routeTo(address, other)
        return 'release' in way ? input(way) : null
      },
      packet: (each) => {
        if (signal.aborted) return
        if (last === null) clearTimeout(watchdog)
        last = clock.monotonic()
        packet(each, last)
      },
      broken: () => fault({ end: 'bad-output', message: `${reader.name} prints something else than packets` }),
    })
    started(() => source.pid)
    const stop = guarded('end of a reader', () => source.stop())
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    const exit = await source.ended
    const silence = clock.monotonic() - (last ?? began)
    const facts = { program: reader.name, exit, media: last !== null, silence, readTimeout: READ_TIMEOUT }
    const trouble = last === null ? route.trouble() : null
    return { ending: trouble ?? classifyEnd(facts), media: last !== null }
  } finally {
    clearTimeout(watchdog)
  }
}
