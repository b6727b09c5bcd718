/** Wrong passwords after which an address must wait. */
const MOST = 10
/** Milliseconds after which a wrong password is forgotten. */
const FORGOTTEN_AFTER = 5 * 60_000
/** Addresses remembered at most; the oldest goes first. */
const MOST_ADDRESSES = 1000

/** Counts wrong passwords by address, so that nobody can try many. */
export class Attempts {
  readonly #wrong = new Map<string, number[]>()

  /** @param at milliseconds since the epoch */
  mayTry(address: string, at: number): boolean {
    return this.#recent(address, at).length < MOST
  }

  wrong(address: string, at: number): void {
    const times = [...this.#recent(address, at), at]
    this.#wrong.delete(address)
    this.#wrong.set(address, times)
    const [oldest] = this.#wrong.keys()
    if (this.#wrong.size > MOST_ADDRESSES && oldest !== undefined) this.#wrong.delete(oldest)
  }

  right(address: string): void {
    this.#wrong.delete(address)
  }

  #recent(address: string, at: number): number[] {
    return (this.#wrong.get(address) ?? []).filter((time) => at - time < FORGOTTEN_AFTER)
  }
}
