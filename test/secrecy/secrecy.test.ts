import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type FakeFfprobe, fakeFfprobe } from '../fixtures/fake-ffprobe.ts'
import { freePort } from '../fixtures/ports.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { type FlowNode, type Runtime, startRuntime } from '../runtime.ts'
import { shippedFlow, streamList } from '../watching.ts'
import { CATCH, DIALOG, FAILING, LOG, observedFlow, PROBE } from './flow.ts'
import { eventLog, placesOf, spoken } from './places.ts'
import { leaks } from './search.ts'

/** One for each way in. */
const SECRETS = {
  literalKey: 'Lit9aXq7RvKey-literal+one',
  variableKey: 'Var8bWp6StKey-variable/two',
  fileKey: 'Fil7cVn5TuKey-file=three',
  refusedKey: 'Ref6dUm4UvKey-refused',
  dialogKey: 'Dia4fSk2WxKey-dialog%six',
  failingKey: 'Fai5eTl3VwKey-failing&five',
  password: 'Pas2hQi9YzWord-userinfo',
  query: 'Que1iPh8ZaToken-query',
  inspectKey: 'Ins9jOg7AbKey-inspect',
  messageKey: 'Mes8kNf6BcKey-message',
  metricsToken: 'Met7lMe5CdToken-metrics',
  listKey: 'Lis6mLd4DeKey-list',
  listQuery: 'Liq5nKc3EfToken-list-query',
  apartKey: 'Apa3pJb2FgKey-apart/eight',
  apartVariable: 'Apv2qIa1GhKey-apart#nine',
  listApart: 'Lia1rHz9HiKey-list/apart',
  shippingPassword: 'Shp4sGy7IjWord-shipping',
}

/** Repeats what it was asked for on both outputs and fails, as a debug build or a broken one does. */
const TALKATIVE =
  'for argument; do echo "error opening $argument"; echo "$argument: Input/output error" >&2; done; exit 1'

