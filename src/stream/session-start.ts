import { type Clock, systemClock } from '../observation/clock.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import { OWN_STARTS, StartBudget, StartPace } from './pace.ts'
import type { Ending, PacketSource } from './packet-source.ts'
import { CONNECT_TIMEOUT, connectTcp } from './reachability.ts'

/** Each one for all streams of a process. */
const startBudget = new StartBudget()
const startPaces = { program: new StartPace(systemClock), own: new StartPace(systemClock, OWN_STARTS, OWN_STARTS) }

/** Lets the sessions of one stream begin when it is their turn; where nothing could be read, not without a try. */
export class SessionStart {
  readonly #clock: Clock
  /** Whether the last session showed that nothing can be read there, so that it is tried by a mere connection first. */
  #failing = false
  /** Whether a mere connection was accepted, and the reader after it was not. */
  #takesOneReader = false
  #wasTried = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when a source may be opened, or when `signal` aborts; with the reason where that would be in vain. */
  async turn(
    { host, port, transport }: StreamAddress,
    { startsNothing = false }: Pick<PacketSource, 'startsNothing'>,
    signal: AbortSignal,
  ): Promise<Ending | null> {
    this.#wasTried = transport === 'tcp' && this.#failing && !this.#takesOneReader && !this.#mayStart()
    if (this.#wasTried) {
      const answer = await connectTcp(host, port, CONNECT_TIMEOUT, signal)
      if (!answer.reachable) return { end: answer.end, message: answer.message, beforeStream: true }
    }
    await (startsNothing ? startPaces.own : startPaces.program).turn(signal)
    return null
  }

  /** The source that was opened has ended. */
  ended({ end }: Ending, hadMedia: boolean): void {
    this.#failing = !hadMedia && (end === 'refused' || end === 'unreachable')
    this.#takesOneReader = !hadMedia && (this.#takesOneReader || (this.#wasTried && end === 'refused'))
  }

  #mayStart(): boolean {
    return startBudget.take(this.#clock.monotonic())
  }
}
