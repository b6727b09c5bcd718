/** The platform: Vimeo's API as a simulator answers it, and what it says follows from what its ingest really gets. */
import net from 'node:net'
import { VimeoSimulator } from '../../app/demo/vimeo/vimeo-simulator.ts'
import { obey } from '../control.ts'

export interface PlatformOptions {
  control: string
  token: string
  event: number
  /** Where nginx tells what it receives. */
  statistics: string
}

/** Seconds until it shows what comes, and until it gives up what does not. */
const SHOWS = 2
const GIVES_UP = 5

const { control, token, event: id, statistics } = JSON.parse(process.argv[2] ?? '') as PlatformOptions
const simulator = new VimeoSimulator({ token })
const event = simulator.add({ id, title: 'Laboratory', phase: 'ready', viewers: 12 })
const { port } = new URL(await simulator.start())

let before = -1
let comesSince: number | null = null
let awaySince: number | null = performance.now() / 1000
let scripted = false

async function look(): Promise<void> {
  const text = await fetch(statistics, { signal: AbortSignal.timeout(900) })
    .then((response) => response.text())
    .catch(() => '')
  const received = Number(/<stream>.*?<bytes_in>(\d+)/s.exec(text)?.[1] ?? -1)
  const comes = received > before && before >= 0
  before = received
  const now = performance.now() / 1000
  if (comes) [comesSince, awaySince] = [comesSince ?? now, null]
  else [comesSince, awaySince] = [null, awaySince ?? now]
  if (scripted) return
  if (comesSince !== null && now - comesSince > SHOWS) become('streaming')
  if (awaySince !== null && now - awaySince > GIVES_UP && event.phaseName === 'streaming') become('starved')
}

function become(phase: 'streaming' | 'starved'): void {
  if (event.phaseName !== phase) event.set(phase)
}
setInterval(() => void look(), 1000)

obey(control, {
  /** A fault of the simulator, as JSON. */
  fault: (text) => simulator.order(JSON.parse(text) as Parameters<typeof simulator.order>[0]),
  /** The event becomes what somebody there makes of it. */
  phase: (text) => {
    scripted = true
    event.set(text as Parameters<typeof event.set>[0])
  },
  token: (text) => {
    simulator.token = text
  },
  limit: (text) => {
    simulator.limit = Number(text)
  },
  forget: () => simulator.events.clear(),
})

net
  .createServer((socket) => {
    const inside = net.connect(Number(port), '127.0.0.1')
    for (const [from, to] of [[socket, inside] as const, [inside, socket] as const]) {
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  .listen(80, '0.0.0.0', () => console.log('ready'))
