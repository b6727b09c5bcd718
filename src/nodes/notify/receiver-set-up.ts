import { notifierOf, type ReceiverOrigin } from '../../alerts/notifiers/notifiers.ts'
import { changeReceiver, proposedReceiver, receiversRefusal, shownReceiver } from '../../alerts/receiver-set-up.ts'
import { type ReceiverEntry, readReceivers, receiversFile } from '../../alerts/receivers-file.ts'
import { AbortScope } from '../../connection/abort-scope.ts'
import { Commands } from '../../monitor/commands.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { TRIAL_TIME } from '../../node-red/trial.ts'
import { MonitorError } from '../../observation/errors.ts'
import { parseMessage } from '../../observation/messages.ts'
import { isRecord, ownEntry } from '../../observation/shape.ts'
import type { ReceiverNode } from '../receiver/receiver.ts'

/** A `notify` node that tells people. */
interface Teller {
  name: string
  receiver: ReceiverNode
  /** What is to be called when a receiver may have become another one. */
  changed(): void
}

/** A receiver of the flow as it is listed. */
interface ListedReceiver {
  name: string
  channel: string
  /** Null: it tells nobody, because nothing is set up. */
  from: ReceiverOrigin | null
  /** Why it cannot be used; null where it can. */
  fault: string | null
  /** What stands in the dashboard's file, without secrets; null where nothing does. */
  receiver: ReceiverEntry | null
}

interface Asked {
  channel: string
}
type Proposed = Asked & { receiver: Readonly<Record<string, unknown>> }
type Answer = (payload: unknown, signal: AbortSignal) => Promise<object>

/** Answers the page on which a monitor's receivers are set up. */
export class ReceiverSetUp {
  readonly #state: MonitorState
  readonly #tellers = new Set<Teller>()
  #isTrying = false

  constructor(state: MonitorState) {
    this.#state = state
    state.part(Commands).offerAnswer((payload, signal) => this.#answer(payload, signal))
  }

  /** @returns the way to take it back, which a node must do when it closes */
  join(teller: Teller): () => void {
    this.#tellers.add(teller)
    return () => void this.#tellers.delete(teller)
  }

  readonly #answers: Readonly<Record<string, Answer>> = {
    'list-receivers': async (payload) => {
      parseMessage('listReceivers', payload, 'list-receivers')
      return this.#listed()
    },
    'set-receiver': async (payload) => {
      const { channel, receiver } = parseMessage<Proposed>('setReceiver', payload, 'set-receiver')
      this.#refuse()
      this.#tellerOf(channel)
      return this.#change(channel, proposedReceiver(process.env, channel, receiver).entry)
    },
    'remove-receiver': async (payload) => {
      const { channel } = parseMessage<Asked>('removeReceiver', payload, 'remove-receiver')
      this.#refuse()
      return this.#change(notifierOf(channel).channel, null)
    },
    'try-receiver': (payload, signal) => this.#try(payload, signal),
  }

  #answer(payload: unknown, signal: AbortSignal): Promise<object> | null {
    const action = isRecord(payload) && typeof payload.action === 'string' ? payload.action : ''
    const answer = this.#tellers.size === 0 ? undefined : ownEntry(this.#answers, action)
    return answer === undefined ? null : answer(payload, signal)
  }

  #refusal(): string | null {
    return receiversRefusal(process.env, this.#state.shard !== null)
  }

  #refuse(): void {
    const why = this.#refusal()
    if (why !== null) throw new MonitorError('not-in-use', why)
  }

  #tellerOf(channel: string): Teller {
    notifierOf(channel)
    const found = [...this.#tellers].find(({ receiver }) => receiver.channel === channel)
    if (found !== undefined) return found
    throw new MonitorError('not-in-use', `No notify node of the flow has a receiver for ${channel}`)
  }

  #change(channel: string, entry: ReceiverEntry | null): object {
    changeReceiver(process.env, channel, entry)
    for (const { receiver, changed } of this.#tellers) if (receiver.channel === channel) changed()
    return { done: true, ...this.#listed() }
  }

  async #try(payload: unknown, signal: AbortSignal): Promise<object> {
    const { channel, receiver } = parseMessage<Partial<Proposed> & Asked>('tryReceiver', payload, 'try-receiver')
    this.#refuse()
    const teller = this.#tellerOf(channel)
    const tried = receiver ? proposedReceiver(process.env, channel, receiver).receiver : teller.receiver.read()
    if (tried === null) throw new MonitorError('invalid-receiver', 'Nothing is set up to send with')
    if (this.#isTrying) throw new MonitorError('not-in-use', 'Another test is being sent; try again in a moment')
    this.#isTrying = true
    const scope = new AbortScope(signal, TRIAL_TIME)
    try {
      return await teller.receiver.test(tried, this.#state.language, scope.signal)
    } finally {
      scope.end()
      this.#isTrying = false
    }
  }

  #listed(): { file: string | null; why: string | null; receivers: ListedReceiver[] } {
    const why = this.#refusal()
    const file = receiversFile(process.env)
    return { file: why === null ? file : null, why, receivers: [...this.#tellers].map((teller) => listed(teller)) }
  }
}

function listed({ name, receiver: node }: Teller): ListedReceiver {
  const { channel } = node
  try {
    const from = node.origin()
    const entry = ownEntry<ReceiverEntry>(readReceivers(receiversFile(process.env)), channel)
    const receiver = entry === undefined ? null : shownReceiver(notifierOf(channel), entry)
    try {
      return { name, channel, from: node.read() === null ? null : from, fault: null, receiver }
    } catch (error) {
      return { name, channel, from, fault: (error as Error).message, receiver }
    }
  } catch (error) {
    return { name, channel, from: null, fault: (error as Error).message, receiver: null }
  }
}
