import { PictureFiles } from '../history/picture-files.ts'
import { KINDS } from '../kinds/kinds.ts'
import { MonitorState } from '../monitor/state.ts'

const states = new Map<string, MonitorState>()

/** The state of the monitor with this config node id; made when first asked for. */
export function monitorState(id: string): MonitorState {
  const state = states.get(id) ?? new MonitorState(id, KINDS)
  states.set(id, state)
  return state
}

export function monitorStates(): MonitorState[] {
  return [...states.values()]
}

/** For when a config node is removed. A monitor of the same id begins anew. */
export async function removeMonitor(id: string): Promise<void> {
  const state = states.get(id)
  states.delete(id)
  state?.remembered.forget()
  state?.history.close()
  state?.baselines.forget()
  state?.eventTimes.remove()
  await state?.end()
  await state?.part(PictureFiles).forgetAll()
}

/**
 * Ends what no node has adopted, in every monitor: for when the flows have started, or have stopped and will not start
 * again. Resolves when the last of it has ended.
 */
export async function endParked(): Promise<void> {
  await Promise.all(monitorStates().map(({ parking }) => parking.endAll()))
}
