import type { NodeAPI } from 'node-red'
import { historySettings } from '../history/settings.ts'
import type { StoreProblem } from '../history/store.ts'
import { HistoryStore } from '../history/store.ts'
import type { MonitorState } from '../monitor/state.ts'
import type { AlertProblem } from '../observation/alert.ts'
import { guarded } from '../observation/internal-errors.ts'
import { dataPath } from './data-file.ts'
import { onFlows } from './events.ts'
import { monitorStates } from './monitor-states.ts'

/** Milliseconds for which a node's end waits for the disk. */
const SETTLE_WITHIN = 2_000

/** What is gone with a damaged store. */
const HISTORY = 'what was measured and what happened before'

/** By path: one store for all monitors of a runtime. */
const stores = new Map<string, HistoryStore>()
const runtimes = new WeakSet<object>()

/** Lets a monitor keep its history on disk, where there is a place for it. Called again it does nothing. */
export function openHistory(RED: NodeAPI, state: MonitorState): void {
  if (state.history.isOpen) return
  const path = dataPath(RED, 'history.db')
  const { bounds, mistakes } = historySettings(process.env)
  if (path === null) return
  state.problemLog.show('history', { problems: () => [...mistakes.map(mistaken), ...problemOf(path)] })
  if (bounds === null) return
  const store =
    stores.get(path) ?? new HistoryStore({ path, bounds, damaged: (file) => state.remembered.lose(file, HISTORY) })
  stores.set(path, store)
  state.history.open(store)
  closeWithRuntime(RED)
}

/** Writes what a monitor has gathered, and waits for the disk for a short time. */
export async function settleHistory(state: MonitorState): Promise<void> {
  state.history.flush()
  await Promise.all([...stores.values()].map((store) => store.settled(SETTLE_WITHIN)))
}

/** Flows that will not start again measure nothing, and what nobody needs holds no file. */
function closeWithRuntime(RED: NodeAPI): void {
  if (runtimes.has(RED.events)) return
  runtimes.add(RED.events)
  onFlows(RED, 'halted', guarded('end of the history', closeHistories))
}

/** Writes what all monitors have gathered, and ends what writes it. Waits for the disk for at most 3 s. */
export async function closeHistories(): Promise<void> {
  for (const { history } of monitorStates()) history.close()
  const open = [...stores.values()]
  stores.clear()
  await Promise.all(open.map((store) => store.close()))
}

function problemOf(path: string): AlertProblem[] {
  const problem = stores.get(path)?.problem ?? null
  if (problem === null) return []
  return [problem.kind === 'newer' ? newer(path, problem) : notWritten(path, problem)]
}

function notWritten(path: string, { message, since, lost }: StoreProblem): AlertProblem {
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000))
  const missing = lost === 0 ? '' : `; what did not fit is lost: ${lost} rows`
  return {
    code: 'history-not-writable',
    severity: 'degraded',
    message: `The history ${path} could not be written for ${seconds} s: ${message}. Everything else goes on${missing}`,
    remedy: [
      'Make the folder writable for the user of the monitor, or free space on its disk',
      'What waits in memory is written as soon as that is possible',
    ],
  }
}

function newer(path: string, { message }: StoreProblem): AlertProblem {
  return {
    code: 'history-newer',
    severity: 'degraded',
    message: `No history is kept in ${path}: ${message}. It is left as it is`,
    remedy: [
      'Start the newer version of the monitor again',
      'Or move that file away, and a new one is begun; the time line then lacks what was before',
    ],
  }
}

function mistaken(message: string): AlertProblem {
  return {
    code: 'invalid-history',
    severity: 'degraded',
    message,
    remedy: ['Correct the variable in the environment of the monitor, and start it again'],
  }
}
