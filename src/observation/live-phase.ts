import type { IngestState, LiveState, PlatformMeasurements } from './platform.ts'

const ON: ReadonlySet<LiveState> = new Set(['pending', 'streaming_preview', 'streaming', 'streaming_error'])
const OVER: ReadonlySet<LiveState> = new Set(['archiving', 'archiving_error', 'done'])
const RECEIVING: ReadonlySet<LiveState> = new Set(['streaming_preview', 'streaming'])

/** Whether the event is on, or about to be by what its owner did. */
export function isOn(event: Pick<PlatformMeasurements, 'userState'> & { liveState: LiveState }): boolean {
  return ON.has(event.liveState) || (event.userState === 'started' && !OVER.has(event.liveState))
}

export function isOver(liveState: LiveState): boolean {
  return OVER.has(liveState)
}

/** Whether the platform takes in a stream now; null where it does not say. The ingest knows better than the event. */
export function isReceiving(liveState: LiveState | null, ingestState: IngestState | null): boolean | null {
  if (ingestState !== null) return ingestState === 'receiving'
  return liveState === null ? null : RECEIVING.has(liveState)
}

/** Whether an event that was on has ended between two measurements: what ends the event of its stream too. */
export function hasEnded(before: PlatformMeasurements, after: PlatformMeasurements): boolean {
  if (before.liveState === null || after.liveState === null || before.event?.id !== after.event?.id) return false
  if (before.userState === 'started' && after.userState === 'ended') return true
  return ON.has(before.liveState) && OVER.has(after.liveState)
}

/** Whether an event went public between two measurements. */
export function hasBegun(before: PlatformMeasurements, after: PlatformMeasurements): boolean {
  return before.liveState !== null && before.liveState !== 'streaming' && after.liveState === 'streaming'
}
