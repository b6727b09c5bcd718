import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { VimeoSimulator } from '../../app/demo/vimeo/vimeo-simulator.ts'
import { WebPresenter } from '../../app/demo/web-presenter/web-presenter.ts'
import { bandwidthEndpoint } from '../../src/network/bandwidth/endpoint.ts'
import { startPeer } from '../fixtures/peers.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { type FlowNode, type Runtime, root, startRuntime } from '../runtime.ts'

const TOKEN = 'token-of-the-test'

const PLACE = /\b(?:guarded|EverySecond|InSlices)\(\s*'([A-Za-z0-9 -]+)'/g

/** The names in the source, of `guarded` and of what hands them on to it. */
const PLACES = new Set(
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(root, 'src', name), 'utf8').matchAll(PLACE)])
    .map(([, place = '']) => place),
)

const ABORT = 'follows an abort, and does nothing but settle a promise or pass the abort on'
const LIMIT = 'is the timer of a limit that nothing here exceeds, and does nothing but settle a promise'
const CONTENT = 'belongs to streams whose picture is looked at, which costs more than a test of every place may'
const STATIC =
  'belongs to a program that cannot look up names, or must not show a secret, and is for each request alone'

const PICTURE = 'comes where somebody asks for a picture; test/integration/picture.test.ts'
const HISTORY = 'comes where the thread that keeps the history ends; test/integration/history-faults.test.ts'
const THREAD = 'comes where a thread that reads streams ends; test/integration/reading-thread.test.ts'

/** Why this run need not come to a place. */
const NOT_REACHED: Readonly<Record<string, string>> = {
  ...{ abort: ABORT, 'service dialogue': ABORT, 'key frame of a thread': PICTURE },
  ...{ 'turn of a limiter': ABORT, 'stream session': 'tells of a fault in a session, of which there is none' },
  ...{ 'node close': LIMIT, 'file that hangs': LIMIT, 'stream watchdog': LIMIT },
  ...{ 'content looks': CONTENT, 'change of reader': CONTENT, 'content reader': CONTENT },
  ...{ 'name proxy': STATIC, 'program lookup': 'forgets, after some time, that no program was found' },
  'input of a program': 'belongs to programs that are fed from memory, and tells only that one reads no more',
  'key frame': PICTURE,
  picture: PICTURE,
  'pictures of alerts': PICTURE,
  'folders of pipes': 'comes at the end of the process, when nobody is told any more',
  'bandwidth endpoint': 'answers the tests of other monitors, in the application, one request at a time',
  heartbeat: 'beats once a minute, by an interval that comes again by itself',
  'parked watches':
    'comes where no node takes up what another has left for half a minute; test/monitor/parking.test.ts',
  'silent body': 'comes where a web server says nothing for a minute in the middle of a stream',
  ...{ 'reading thread': THREAD, 'end of a reading thread': THREAD, 'pause of a reading thread': THREAD },
  'idle thread': 'comes where no stream has been watched for some seconds; test/integration/reading-thread.test.ts',
  ...{ 'end of the history': LIMIT, 'history question': LIMIT },
  ...{ 'history thread': HISTORY, 'end of the history thread': HISTORY },
  'upkeep of the history': 'comes every ten minutes; test/history/store.test.ts',
  'end of an event': 'comes where an event has been over for a while; test/nodes/report.test.ts',
  'log shipping': 'belongs to a log node that ships, to somewhere that is there; test/shipping/shipper.test.ts',
  'interim answer': 'counts the announcements of an answer, of which the servers here send none',
  notices: 'belongs to receivers of a report; test/nodes/report.test.ts',
  iperf3: 'is the timer of a test that sends less than it may in its time',
  'start of a watch': 'comes where the watch before is still ending',
  'page of elk watch': 'belongs to a command, in a process of its own; test/cli/elk-watch-page.test.ts',
  'tls relay': 'belongs to streams of rtsps; test/integration/protocols.test.ts',
}

/** Turns and listeners that come again and again: after one that threw there must be another. */
const RECURRING = [
  ...['alert tick', 'alertmanager', 'bandwidth test', 'bandwidth transfer', 'batch of messages', 'child program'],
  ...[
    'delivery',
    'encoder text client',
    'history order',
    'history report',
    'listener of observations',
    'log status',
    'loop watch',
    'memory of programs',
  ],
  ...['poll', 'reader output', 'reading order', 'reading report', 'reading round', 'reading watchdog'],
  ...['RTMP reader', 'status of a node', 'stream flow', 'stream inspection', 'targets file watch'],
  'watch turn',
]