describe('secrets never leave', () => {
  let folder: string
  let server: RtmpServer
  let api: Server
  let apiHost: string
  let closed: number
  let talkative: FakeFfprobe
  const publishers: Publisher[] = []

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-secrecy-'))
    talkative = await fakeFfprobe({ reads: TALKATIVE })
    writeFileSync(join(folder, 'key'), `${SECRETS.fileKey}\n`)
    server = await startNginxRtmp()
    for (const key of [SECRETS.literalKey, SECRETS.listKey]) {
      publishers.push(await startPublisher(server.url(`live/${key}`), { gop: 0.5 }))
    }
    api = createServer((_request, response) => response.writeHead(404).end('no such stream')).listen(0, '127.0.0.1')
    await once(api, 'listening')
    apiHost = `127.0.0.1:${(api.address() as AddressInfo).port}`
    closed = await freePort()
  })
  after(async () => {
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await server?.stop()
    api?.close()
    await talkative?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const sources = (): Record<string, string> => ({
    literal: server.url(`live/${SECRETS.literalKey}`),
    variable: server.url('live/${STREAM_KEY}'),
    file: server.url('live/${FILE_KEY}'),
    refused: `rtmp://127.0.0.1:${closed}/live/${SECRETS.refusedKey}`,
    userinfo: `rtsp://camera:${SECRETS.password}@127.0.0.1:${closed}/stream`,
    'userinfo-http': `http://camera:${SECRETS.password}@${apiHost}/live.m3u8`,
    query: `http://${apiHost}/live.m3u8?token=${SECRETS.query}`,
    fragment: server.url(`live#${SECRETS.apartKey}-1`),
  })
  /** The key apart from the server, and read in both ways. */
  const apart = () => [
    { name: 'apart', url: server.url('live'), key: SECRETS.apartKey, reader: 'ffprobe' },
    { name: 'apart-own', url: server.url('live'), key: '${APART_KEY}', reader: 'auto' },
  ]
  /** Entries that are rejected must not show their keys either. */
  const rejected = () => [
    { name: 'literal', url: server.url(`live/${SECRETS.refusedKey}`) },
    { name: 'twice', url: server.url(`live#${SECRETS.refusedKey}`), key: SECRETS.refusedKey },
    { name: 'spaces', url: server.url('live'), key: `${SECRETS.refusedKey} x` },
    { name: 'wrong', url: `ftp://user:${SECRETS.password}@host.example/${SECRETS.refusedKey}` },
    { name: 'typo', url: server.url(`live/${SECRETS.refusedKey}`), [SECRETS.messageKey]: 1 },
    { name: `rtmp://host.example/live/${SECRETS.messageKey} `, url: SECRETS.refusedKey },
    { name: 'interval', url: server.url('live/x'), interval: SECRETS.messageKey },
  ]
  const messages = (): unknown[] => [
    { action: 'inspect', url: server.url(`live/${SECRETS.inspectKey}`) },
    { action: 'inspect', url: `rtmp://127.0.0.1:${closed}/live/${SECRETS.inspectKey}` },
    { action: 'inspect', url: `rtpm://host.example/live/${SECRETS.inspectKey}` },
    { action: 'inspect', url: `rtmp://127.0.0.1:${closed}/live#${SECRETS.inspectKey}` },
    { action: 'inspect', name: 'nobody' },
    { action: 'picture', name: 'nobody' },
    { action: 'picture', name: SECRETS.inspectKey },
    ...Object.keys(sources()).map((name) => ({ action: 'picture', name })),
    {
      action: 'watch',
      kind: 'stream',
      target: { name: 'message', url: `rtmp://127.0.0.1:${closed}/live/${SECRETS.messageKey}` },
    },
    { action: 'watch', kind: 'stream', target: { name: 'odd', url: `-i ${SECRETS.messageKey}` } },
    { action: SECRETS.messageKey },
    SECRETS.messageKey,
  ]

  describe('from the targets file, dialogs and messages', () => {
    let runtime: Runtime

    before(async () => {
      const streams = Object.entries(sources()).map(([name, url]) => ({ name, url, expected: 'always' }))
      const entries = apart().map((entry) => ({ ...entry, expected: 'always' }))
      writeFileSync(join(folder, 'targets.json'), JSON.stringify({ streams: [...streams, ...entries, ...rejected()] }))
      runtime = await startRuntime({
        env: {
          TARGETS_FILE: join(folder, 'targets.json'),
          STREAM_KEY: SECRETS.variableKey,
          APART_KEY: SECRETS.apartVariable,
          FILE_KEY_FILE: join(folder, 'key'),
          METRICS_TOKEN: SECRETS.metricsToken,
        },
        logLevel: 'trace',
      })
      const credentials = new Map<string, Record<string, string>>([
        [DIALOG, { streamKey: SECRETS.dialogKey }],
        [FAILING, { streamKey: SECRETS.failingKey }],
        // Nobody takes the log there.
        [LOG, { shipUrl: `http://127.0.0.1:${closed}`, shipUser: 'crew', shipPassword: SECRETS.shippingPassword }],
      ])
      const flow = observedFlow({ server: server.url('live'), talkativeFfprobe: talkative.path })
      // As the editor sends what was typed into a dialog.
      const withKey = (node: FlowNode) => ({ ...node, credentials: credentials.get(node.id) })
      await runtime.deploy(flow.map((node) => (credentials.has(node.id) ? withKey(node) : node)))
    })
    after(() => runtime?.stop())

    const observed = (target: string) =>
      [PROBE, DIALOG, FAILING]
        .flatMap((node) => runtime.from(node, 0))
        .filter(({ topic }) => topic === target)
        .map(({ payload }) => payload as { state: string; issues: unknown[]; error?: unknown })

    it('while a stream flows and every other one fails in its own way', async () => {
      await until(() => observed('literal').at(-1)?.state === 'ok', 40, 'the published stream is ok')
      for (const name of [...Object.keys(sources()), 'apart', 'apart-own', 'dialog', 'failing'].filter(
        (name) => name !== 'literal',
      )) {
        const isFaulty = () => (observed(name).at(-1)?.issues.length ?? 0) > 0
        await until(isFaulty, 40, () => `an issue of ${name}, not ${JSON.stringify(observed(name).at(-1))}`)
      }
      for (const action of ['state-changed', 'issue-raised', 'session-ended', 'alert-firing'])
        await until(() => eventLog(runtime).includes(`"${action}"`), 20, `the log has ${action}`)
      assert.deepEqual(leaks(await placesOf(runtime, SECRETS.metricsToken), SECRETS), [])
    })

    it('in answers and errors to messages', async () => {
      for (const payload of messages()) {
        await runtime.fetch('/message', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ payload }),
        })
      }
      await until(() => observed('message').length > 0, 20, 'the stream of a message is watched')
      // Each is answered or an error, but for the one watch that is taken.
      const isAnswered = () => runtime.from(PROBE, 2).length + runtime.from(CATCH).length >= messages().length - 1
      await until(
        isAnswered,
        60,
        () => `answers ${runtime.from(PROBE, 2).length}, errors ${runtime.from(CATCH).length}`,
      )
      assert.deepEqual(leaks(await placesOf(runtime, SECRETS.metricsToken), SECRETS), [])
    })

    it('when somebody asks for the credentials of a node', async () => {
      const paths = [DIALOG, FAILING].map((id) => `/credentials/hmonitor-ffprobe/${id}`)
      paths.push(`/credentials/hmonitor-log/${LOG}`)
      assert.deepEqual(leaks(await placesOf(runtime, SECRETS.metricsToken, paths), SECRETS), [])
    })

    it('at the end, when sessions are closed', async () => {
      await runtime.stop()
      assert.deepEqual(leaks(spoken(runtime), SECRETS), [])
    })
  })

  describe('from RTMP_STREAMS, through the shipped flow', () => {
    let runtime: Runtime

    before(async () => {
      const streams = {
        list: server.url(`live/${SECRETS.listKey}`),
        query: `http://${apiHost}/live.m3u8?token=${SECRETS.listQuery}`,
        apart: `rtmp://127.0.0.1:${closed}/live#${SECRETS.listApart}`,
      }
      runtime = await startRuntime({
        flows: shippedFlow(),
        env: { RTMP_STREAMS: streamList(streams), METRICS_TOKEN: SECRETS.metricsToken },
        logLevel: 'trace',
      })
    })
    after(() => runtime?.stop())

    it('while they are watched, and after', async () => {
      const status = async () => {
        const headers = { authorization: `Bearer ${SECRETS.metricsToken}` }
        return (await runtime.fetch('/api/v1/status', { headers })).text()
      }
      await until(async () => /"state":\s*"ok"/.test(await status()), 40, 'the published stream is ok')
      await until(() => /"target":"query"/.test(eventLog(runtime)), 20, 'the log has the other one')
      assert.deepEqual(leaks(await placesOf(runtime, SECRETS.metricsToken), SECRETS), [])
      await runtime.stop()
      assert.deepEqual(leaks(spoken(runtime), SECRETS), [])
    })
  })
})
