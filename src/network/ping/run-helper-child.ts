/**
 * Runs pings for the process that started this one: see `run-helper.ts`. It ends when that one does, which closes the
 * channel between them.
 */
import { type PingRun, type PingRunResult, runHere } from './ping-run.ts'

/** What comes: a run, or only its number when it is to be ended. */
export interface HelperRequest {
  id: number
  run?: PingRun
}

export interface HelperAnswer {
  id: number
  result: PingRunResult
}

const running = new Map<number, AbortController>()

process.title = 'rtmp-hmonitor-ping'
process.on('message', ({ id, run }: HelperRequest) => {
  if (run === undefined) running.get(id)?.abort()
  else void answer(id, run)
})
process.on('disconnect', () => {
  for (const abort of running.values()) abort.abort()
})

async function answer(id: number, run: PingRun): Promise<void> {
  const abort = new AbortController()
  running.set(id, abort)
  const result = await runHere(run, abort.signal)
  running.delete(id)
  const reply: HelperAnswer = { id, result }
  // Nobody may be there to take it any more.
  if (process.connected) process.send?.(reply, undefined, undefined, () => {})
}
