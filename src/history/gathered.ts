import type { Instant } from '../observation/clock.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import { type Standing, withPiece } from './intervals.ts'
import { type KeptKinds, valuesOf } from './measures.ts'
import { type Piece, Pieces } from './pieces.ts'
import type { Slice, StateInterval, TargetName } from './records.ts'
import { Slices } from './slices.ts'

interface Observed extends Standing {
  readonly values: readonly (number | null)[]
}

/** What is gathered of one target between two writes. */
export class Gathered {
  readonly #kinds: KeptKinds
  readonly #of: TargetName
  readonly #pieces = new Pieces<Observed>()
  readonly #slices: Slices
  #complete: Slice[] = []
  #states: StateInterval[] = []

  constructor(kinds: KeptKinds, of: TargetName) {
    this.#kinds = kinds
    this.#of = of
    this.#slices = new Slices(kinds, of)
  }

  /** @param holds seconds for which the observation says something, if no other comes */
  observe(observation: Observation<Kind, MeasurementsOf[Kind]>, at: Instant, holds: number): void {
    const { state, expected } = observation
    this.#add(this.#pieces.observe({ state, expected, values: valuesOf(this.#kinds, observation) }, at, holds))
  }

  /** Takes what is complete at a moment: what stands stood until then. */
  take(at: Instant): { slices: Slice[]; states: StateInterval[] } {
    this.#add(this.#pieces.until(at))
    const taken = { slices: this.#complete, states: this.#states }
    this.#complete = []
    this.#states = []
    return taken
  }

  /** Takes all there is, for the end. */
  end(at: Instant): { slices: Slice[]; states: StateInterval[] } {
    const { slices, states } = this.take(at)
    return { slices: [...slices, ...this.#slices.end()], states }
  }

  #add(piece: Piece<Observed> | null): void {
    if (piece === null) return
    const slices = this.#slices.add({ ...piece, what: piece.what.values })
    if (slices.length > 0) this.#complete.push(...slices)
    this.#states = withPiece(this.#states, this.#of, piece)
  }
}
