/** What went wrong at one place of our own code. */
export interface InternalErrors {
  /** Where: one of the names that stand in the source, so that there is a bounded number of them. */
  readonly place: string
  /** Since the process began. */
  readonly count: number
  /** The first one that nobody has seen yet, milliseconds since the epoch; null: somebody has seen them all. */
  readonly since: number | null
}

/** The place of a promise that was rejected while nobody waited for it, in a node of whomever. */
export const NOT_WAITED_FOR = 'unhandled rejection'

/** Told of an error: of the first at its place, and then at most once a minute. It must not throw. */
export type InternalErrorListener = (place: string, error: unknown, count: number) => void

/** Milliseconds between two times that one place is told of: what fails at every tick must not fill the log. */
const TELL_EVERY = 60_000

interface Known {
  count: number
  since: number | null
  /** Monotonic milliseconds. */
  toldAt: number
}

/** Of the process, because a timer or a listener does not know for which monitor it works. */
const known = new Map<string, Known>()
const listeners = new Set<InternalErrorListener>()
/** Counts in the place of this module; null where it counts itself. */
let countedBy: ((place: string, error: unknown) => void) | null = null

/**
 * What nobody waits for: the callback of a timer, a listener, work that is begun and left to itself. What it throws, or
 * its promise rejects with, would end the whole runtime, so it ends here: it is told, counted, and shown in `/health`.
 *
 * @param place what it is, in a few words, always the same ones
 * @param recover done when it threw or rejected, so that its next turn is certain; should need nothing that may throw
 */
export function guarded<A extends unknown[]>(
  place: string,
  work: (...args: A) => unknown,
  recover: () => void = () => {},
): (...args: A) => void {
  const failed = (error: unknown) => {
    internalError(place, error)
    try {
      recover()
    } catch (another) {
      internalError(place, another)
    }
  }
  return (...args) => {
    try {
      const result = work(...args)
      if (result instanceof Promise) result.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
}

/**
 * For a fault of our own that is caught by hand, because something has to be done about it at its place. Never throws.
 *
 * @param times how often it happened, where that is told all at once
 */
export function internalError(place: string, error: unknown, times = 1): void {
  if (countedBy !== null) {
    countedBy(place, error)
    return
  }
  const before = known.get(place)
  const now = performance.now()
  const isTold = before === undefined || now - before.toldAt >= TELL_EVERY
  const count = (before?.count ?? 0) + times
  known.set(place, { count, since: before?.since ?? Date.now(), toldAt: isTold ? now : before.toldAt })
  if (!isTold) return
  for (const listener of listeners) {
    try {
      listener(place, error, count)
    } catch {
      // Who writes the log has a fault himself: that it happened is counted all the same.
    }
  }
}

/** All places at which something went wrong since the process began. */
export function internalErrors(): InternalErrors[] {
  return [...known].map(([place, { count, since }]) => ({ place, count, since }))
}

/** Somebody has seen what went wrong at a place until now. @returns whether there was something to be seen */
export function internalErrorsSeen(place: string): boolean {
  const errors = known.get(place)
  if (errors === undefined || errors.since === null) return false
  errors.since = null
  return true
}

/** @returns the way to stop listening */
export function onInternalError(listener: InternalErrorListener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** For a thread, whose faults are counted with those of the whole process: hands all of them over. It must not throw. */
export function passOnInternalErrors(to: (place: string, error: unknown) => void): void {
  countedBy = to
}
