import type { NodeAPI, NodeStatusShape } from 'node-red'
import type { AlertSeverity } from '../observation/alert.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { StatusLine } from './status.ts'

/** Milliseconds between two looks at what is due. */
const TICK = 1000

/** What a node looks at once a second, from the start of its flow to the end of the node. */
export class EverySecond {
  readonly #look: () => void
  #ticking: NodeJS.Timeout | undefined

  /** @param place as `guarded` has it */
  constructor(place: string, look: () => void) {
    this.#look = guarded(place, look)
  }

  /** @returns whether it begins now; else it had begun before */
  start(): boolean {
    if (this.#ticking !== undefined) return false
    this.#ticking = setInterval(this.#look, TICK)
    return true
  }

  stop(): void {
    clearInterval(this.#ticking)
  }
}

/** Shows under a node how many of the gravest are open: critical ones, or where there are none, warnings. */
export function showGravest(
  RED: NodeAPI,
  line: StatusLine,
  open: readonly { severity: AlertSeverity }[],
  shape: NodeStatusShape,
): void {
  const critical = open.filter(({ severity }) => severity === 'critical').length
  if (critical > 0) line.show('red', shape, RED._('status.critical', { count: critical }))
  else if (open.length > 0) line.show('yellow', shape, RED._('status.warning', { count: open.length }))
  else line.show('green', shape, RED._('status.none', { count: 0 }))
}
