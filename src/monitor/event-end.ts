import type { EncoderMeasurements } from '../observation/encoder.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { EventFollower } from './expectation.ts'
import { staleAfter } from './newest.ts'
import { isDependent } from './others.ts'
import type { MonitorState } from './state.ts'

/** Lets a stream hear of the end of its event. @returns the way to stop */
export function followEvents({ followers }: MonitorState, follower: EventFollower): () => void {
  followers.add(follower)
  return () => followers.delete(follower)
}

/**
 * An encoder was stopped on purpose, or a platform has ended its event: the *manual* event of every stream that names it
 * ends. A stream that names another encoder, too, which is on the air, goes on.
 *
 * @param kind of what has ended: `encoder`, by a stream's `dependsOn`, or `platform`, by that or by its `platform`
 */
export function eventEnded(state: MonitorState, kind: Kind, name: string): void {
  for (const { follower, dependsOn } of followers(state, kind, name)) {
    const others = dependsOn.filter((other) => other !== name)
    if (kind !== 'encoder' || !others.some((other) => isOnAir(state, other))) follower.endEvent()
  }
}

/** It has gone on the air again: an event that was ended while media still flowed is followed by the next. */
export function eventBegan(state: MonitorState, kind: Kind, name: string): void {
  for (const { follower } of followers(state, kind, name)) follower.beginEvent()
}

function followers(
  state: MonitorState,
  kind: Kind,
  name: string,
): { follower: EventFollower; dependsOn: readonly string[] }[] {
  return [...state.followers].flatMap((follower) => {
    const entry = state.directory.get('stream', follower.name)
    return entry !== undefined && isDependent(entry, kind, name) ? [{ follower, dependsOn: entry.links.dependsOn }] : []
  })
}

function isOnAir(state: MonitorState, encoder: string): boolean {
  const entry = state.directory.get('encoder', encoder)
  const arrival = state.newest.get('encoder', encoder)
  if (entry === undefined || arrival === undefined) return false
  if (state.clock.monotonic() - arrival.arrived > staleAfter(entry)) return false
  // What is kept of kind `encoder` comes from an encoder's watch.
  const { deviceState } = (arrival.observation as Observation<'encoder', EncoderMeasurements>).measurements
  return deviceState !== null && deviceState !== 'idle'
}
