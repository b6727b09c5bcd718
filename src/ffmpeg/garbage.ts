/** Each line that makes no sense adds 10, each good one takes 1 away; broken from 500 on. */
const WEIGHT = 10
const BOUND = 500

/** Tells a program that prints a few odd lines from one that prints something else altogether. */
export class Garbage {
  /** Lines that made no sense, in all. */
  lines = 0
  #level = 0

  /** At least 50 such lines, more than a tenth of what came lately. */
  get isTooMuch(): boolean {
    return this.#level >= BOUND
  }

  good(): void {
    if (this.#level > 0) this.#level--
  }

  bad(): void {
    this.lines++
    this.#level = Math.min(this.#level + WEIGHT, BOUND)
  }
}
