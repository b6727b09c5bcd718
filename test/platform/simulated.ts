import { VimeoSimulator } from '../../app/demo/vimeo/vimeo-simulator.ts'
import { type Access, VimeoAccount } from '../../src/platform/vimeo-account.ts'
import { parseApiAddress } from '../../src/platform/vimeo-request.ts'

export const TOKEN = 'the-token-of-the-tests-4711'

export const forever = () => new AbortController().signal

/** A clock whose monotonic side a test moves; the simulator has the other one too. */
export class TestClock {
  seconds = 1000
  wall(): number {
    return Date.now()
  }
  monotonic(): number {
    return this.seconds
  }
}

/** A simulator and an account with its token. */
export class SimulatedAccount {
  readonly simulator: VimeoSimulator
  readonly clock = new TestClock()
  readonly account: VimeoAccount
  access: Access
  /** Seconds for one request: short only while nothing is meant to come. */
  timeout = 5

  private constructor(simulator: VimeoSimulator, url: string) {
    this.simulator = simulator
    this.access = { token: TOKEN, address: parseApiAddress(url) }
    const timeout = () => this.timeout
    this.account = new VimeoAccount({
      access: async () => this.access,
      clock: this.clock,
      get timeout() {
        return timeout()
      },
    })
  }

  static async start(): Promise<SimulatedAccount> {
    const simulator = new VimeoSimulator({ token: TOKEN })
    return new SimulatedAccount(simulator, await simulator.start())
  }

  stop(): Promise<void> {
    return this.simulator.stop()
  }
}
