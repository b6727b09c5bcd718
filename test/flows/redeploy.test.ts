import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { valuesOf } from '../exposition.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import type { DeployType, FlowNode } from '../runtime.ts'
import { nodeOf, shippedFlow, startWatching, type Watching } from '../watching.ts'

const names = ['one', 'two', 'three']
const CONFIRMATION = 10

describe('deploys while streams are watched', () => {
  let server: RtmpServer
  let watching: Watching
  let folder: string
  const publishers: Publisher[] = []
  const flow = shippedFlow()

  /** By ffprobe, because its processes show which session is whose. */
  const writeTargets = (streams: { name: string; [key: string]: unknown }[]) =>
    writeFile(
      join(folder, 'targets.json'),
      JSON.stringify({
        streams: streams.map((stream) => ({ url: server.url(`live/${stream.name}`), reader: 'ffprobe', ...stream })),
      }),
    )
  /** Sessions, not the short runs that read parameters. */
  const probes = () => watching.runtime.processes().filter(({ command }) => command.includes('-show_packets'))
  /** Process ids of the sessions, by stream. */
  const sessions = () =>
    Object.fromEntries(probes().map(({ pid, command }) => [/\/live\/(\w+)/.exec(command)?.[1] ?? command, pid]))
  const ended = async () => valuesOf(await watching.samples(), 'hmonitor_stream_sessions_total')
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const series = async () =>
    (await watching.samples())
      .filter(({ name }) => name.startsWith('hmonitor_'))
      .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)
      .sort()
  const untilWatched = (...wanted: string[]) =>
    until(
      () => JSON.stringify(Object.keys(sessions()).sort()) === JSON.stringify([...wanted].sort()),
      30,
      () => `watched are ${wanted.join(', ') || 'none'}, not ${Object.keys(sessions()).join(', ')}`,
    )
  const untilWell = async () => {
    const isWell = async (name: string) => (await watching.status(name))?.state === 'ok'
    for (const name of names) await until(() => isWell(name), 30, `${name} is ok`)
    await untilWatched(...names)
  }
  /** Until all is known of every stream that takes a while to be known, so that no series is still to come. */
  const untilKnown = async () => {
    await untilWell()
    const isKnown = async (name: string) => {
      const known = (await watching.status(name))?.measurements
      return ![known?.parameters, known?.drift, known?.last10s.realtimeRatio].includes(null)
    }
    for (const name of names) await until(() => isKnown(name), 30, `all is known of ${name}`)
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hmonitor-redeploy-'))
    server = await startNginxRtmp()
    for (const name of [...names, 'four'])
      publishers.push(await startPublisher(server.url(`live/${name}`), { gop: 0.5 }))
    await writeTargets(names.map((name) => ({ name })))
    watching = await startWatching({ flows: flow, env: { TARGETS_FILE: join(folder, 'targets.json') } })
    await untilWell()
  })
  after(async () => {
    await watching?.stop()
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('leave nothing behind and reopen no session, a hundred times', async () => {
    // The first deploy makes what is made once.
    await watching.runtime.deploy(flow, 'full')
    await untilKnown()
    const before = {
      sessions: sessions(),
      ended: await ended(),
      series: await series(),
      diagnostics: await watching.runtime.diagnostics(),
      packets: sum(valuesOf(await watching.samples(), 'hmonitor_stream_packets_total')),
    }
    const types: DeployType[] = ['full', 'nodes', 'flows']
    const ours = flow.filter(({ type }) => type.startsWith('hmonitor-'))
    for (let round = 0; round < 100; round += 1) {
      const changed = ours[round % ours.length]
      const next = flow.map((node) => (node === changed ? { ...node, name: `${node.name ?? ''} ${round}` } : node))
      await watching.runtime.deploy(next, types[round % types.length])
    }
    await watching.runtime.deploy(flow, 'full')
    await untilKnown()

    assert.deepEqual(sessions(), before.sessions)
    assert.deepEqual(await ended(), before.ended)
    assert.deepEqual(await series(), before.series)
    const packets = sum(valuesOf(await watching.samples(), 'hmonitor_stream_packets_total'))
    assert.ok(packets > before.packets, 'packets are counted on')
    // A request or a timer of the moment is over soon; what a deploy leaves behind stays, a hundred times.
    let now = await watching.runtime.diagnostics()
    const hasMore = ([name, count]: [string, number]) => count > (before.diagnostics.resources[name] ?? 0)
    const isBack = async () => {
      now = await watching.runtime.diagnostics()
      return !Object.entries(now.resources).some(hasMore)
    }
    const { resources } = before.diagnostics
    await until(isBack, 15, () => `handles ${JSON.stringify(now.resources)} are again ${JSON.stringify(resources)}`)
    assert.deepEqual(now.listeners, before.diagnostics.listeners)
    assert.deepEqual(now.routes, before.diagnostics.routes)
    assert.deepEqual(watching.runtime.complaints(), [])
  })

  it('do not disturb the others when a stream is added', async () => {
    const before = sessions()
    await writeTargets([...names, 'four'].map((name) => ({ name })))
    await untilWatched(...names, 'four')
    await watching.untilUp('four', 1, 20)
    const { four: _added, ...others } = sessions()
    assert.deepEqual(others, before)
  })

  it('do not disturb the others when a stream is changed', async () => {
    const { four, ...before } = sessions()
    await writeTargets([...names.map((name) => ({ name })), { name: 'four', interval: 2 }])
    await until(async () => sessions().four !== four, 20, 'the changed stream is opened anew')
    await untilWatched(...names, 'four')
    const { four: _changed, ...others } = sessions()
    assert.deepEqual(others, before)
  })

  it('end a stream that is no longer listed, its process and its series', async () => {
    const { four: _removed, ...before } = sessions()
    await writeTargets(names.map((name) => ({ name })))
    await untilWatched(...names)
    assert.deepEqual(sessions(), before)
    assert.deepEqual(
      (await watching.samples()).filter(({ labels }) => labels.target === 'four'),
      [],
    )
    assert.equal(sum(await ended()), 0)
  })

  const withoutWatchers: [what: string, change: (flows: FlowNode[]) => FlowNode[], seconds: number][] = [
    [
      'the targets node is deleted',
      (flows) => {
        const { id } = nodeOf(flows, 'hmonitor-targets')
        return flows.filter((node) => node.id !== id)
      },
      CONFIRMATION + 5,
    ],
    [
      'the wire from the targets node is cut',
      (flows) => flows.map((node) => (node.type === 'hmonitor-targets' ? { ...node, wires: [[], []] } : node)),
      CONFIRMATION + 5,
    ],
    [
      'the ffprobe node is deleted',
      (flows) => {
        const { id } = nodeOf(flows, 'hmonitor-ffprobe')
        return flows.filter((node) => node.id !== id)
      },
      5,
    ],
  ]
  for (const [what, change, seconds] of withoutWatchers) {
    for (const type of ['full', 'nodes'] satisfies DeployType[]) {
      it(`leave nothing watched by nobody when ${what}, deployed as ${type}`, async () => {
        await watching.runtime.deploy(change(shippedFlow()), type)
        await until(
          () => probes().length === 0,
          seconds,
          () => `no ffprobe: ${JSON.stringify(probes())}`,
        )
        await until(
          async () => valuesOf(await watching.samples(), 'hmonitor_stream_up').length === 0,
          5,
          'no series of a stream',
        )
        await watching.runtime.deploy(flow, type)
        await untilWell()
      })
    }
  }
})
