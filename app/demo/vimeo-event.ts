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
const ENDS: ScriptStep[] = [
  [0, 'archiving'],
  [20, 'done'],
]

type State = 'waiting' | 'on' | 'lost'

/** The demo's live event: it goes live with the demo's stream, loses it, gets it back and ends. */
export class VimeoEvent implements Follower {
  readonly #simulator: VimeoSimulator
  readonly #event: SimulatedEvent
  #state: State = 'waiting'

  constructor(simulator: VimeoSimulator) {
    this.#simulator = simulator
    this.#event = simulator.add({ id: EVENT, title: 'Demo', phase: 'ready', viewers: VIEWERS })
  }

  follow({ publisher, platform }: Fault): void {
    this.#simulator.behave()
    if (platform === 'silent') this.#simulator.order({ fault: 'status', status: 503 })
    const receives = publisher.is === 'running' && platform !== 'deaf'
    if (platform === 'ends') this.#become('waiting', ENDS)
    else if (receives) this.#become('on', this.#state === 'waiting' ? BEGINS : COMES_BACK)
    else if (this.#state === 'on') this.#become('lost', LOST)
  }

  #become(state: State, script: readonly ScriptStep[]): void {
    if (state !== this.#state) this.#event.play(...script)
    this.#state = state
  }
}

/** Starts a Vimeo of the demo's own on loopback. */
export async function startVimeo(): Promise<{ event: VimeoEvent; vimeo: DemoVimeo }> {
  const token = randomBytes(18).toString('hex')
  const simulator = new VimeoSimulator({ token })
  const url = await simulator.start()
  return { event: new VimeoEvent(simulator), vimeo: { url, token } }
}
