import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

const SECRETS = {
  STREAM_KEY: 'k3y-that-nobody-may-see',
  SMTP_PASSWORD: 'p4ssword-that-nobody-may-see',
  NOTIFY_WEBHOOK_SECRET: 's1gn-that-nobody-may-see',
  METRICS_TOKEN: 't0ken-that-nobody-may-see',
  SLACK_WEBHOOK_URL: 'https://hooks.example/h00k-that-nobody-may-see',
  OF_ANOTHER_PROGRAM: '0ther-that-nobody-may-see',
}

/** Those that have the configuration: `npm start`'s own and Node-RED. */
const OUR_OWN = /^(rtmp-hmonitor(-start|-node-red)?$|\S*node \S*(app\/start\.mjs|main\.generated\.mjs|red\.js))/

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

describe('what the application starts', () => {
  const folder = makeFolder()
  const temporary = join(folder.path, 'tmp')
  /** Takes a reader in and says nothing, so that the reader stays. */
  const silent = net.createServer((socket) => socket.on('error', () => {}))
  const started: MonitorProcess[] = []
  before(async () => {
    mkdirSync(temporary)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  })
  after(async () => {
    for (const each of started) await each.end()
    silent.close()
    folder.remove()
  })
  const start = async (more: Record<string, string>) => {
    const monitor = new MonitorProcess(folder.path, {
      ...{ DATA_DIR: folder.dataDir, TMPDIR: temporary, ADMIN_PASSWORD: 'open sesame' },
      ...SECRETS,
      ...more,
    })
    started.push(monitor)
    await monitor.up()
    return monitor
  }
  /** Watches processes come and go until all of `wanted` were seen, and answers those that hold a secret. */
  const holders = async (monitor: MonitorProcess, wanted: RegExp[]) => {
    const seen = new Map<number, string>()
    const holding = new Set<string>()
    await until(
      () => {
        for (const { pid, command } of monitor.processes()) {
          if (OUR_OWN.test(command) || command === '') continue
          const environment = environmentOf(pid)
          // Between fork and exec a process is still its parent.
          if (OUR_OWN.test(commandOf(pid))) continue
          seen.set(pid, command)
          if (environment.includes('that-nobody-may-see')) holding.add(command)
        }
        return wanted.every((pattern) => [...seen.values()].some((command) => pattern.test(command)))
      },
      40,
      () => `not seen: ${wanted}; seen: ${[...seen.values()].join(' | ')}`,
    )
    return [...holding]
  }
  const pipeFolders = () => readdirSync(temporary).filter((name) => name.startsWith('rtmp-hmonitor-'))
  /** A program reads it. */
  const stream = () => `main=rtsp://127.0.0.1:${(silent.address() as net.AddressInfo).port}/live/x`

  it('knows none of its secrets', async () => {
    const monitor = await start({ RTMP_STREAMS: stream(), PING_HOSTS: 'self=127.0.0.1', DEMO: 'off' })
    assert.deepEqual(await holders(monitor, [/ffprobe/, /^ping /]), [])
    await monitor.end()
  })

  it('knows none of them in the demo either', async () => {
    const monitor = await start({ DATA_DIR: join(folder.path, 'demo') })
    assert.deepEqual(await holders(monitor, [/ffprobe/, /rtmp-hmonitor-demo/, /ffmpeg/]), [])
    await monitor.end()
  })

  it('leaves nothing in the temporary folder, and what a killed one left goes with the next start', async () => {
    const first = await start({ RTMP_STREAMS: stream() })
    await until(
      () => pipeFolders().length === 1,
      20,
      () => `pipes: ${readdirSync(temporary)}`,
    )
    const [own] = pipeFolders()
    process.kill(first.find(/^rtmp-hmonitor-node-red$/), 'SIGKILL')
    await until(
      () => pipeFolders().length === 1 && pipeFolders()[0] !== own,
      30,
      () => `${readdirSync(temporary)}`,
    )
    first.signal('SIGTERM')
    await first.ended()
    // A reader of the one that was killed ends by itself when its server has been silent for 20 s.
    await first.gone(30)
    // Node.js keeps what it has compiled for the next start, once for all.
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name !== 'node-compile-cache'),
      [],
    )
  })
})

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}
