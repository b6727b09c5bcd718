import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { FlowNode } from '../../app/flows.ts'
import type { Observation } from '../../src/observation/observation.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { until } from '../fixtures/wait.ts'
import { root } from '../runtime.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

type StreamObservation = Observation<'stream', StreamMeasurements>

/** What a person would look for in the status and in the metrics after pressing a button of the demo's tab. */
const ARRIVALS: [button: string, arrived: (seen: StreamObservation, metrics: string) => boolean][] = [
  ['remove the audio', ({ issues }) => issues.some(({ type }) => type === 'noAudioStream')],
  ['halve the bitrate', ({ measurements }) => near(measurements.last1s.videoBytesPerSecond, 125_000)],
  ['drop the frame rate', ({ measurements }) => near(measurements.last1s.framesPerSecond, 15)],
  ['stretch the GOP', ({ measurements }) => (measurements.keyframeInterval ?? 0) > 3],
  ['narrow the uplink', (_, metrics) => metrics.includes(CACHE_HIGH)],
  ['restart with another size', (_, metrics) => metrics.includes('hmonitor_stream_width_pixels{target="demo"} 854')],
  ['freeze the publisher', ({ issues }, metrics) => isDown(metrics) && issues.some(isOffline)],
  ['back to normal', ({ measurements, issues }) => measurements.up === true && !issues.some(isOffline)],
  ['stop the publisher', ({ issues }, metrics) => isDown(metrics) && issues.some(isOffline)],
  ['back to normal', ({ measurements }, metrics) => measurements.up === true && metrics.includes(ENCODER_STREAMS)],
  ['end the event', ({ state, issues }) => state === 'off' && !issues.some(isOffline)],
]
const CACHE_HIGH = 'hmonitor_encoder_issue{target="demo-encoder",issue="encoderCacheHigh",severity="warning"} 1'
const ENCODER_STREAMS = 'hmonitor_encoder_device_state{target="demo-encoder",state="streaming"} 1'
/** Seconds swing around their mean, since only some have a key frame. */
const near = (value: number | null, expected: number) => value !== null && Math.abs(value / expected - 1) < 0.2
const isDown = (metrics: string) => metrics.includes('hmonitor_stream_up{target="demo"} 0')
const isOffline = ({ type }: { type: string }) => type === 'streamOffline'

describe('npm start with nothing to watch', () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  let session = ''
  before(async () => {
    monitor = new MonitorProcess(folder.path, { DATA_DIR: folder.dataDir })
    await monitor.up()
  })
  after(async () => {
    await monitor.end()
    folder.remove()
  })

  const seen = async (): Promise<StreamObservation | undefined> => {
    const response = await fetch(`${monitor.url}/api/v1/status?kind=stream&target=demo`)
    return ((await response.json()) as { targets: StreamObservation[] }).targets[0]
  }
  const press = async (name: string) => {
    const nodes = JSON.parse(readFileSync(join(root, 'app/demo/flow.json'), 'utf8')) as FlowNode[]
    const button = nodes.find((node) => node.type === 'inject' && node.name === name)
    assert.ok(button, name)
    const headers = { authorization: `Bearer ${session}` }
    assert.equal((await fetch(`${monitor.url}/inject/${button.id}`, { method: 'POST', headers })).status, 200)
  }

  it('makes a login and shows it', async () => {
    const { password } = monitor
    assert.match(password ?? '', /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/)
    assert.equal(await monitor.logIn('wrong'), undefined)
    session = (await monitor.logIn(password ?? '')) ?? ''
    assert.notEqual(session, '')
  })

  it('writes the password nowhere, and lets nobody else read its secrets', () => {
    const files = readdirSync(folder.dataDir, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder.dataDir, name),
    )
    for (const file of files.filter((each) => statSync(each).isFile())) {
      assert.ok(!readFileSync(file, 'latin1').includes(monitor.password ?? ''), file)
    }
    assert.equal(statSync(join(folder.dataDir, 'secrets.json')).mode & 0o777, 0o600)
    assert.equal(statSync(folder.dataDir).mode & 0o777, 0o700)
  })

  it('watches a stream of its own, which is well', async () => {
    await until(
      async () => (await seen())?.state === 'ok',
      60,
      () => `the demo is ok\n${monitor.output}`,
    )
  })

  it('watches a live event of its own, which follows the stream, without an account', async () => {
    const live = /hmonitor_platform_live_state\{target="demo-event",state="streaming"\} 1/
    const metrics = async () => (await fetch(`${monitor.url}/metrics`)).text()
    await until(async () => live.test(await metrics()), 40, 'the event is live')
  })

  it('watches a source of every kind beside it, and all are well', async () => {
    let states: string[] = []
    const look = async () => {
      const response = await fetch(`${monitor.url}/api/v1/status`)
      const { targets } = (await response.json()) as { targets: Observation[] }
      states = targets.map(({ kind, state }) => `${kind} ${state}`).sort()
      return states.join() === 'encoder ok,ping ok,platform ok,service ok,stream ok'
    }
    await until(look, 30, () => states.join())
  })

  it('is healthy', async () => {
    const response = await fetch(`${monitor.url}/health`)
    assert.equal(response.status, 200, await response.text())
  })

  for (const [button, arrived] of ARRIVALS) {
    it(`shows what comes of the button "${button}"`, async () => {
      await press(button)
      let last: StreamObservation | undefined
      const look = async () => {
        last = await seen()
        return last !== undefined && arrived(last, await (await fetch(`${monitor.url}/metrics`)).text())
      }
      await until(look, 40, () => JSON.stringify(last))
    })
  }

  it('leaves no process behind after Ctrl-C, not even a frozen publisher', async () => {
    await press('freeze the publisher')
    await until(() => monitor.processes().length >= 4, 10, 'its processes run')
    monitor.interrupt()
    assert.equal(await monitor.ended(), 0)
    await monitor.gone(1)
  })
})
