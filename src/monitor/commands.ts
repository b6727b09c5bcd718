import { MonitorError } from '../observation/errors.ts'
import { internalErrorsSeen } from '../observation/internal-errors.ts'
import { parseMessage } from '../observation/messages.ts'
import { isRecord } from '../observation/shape.ts'
import type { MonitorState } from './state.ts'

/** Does what a command says where that is its business, and says whether it was. What is wrong with it is thrown. */
export type TakeCommand = (payload: unknown) => boolean

/** Answers what a page asks for where that is its business; null where it is not. */
export type AnswerCommand = (payload: unknown, signal: AbortSignal) => Promise<object> | null

/** The nodes of one monitor that take commands from a flow they are not wired to, as from the dashboard. */
export class Commands {
  readonly #state: MonitorState
  readonly #takers = new Set<TakeCommand>()
  readonly #answerers = new Set<AnswerCommand>()

  constructor(state: MonitorState) {
    this.#state = state
  }

  /** @returns the way to take it back, which a node must do when it closes */
  offer(take: TakeCommand): () => void {
    this.#takers.add(take)
    return () => void this.#takers.delete(take)
  }

  /** @returns the way to take it back, which a node must do when it closes */
  offerAnswer(answer: AnswerCommand): () => void {
    this.#answerers.add(answer)
    return () => void this.#answerers.delete(answer)
  }

  /** @returns null where nobody answers it: then it may be for `give` */
  ask(payload: unknown, signal: AbortSignal): Promise<object> | null {
    for (const answer of this.#answerers) {
      const answered = answer(payload, signal)
      if (answered !== null) return answered
    }
    return null
  }

  /** @throws MonitorError `invalid-message` where it is nobody's business, and what whoever takes it throws */
  give(payload: unknown): void {
    if (this.isTaken(payload)) return
    throw new MonitorError(
      'invalid-message',
      'No node of this monitor takes that command: what it names is not watched, or no longer fires',
    )
  }

  /** Gives it to whom it concerns, and says whether it concerns anybody here. What whoever takes it throws is thrown. */
  isTaken(payload: unknown): boolean {
    if (takeSeen(this.#state, payload)) return true
    for (const take of this.#takers) if (take(payload)) return true
    return false
  }
}

/** `{action: 'seen', id}`: somebody has seen what `/health` says under this id. */
function takeSeen({ remembered }: MonitorState, payload: unknown): boolean {
  if (!isRecord(payload) || payload.action !== 'seen') return false
  const { id } = parseMessage<{ id: string }>('seen', payload)
  return remembered.seen(id) || internalErrorsSeen(id)
}