const flowsOf = (name: string) => JSON.parse(readFileSync(join(root, 'flows', name), 'utf8')) as FlowNode[]

const email = (port: number): FlowNode => ({
  ...{ id: 'mailbox', type: 'hmonitor-receiver', name: 'on duty', channel: 'email', host: '127.0.0.1' },
  ...{ port: String(port), security: 'none', from: 'monitor@church.example', to: 'duty@church.example', perHour: '60' },
})

/** More than the starts of programs that are let through at once, and more pings than the process itself starts at once. */
const CROWD = 14
const NEIGHBOURS = 8

/** Takes an alert over HTTP, as from a flow of somebody's. */
const telling: FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'tab' },
  { id: 'in', type: 'http in', z: 'tab', url: '/tell', method: 'post', wires: [['notify', 'out']] },
  {
    id: 'notify',
    type: 'hmonitor-notify',
    z: 'tab',
    receiver: 'mailbox',
    monitor: 'b04fefe2eb112f36',
    wires: [[], []],
  },
  { id: 'out', type: 'http response', z: 'tab' },
]

const alert = (turn: number) => ({
  ...{ id: `0123456789abcde${turn}`, alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream' },
  ...{
    target: `stage-${turn}`,
    monitor: 'hall',
    site: '',
    status: 'firing',
    change: 'firing',
    labels: {},
    effects: [],
  },
  ...{ via: 'notify', startsAt: new Date().toISOString(), time: new Date().toISOString() },
  issue: {
    ...{ type: 'streamOffline', severity: 'error', since: new Date().toISOString(), measured: 1, expected: 0 },
    ...{ summary: 'The stream is off', remedy: ['Start it again.'] },
  },
})

describe('each place that nobody waits for throws once, in a runtime that watches something of every kind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-thrown-in-'))
  const callsFolder = join(folder, 'calls')
  const targetsFile = join(folder, 'targets.json')
  const logFile = join(folder, 'data', 'logs', 'hmonitor.ndjson')
  const ends: (() => unknown)[] = []
  let runtime: Runtime
  let publisher: Publisher
  let pageUrl = ''
  let mailbox: Awaited<ReturnType<typeof smtpSink>>
  let targets: Record<string, object[]>

  /** Of each thread: how often it came to a place. */
  const callsByThread = () =>
    readdirSync(callsFolder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(callsFolder, name), 'utf8')) as Record<string, number>)
  const calls = () => {
    const sum: Record<string, number> = {}
    for (const [place, count] of callsByThread().flatMap(Object.entries)) sum[place] = (sum[place] ?? 0) + count
    return sum
  }
  /** In each thread it threw once. */
  const thrown = (place: string) => callsByThread().filter((called) => place in called).length
  const notAgain = () => RECURRING.filter((place) => (calls()[place] ?? 0) < 2)
  const write = () => writeFileSync(targetsFile, JSON.stringify(targets))
  const text = async (path: string) => (await runtime.fetch(path)).text()
  interface Seen {
    target: string
    state: string
    time: string
  }
  const seen = async () => (JSON.parse(await text('/api/v1/status')) as { targets: Seen[] }).targets
  const stateOf = async (name: string) => (await seen()).find(({ target }) => target === name)?.state
  const untilState = (name: string, state: string, seconds = 20) =>
    until(
      async () => (await stateOf(name)) === state,
      seconds,
      () => `${name} is ${state}`,
    )
  const post = (path: string, body: object) =>
    runtime.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  before(async () => {
    const server = await startNginxRtmp()
    ends.push(() => server.stop())
    publisher = await startPublisher(server.url('live/main'))
    const toHls = await startPublisher(server.url('hls/web'))
    ends.unshift(
      () => publisher.kill(),
      () => toHls.kill(),
    )
    const silent = await startPeer(() => {})
    ends.push(() => silent.stop())
    const vimeo = new VimeoSimulator({ token: TOKEN })
    await vimeo.start()
    vimeo.add({ id: 12345, phase: 'streaming', viewers: 12 })
    const encoder = await WebPresenter.start({})
    mailbox = await smtpSink()
    const answerBandwidth = bandwidthEndpoint({ token: async () => TOKEN })
    const page = http.createServer((request, response) => {
      if (request.url?.startsWith('/bandwidth')) answerBandwidth(request, response).catch(() => response.destroy())
      else if (request.url?.startsWith('/api/v2/silences')) response.end('[]')
      else response.end('it works')
    })
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    pageUrl = `http://localhost:${(page.address() as AddressInfo).port}`
    const url = pageUrl
    ends.push(
      () => vimeo.stop(),
      () => encoder.switchOff(),
      () => mailbox.close(),
      () => page.close(),
    )
    targets = {
      streams: [
        { name: 'main', url: server.url('live/main'), expected: 'always' },
        { name: 'by-ffprobe', url: server.url('live/main'), expected: 'always', reader: 'ffprobe' },
        { name: 'web', url: server.hlsUrl('web').replace('127.0.0.1', 'localhost'), expected: 'always' },
        { name: 'nobody', url: 'rtmp://127.0.0.1:1/live/nobody', expected: 'always' },
        { name: 'silent', url: `rtmp://127.0.0.1:${silent.port}/live/silent`, expected: 'always' },
        ...Array.from({ length: CROWD }, (_, index) => ({
          name: `crowd-${index}`,
          url: 'rtmp://127.0.0.1:1/live/crowd',
          reader: 'ffprobe',
        })),
      ],
      hosts: [
        { name: 'host', address: 'localhost', interval: 1, count: 1, control: true },
        ...Array.from({ length: NEIGHBOURS }, (_, index) => ({
          ...{ name: `near-${index}`, address: `127.0.0.${index + 2}`, interval: 1, count: 5 },
        })),
      ],
      services: [
        { name: 'page', url, interval: 1 },
        { name: 'relay', url: server.url('live/main'), interval: 1 },
        // More than are sent, and shown, at once.
        ...Array.from({ length: 120 }, (_, index) => ({ name: `page-${index}`, url, interval: 3600 })),
      ],
      bandwidth: [
        {
          name: 'uplink',
          url: `${url.replace('//', `//monitor:${TOKEN}@`)}/bandwidth`,
          interval: 10,
          seconds: 2,
          megabytes: 50,
          whileLive: true,
        },
      ],
      webPresenters: [
        { name: 'encoder', address: encoder.restAddress },
        { name: 'old-encoder', address: encoder.textAddress, protocol: 'ethernet' },
      ],
      vimeo: [{ name: 'event', liveEvent: '12345', interval: 5 }],
    }
    write()
    mkdirSync(callsFolder)
    // Nothing can be written to a folder.
    mkdirSync(logFile, { recursive: true })
    const [monitor, ...rest] = flowsOf('alerts.json').filter(({ type }) => type !== 'hmonitor-receiver')
    runtime = await startRuntime({
      flows: [...flowsOf('rtmp-hmonitor.json'), monitor, ...rest, email(mailbox.port), ...telling].filter(
        (node, index, all): node is FlowNode => all.findIndex((other) => other?.id === node?.id) === index,
      ),
      env: {
        ...{ DATA_DIR: join(folder, 'data'), TARGETS_FILE: targetsFile, THROWING_PLACES: callsFolder },
        ...{ VIMEO_ACCESS_TOKEN: TOKEN, VIMEO_API_URL: vimeo.url, BANDWIDTH_TOKEN: TOKEN, ALERTMANAGER_URLS: url },
        NODE_OPTIONS: `--import=${pathToFileURL(join(root, 'test/fixtures/throwing-places.mjs'))}`,
      },
    })
    ends.unshift(() => runtime.stop())
  })
  after(async () => {
    for (const end of ends) await end()
    rmSync(folder, { recursive: true, force: true })
  })

  const watched = ['main', 'by-ffprobe', 'web', 'host', 'page', 'relay', 'encoder', 'old-encoder', 'event', 'page-119']

  it('all the same, every target is measured', async () => {
    for (const name of watched) await untilState(name, 'ok', 30)
    await untilState('nobody', 'down')
  })

  it('a stall is seen, and that it is over', async () => {
    publisher.freeze()
    await untilState('main', 'down')
    await until(() => (calls()['stream server check'] ?? 0) > 0, 20, 'its server is looked after')
    publisher.resume()
    await untilState('main', 'ok')
  })

  it('a log is written as soon as it can be', async () => {
    await until(() => (calls()['log file'] ?? 0) > 1, 20, 'it is tried again')
    rmdirSync(logFile)
    const isWritten = () => statSync(logFile, { throwIfNoEntry: false })?.isFile() === true
    await until(isWritten, 40, 'it is written')
  })

  it('starts and pings go on beyond what runs at once, and what says nothing is known to', async () => {
    const places = ['start pace', 'ping helper', 'stream warm-up']
    const missed = () => places.filter((place) => !(place in calls()))
    await until(
      () => missed().length === 0,
      40,
      () => missed().join(', '),
    )
    for (let index = 0; index < NEIGHBOURS; index++) await untilState(`near-${index}`, 'ok')
    await untilState('silent', 'down', 90)
  })

  it('alerts are delivered', async () => {
    for (let turn = 0; turn < 2; turn++) {
      assert.equal((await post('/tell', alert(turn))).status, 200)
      await until(() => mailbox.mails.some(({ text }) => text.includes(`stage-${turn}`)), 40, `mail ${turn}`)
    }
  })

  it('a change of the targets file is taken, and a target that goes is let go', async () => {
    const goes = ({ name = '' }: { name?: string }) => /^(?:web|by-ffprobe|crowd-.*)$/.test(name)
    targets.streams = (targets.streams ?? []).filter((stream) => !goes(stream))
    targets.services?.push({ name: 'fresh', url: pageUrl, interval: 1 })
    write()
    await untilState('fresh', 'ok')
    await until(async () => (await stateOf('web')) === undefined, 5, 'it is watched no more')
  })

  it('a trial and a deploy are done', async () => {
    const tried = await post('/hmonitor/try/service', { id: '', fields: { name: 'tried', url: pageUrl } })
    assert.equal(tried.status, 200)
    const flows = await runtime.exported()
    await runtime.deploy(flows.map((node) => (node.type === 'hmonitor-monitor' ? { ...node, site: 'north' } : node)))
  })

  it('and everything goes on', async () => {
    const before = Math.max(...(await seen()).map(({ time }) => Date.parse(time)))
    const still = watched.filter((name) => !['web', 'by-ffprobe', 'page-119'].includes(name))
    await until(
      async () => {
        const now = await seen()
        const isGoingOn = (name: string) =>
          now.some(({ target, state, time }) => target === name && state === 'ok' && Date.parse(time) > before)
        return still.every(isGoingOn)
      },
      30,
      'each is measured anew',
    )
    await until(
      () => RECURRING.every((place) => (calls()[place] ?? 0) > 1),
      40,
      () => `again: ${notAgain().join(', ')}`,
    )
  })

  it('each place that was come to stands in the log, is counted and is shown in health, and no other failed', async () => {
    const reached = Object.keys(calls()).filter((place) => PLACES.has(place))
    const metrics = await text('/metrics')
    const health = await text('/health')
    for (const place of reached) {
      const times = thrown(place)
      const logged = `Internal error (${place}), the rest goes on: Error: thrown into`
      assert.ok(
        runtime.log.some((line) => line.text.includes(logged)),
        `log: ${place}`,
      )
      assert.match(metrics, new RegExp(`^hmonitor_internal_errors_total\\{place="${place}"\\} ${times}$`, 'm'), place)
      const words = times === 1 ? 'once' : `${times} times`
      assert.ok(health.includes(`failed (${place}), ${words}`), `health: ${place}`)
    }
    const failed = [...metrics.matchAll(/^hmonitor_internal_errors_total\{place="([^"]+)"\}/gm)].map(([, name]) => name)
    assert.deepEqual(
      failed.filter((place = '') => !reached.includes(place)),
      [],
    )
  })

  it('every place of the source was come to, or it is said here why not', () => {
    const places = [...PLACES].sort()
    assert.ok(places.length > 50, `${places.length} places`)
    const missed = places.filter((place) => !(place in calls()) && !(place in NOT_REACHED))
    assert.deepEqual(missed, [])
    assert.deepEqual(
      Object.keys(NOT_REACHED).filter((place) => !PLACES.has(place)),
      [],
      'places that are no more',
    )
  })
})
