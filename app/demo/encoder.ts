import type { ClipName } from './clips.ts'
import type { EncoderAct, Fault } from './faults.ts'
import type { Follower } from './stage.ts'
import type { Device } from './web-presenter/device.ts'
import { WebPresenter } from './web-presenter/web-presenter.ts'

/** Bits per second of the demo's stream, sound included. */
const BITRATE = 2_128_000
const AUDIO = 128_000

/** What the clips take less than that. */
const BITRATES: Partial<Record<ClipName, number>> = { halfBitrate: 1_128_000 }

/** The share of the bitrate that a narrow uplink carries. */
const NARROW = 0.5

const STREAMS: EncoderAct = 'streams'

/** The demo's encoder: it seems to send the demo's stream, and suffers what that suffers. */
export class DemoEncoder implements Follower {
  readonly #device: Device

  constructor(device: Device) {
    this.#device = device
  }

  follow({ encoder = STREAMS, publisher }: Fault): void {
    const device = this.#device
    if (encoder === 'interrupted') {
      device.interrupt()
      return
    }
    if (encoder === 'stopped') {
      device.narrow(null)
      device.stop()
      return
    }
    if (encoder === 'restarted') device.restart()
    device.start()
    device.recover()
    if (encoder === 'stalled') device.encode(0)
    if (publisher.is === 'running') {
      device.encode((BITRATES[publisher.clip] ?? BITRATE) - (publisher.audio ? 0 : AUDIO))
    }
    device.narrow(encoder === 'squeezed' ? NARROW * BITRATE : null)
  }
}

/** Starts an encoder of the demo's own on loopback. */
export async function startEncoder(): Promise<{ encoder: DemoEncoder; address: string }> {
  const simulator = await WebPresenter.start({ label: 'Demo', bitrate: BITRATE, videoFormat: '720p30' })
  return { encoder: new DemoEncoder(simulator.device), address: simulator.restAddress }
}
