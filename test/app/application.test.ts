import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { MonitorProcess, makeFolder, startAndFail } from './monitor-process.ts'

/** A tab of the user's own that answers with a variable of the environment. */
const ownFlow = (name: string) => [
  { id: 'own0', type: 'tab', label: 'Own' },
  { id: 'own1', type: 'http in', z: 'own0', url: '/own', method: 'get', wires: [['own2']] },
  {
    ...{ id: 'own2', type: 'change', z: 'own0', wires: [['own3']] },
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to: name, tot: 'env' }],
  },
  { id: 'own3', type: 'http response', z: 'own0', wires: [] },
]

/** The titles that its processes give themselves. */
const NODE_RED = /^rtmp-hmonitor-node-red$/

const KEY = 'k3y-that-nobody-may-see'
const env = (dataDir: string) => ({
  ...{ DATA_DIR: dataDir, ADMIN_PASSWORD: 'open sesame', METRICS_TOKEN: 'token-for-metrics' },
  // Nothing listens on port 1: it is down, and it is watched.
  RTMP_STREAMS: `main=rtmp://127.0.0.1:1/live/${KEY}`,
})

describe('npm start with streams of its own', () => {
  const folder = makeFolder()
  const { dataDir } = folder
  const started: MonitorProcess[] = []
  let monitor: MonitorProcess
  const start = (more = {}) => {
    monitor = new MonitorProcess(folder.path, { ...env(dataDir), ...more })
    started.push(monitor)
    return monitor.up()
  }
  before(async () => {
    mkdirSync(dataDir)
    writeFileSync(join(dataDir, 'flows.json'), JSON.stringify(ownFlow('RTMP_STREAMS')))
    await start()
  })
  after(async () => {
    for (const each of started) await each.end()
    folder.remove()
  })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(monitor.url + path, { headers })
  const token = { authorization: 'Bearer token-for-metrics' }

  it('says where it answers, how to log in, what it watches and with which ffprobe', () => {
    for (const line of [/^ {2}Editor +http:\/\/127\.0\.0\.1:\d+\/$/m, /with ADMIN_PASSWORD of the environment/]) {
      assert.match(monitor.output, line)
    }
    for (const path of ['/metrics', '/health', '/api/v1/status']) {
      assert.ok(monitor.output.includes(`${monitor.url}${path}\n`), path)
    }
    assert.match(monitor.output, /^ {2}Watching +the streams in RTMP_STREAMS$/m)
    assert.match(
      monitor.output,
      /^ {2}ffprobe +\S+, (\/\S+|from FFPROBE_PATH|the build that came with the packages.*)$/m,
    )
  })

  it('asks for the login before it shows or changes a flow', async () => {
    assert.equal((await get('/flows')).status, 401)
    assert.equal(await monitor.logIn('wrong'), undefined)
    const session = await monitor.logIn('open sesame')
    assert.equal((await get('/flows', { authorization: `Bearer ${session}` })).status, 200)
  })

  it('asks for the token for metrics and status, and not for health', async () => {
    assert.equal((await get('/metrics')).status, 401)
    assert.equal((await get('/api/v1/status')).status, 401)
    assert.ok([200, 503].includes((await get('/health')).status))
    assert.match(await (await get('/metrics', token)).text(), /^hmonitor_build_info\{/m)
  })

  it('watches the streams of the environment', async () => {
    const state = async () => {
      const { targets } = (await (await get('/api/v1/status?target=main', token)).json()) as {
        targets: { state: string }[]
      }
      return targets[0]?.state
    }
    await until(async () => ['down', 'off'].includes((await state()) ?? ''), 15, 'main is seen to be down')
  })

  it("keeps the user's own flows, which can read neither stream keys nor tokens", async () => {
    const response = await get('/own')
    assert.equal(response.status, 200)
    assert.doesNotMatch(await response.text(), /rtmp/)
  })

  it('shows no secret', async () => {
    const status = await (await get('/api/v1/status', token)).text()
    for (const secret of [KEY, 'open sesame', 'token-for-metrics']) {
      assert.ok(!monitor.output.includes(secret) && !status.includes(secret), secret)
    }
  })

  it('refuses a second monitor with the same data', () => {
    const { status, stderr } = startAndFail(folder.path, env(dataDir))
    assert.equal(status, 1)
    assert.match(stderr, /^DATA_DIR is in use by another monitor[\s\S]*PORT=1881 DATA_DIR=\.data-2 npm start/)
  })

  it('refuses a port that is taken', () => {
    const { status, stderr } = startAndFail(folder.path, {
      ...env(join(folder.path, 'other')),
      PORT: new URL(monitor.url).port,
    })
    assert.equal(status, 1)
    assert.match(stderr, /^Port \d+ of 127\.0\.0\.1 is already in use\.\n {2}Does a monitor/)
  })

  it('starts Node-RED again when it is killed', async () => {
    const before = monitor.find(NODE_RED)
    process.kill(before, 'SIGKILL')
    await until(() => /Node-RED ended by itself: it was ended by SIGKILL/.test(monitor.output), 20, 'it says so')
    const answers = () =>
      get('/health').then(
        ({ status }) => status !== 404,
        () => false,
      )
    await until(answers, 60, 'it answers again, at the same address')
    assert.notEqual(monitor.find(NODE_RED), before)
  })

  it('leaves no process behind when its supervisor is killed', async () => {
    assert.ok(monitor.find(NODE_RED))
    process.kill(monitor.pid, 'SIGKILL')
    await monitor.gone()
  })

  it('starts again in seconds, with the same flows and without a new login', async () => {
    const flows = readFileSync(join(dataDir, 'flows.json'), 'utf8')
    const seconds = await start({ LOG_LEVEL: 'error' })
    assert.ok(seconds < 60, `${seconds} s`)
    assert.doesNotMatch(monitor.output, /Installing|Building/)
    assert.equal(readFileSync(join(dataDir, 'flows.json'), 'utf8'), flows)
    assert.equal(monitor.password, undefined)
  })

  it('leaves no process behind when npm is killed, which does not hand on signals', async () => {
    monitor.processes()
    await monitor.end()
    const npm = new MonitorProcess(folder.path, { ...env(dataDir), npm_lifecycle_event: 'start' }, { inShell: true })
    started.push(npm)
    await npm.up()
    npm.processes()
    npm.signal('SIGTERM')
    await npm.gone()
    await start()
  })

  it('ends with 0 and leaves no process behind when it is told to end', async () => {
    monitor.processes()
    monitor.signal('SIGTERM')
    assert.equal(await monitor.ended(), 0)
    await monitor.gone(1)
    assert.match(monitor.output, /Stopping …\n$/)
  })
})

describe('npm start that cannot run', () => {
  const folder = makeFolder()
  after(() => folder.remove())

  it('says so where DATA_DIR is a file', () => {
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    const { status, stderr } = startAndFail(folder.path, { DATA_DIR: file })
    assert.equal(status, 1)
    assert.match(stderr, /^DATA_DIR cannot be written: \S+, there is a file of that name\.\n {2}Make it writable/)
    const below = startAndFail(folder.path, { DATA_DIR: join(file, 'data') })
    assert.match(below.stderr, /^DATA_DIR cannot be written: \S+, a part of that path is a file\./)
  })

  it('says so where HOST is no address of this machine', () => {
    const { status, stderr } = startAndFail(folder.path, { DATA_DIR: folder.dataDir, HOST: '192.0.2.1' })
    assert.equal(status, 1)
    assert.match(stderr, /^HOST is 192\.0\.2\.1, which is no address of this machine\./)
  })

  it('says so where a variable is wrong or its file is missing', () => {
    assert.match(startAndFail(folder.path, { PORT: 'x' }).stderr, /^PORT is "x" and must be a port/)
    const missing = startAndFail(folder.path, {}, ['--env', 'nowhere.env'])
    assert.match(missing.stderr, /^--env: there is no file nowhere\.env\./)
  })
})
