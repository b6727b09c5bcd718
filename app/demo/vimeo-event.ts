import { randomBytes } from 'node:crypto'
import type { Fault } from './faults.ts'
import type { Follower } from './stage.ts'
import type { ScriptStep, SimulatedEvent } from './vimeo/simulated-event.ts'
import { VimeoSimulator } from './vimeo/vimeo-simulator.ts'

/** Where the demo's Vimeo answers, and the token that it takes. It is made anew at every start and opens nothing else. */
export interface DemoVimeo {
  url: string
  token: string
}

/** As in `targets.json` of the demo. */
const EVENT = 12345
const VIEWERS = 42

/** Seconds as Vimeo takes them: to provision its machine, to show what it receives, and to give a lost stream up. */
const BEGINS: ScriptStep[] = [
  [0, 'pending'],
  [2, 'preview'],
  [5, 'streaming'],
]
const COMES_BACK: ScriptStep[] = [
  [0, 'starved'],
  [3, 'streaming'],
]
const LOST: ScriptStep[] = [
  [0, 'streaming'],
  [6, 'starved'],
]

/** The demo's live event: it goes live with the demo's stream, loses it and gets it back. */
export class VimeoEvent implements Follower {
  readonly #event: SimulatedEvent
  #state: 'waiting' | 'on' | 'lost' = 'waiting'

  constructor(simulator: VimeoSimulator) {
    this.#event = simulator.add({ id: EVENT, title: 'Demo', phase: 'ready', viewers: VIEWERS })
  }

  follow({ publisher }: Fault): void {
    const onAir = publisher.is === 'running'
    if (onAir && this.#state === 'on') return
    if (onAir) this.#event.play(...(this.#state === 'waiting' ? BEGINS : COMES_BACK))
    else if (this.#state === 'on') this.#event.play(...LOST)
    if (onAir || this.#state === 'on') this.#state = onAir ? 'on' : 'lost'
  }
}

/** Starts a Vimeo of the demo's own on loopback. */
export async function startVimeo(): Promise<{ event: VimeoEvent; vimeo: DemoVimeo }> {
  const token = randomBytes(18).toString('hex')
  const simulator = new VimeoSimulator({ token })
  const url = await simulator.start()
  return { event: new VimeoEvent(simulator), vimeo: { url, token } }
}
