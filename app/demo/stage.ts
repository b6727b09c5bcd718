import { setTimeout as wait } from 'node:timers/promises'
import type { ClipName, Clips } from './clips.ts'
import { FAULTS, type Fault, NORMAL } from './faults.ts'
import type { Publisher } from './publisher.ts'

/** What the demo does now: the answer of its control API. */
export interface StageState {
  fault: string
  title: string
  expect: string
  /** ISO 8601, UTC. */
  since: string
  publisher: 'preparing' | 'running' | 'frozen' | 'stopped'
  faults: { name: string; button: string; title: string }[]
}

/** What goes along with the publisher: a simulated device or platform. */
export interface Follower {
  /** @param fault what is the matter now */
  follow(fault: Fault): void
}

/** How long a publisher is on the air before it freezes, in milliseconds: so that there is something to freeze. */
const BEFORE_FREEZE = 2000

/** Lets one fault happen at a time, in the order in which they were asked for. */
export class Stage {
  readonly #clips: Clips
  readonly #publisher: Publisher
  readonly #followers: readonly Follower[]
  #fault: Fault = NORMAL
  #since = new Date()
  #preparing = true
  #queue: Promise<void> = Promise.resolve()

  constructor(clips: Clips, publisher: Publisher, followers: readonly Follower[] = []) {
    this.#clips = clips
    this.#publisher = publisher
    this.#followers = followers
  }

  /** Resolves when the fault is there. False where there is none of that name. */
  async apply(name: string): Promise<boolean> {
    const fault = FAULTS.find((each) => each.name === name)
    if (!fault) return false
    const done = this.#queue.then(() => this.#change(fault))
    // Whoever asked for this one hears of its failure; the next one is tried all the same.
    this.#queue = done.catch(() => {})
    await done
    return true
  }

  async #change(fault: Fault): Promise<void> {
    const { publisher } = fault
    if (publisher.is === 'running') await this.#publish(publisher.clip, publisher.audio)
    if (publisher.is === 'stopped') await this.#publisher.stop()
    if (publisher.is === 'frozen') {
      if (!this.#publisher.running) {
        await this.#publish('normal', true)
        await wait(BEFORE_FREEZE)
      }
      this.#publisher.freeze()
    }
    for (const follower of this.#followers) follower.follow(fault)
    this.#fault = fault
    this.#since = new Date()
  }

  async #publish(clip: ClipName, audio: boolean): Promise<void> {
    this.#preparing = true
    await this.#publisher.play({ clip: await this.#clips.get(clip), audio })
    this.#preparing = false
  }

  state(): StageState {
    const { name, title, expect, publisher } = this.#fault
    return {
      fault: name,
      title,
      expect,
      since: this.#since.toISOString(),
      publisher: this.#preparing ? 'preparing' : publisher.is,
      faults: FAULTS.map(({ name, button, title }) => ({ name, button, title })),
    }
  }
}
