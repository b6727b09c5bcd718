import type { Instant } from '../observation/clock.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import { type KeptKinds, measuresOf, valuesOf } from './measures.ts'
import { type Piece, Pieces, type Standing, withPiece } from './pieces.ts'
import { SLICE, type Slice, type SliceValue, type StateInterval, type TargetName } from './records.ts'

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

/** What one measure has been so far in the slice that is open. */
interface Sum {
  /** Value times milliseconds. */
  area: number
  milliseconds: number
  min: number
  max: number
  count: number
}

/**
 * Gathers what stood when into ten-second slices. A slice is given when time has passed its end, or leaves it because
 * the clock was set; what was not measured is in none. Of one target.
 */
export class Slices {
  readonly #of: TargetName
  readonly #names: readonly string[]
  #from = 0
  #sums: (Sum | null)[] = []

  constructor(kinds: KeptKinds, { kind, target }: TargetName) {
    this.#of = { kind, target }
    this.#names = measuresOf(kinds, kind).map(({ name }) => name)
  }

  /** @returns what is complete now, the oldest first */
  add({ from, to, what, isFirst }: Piece<readonly (number | null)[]>): Slice[] {
    const complete: Slice[] = []
    for (let at = from; at < to; ) {
      const start = Math.floor(at / SLICE) * SLICE
      const end = Math.min(to, start + SLICE)
      if (start !== this.#from) {
        complete.push(...this.end())
        this.#from = start
      }
      this.#sum(what, end - at, isFirst && at === from)
      if (end === start + SLICE) complete.push(...this.end())
      at = end
    }
    return complete
  }

  /** Closes the slice that is open, as it is. @returns none where nothing was measured in it */
  end(): Slice[] {
    const values: Record<string, SliceValue> = {}
    for (const [index, name] of this.#names.entries()) {
      const sum = this.#sums[index]
      if (sum) values[name] = sliceValue(sum)
    }
    this.#sums = []
    return Object.keys(values).length === 0 ? [] : [{ ...this.#of, from: this.#from, values }]
  }

  #sum(values: readonly (number | null)[], milliseconds: number, isFirst: boolean): void {
    // By number, because this runs for every measure of every target each second.
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? null
      if (value === null) continue
      const sum = this.#sums[index] ?? { area: 0, milliseconds: 0, min: value, max: value, count: 0 }
      sum.area += value * milliseconds
      sum.milliseconds += milliseconds
      sum.min = Math.min(sum.min, value)
      sum.max = Math.max(sum.max, value)
      if (isFirst) sum.count += 1
      this.#sums[index] = sum
    }
  }
}

/** A mean lies between least and greatest, whatever rounding makes of it. */
function sliceValue({ area, milliseconds, min, max, count }: Sum): SliceValue {
  const mean = Math.min(max, Math.max(min, area / milliseconds))
  return { mean, min, max, count, measured: milliseconds / 1000 }
}
