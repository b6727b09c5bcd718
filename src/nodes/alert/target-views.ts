import type { TargetView } from '../../alerts/dependencies.ts'
import { isStale } from '../../monitor/newest.ts'
import type { MonitorState } from '../../monitor/state.ts'

/** What alerts need to know of every watched target. */
export function targetViews({ directory, newest, clock }: MonitorState): TargetView[] {
  const [wall, monotonic] = [clock.wall(), clock.monotonic()]
  return directory.list().map((entry) => {
    const { kind, name, interval, links } = entry
    const arrival = newest.get(kind, name)
    const isFresh = arrival !== undefined && !isStale(entry, arrival, monotonic)
    return {
      kind,
      name,
      interval,
      dependsOn: links.dependsOn,
      state: isFresh ? arrival.observation.state : null,
      measuredAt: arrival === undefined ? null : wall - (monotonic - arrival.arrived) * 1000,
    }
  })
}
