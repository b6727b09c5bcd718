import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { root } from '../runtime.ts'
import { type ComposeStack, composeStack, docker, hostAddress, marksOf } from './compose-stack.ts'

const SERVICES = ['alertmanager', 'config', 'grafana', 'monitor', 'prometheus']
const LASTING = SERVICES.filter((name) => name !== 'config')

interface Rule {
  name: string
  type: string
  health: string
}

/** A folder with nothing in it but where mail goes: the demo is shown. */
describe('docker compose up, with nothing to watch', () => {
  let stack: ComposeStack
  let mail: SmtpSink

  before(async () => {
    const address = await hostAddress()
    mail = await smtpSink({ address })
    stack = await composeStack('demo', {
      ...{ SITE: 'main-hall', ADMIN_PASSWORD: 'a-long-password' },
      ...{ SMTP_HOST: address, SMTP_PORT: String(mail.port), SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org' },
    })
    await stack.up()
  })
  after(async () => {
    await stack?.remove()
    await mail?.close()
  })

  /** Of what is watched: on a slow machine the monitor may be away for so long that this, too, is told, and it is true. */
  const told = () => mail.mails.filter(({ subject }) => !/does not answer/.test(subject))

  const login = async (password: string) => {
    const body = new URLSearchParams({
      ...{ client_id: 'node-red-editor', grant_type: 'password', scope: '' },
      ...{ username: 'admin', password },
    })
    return fetch(`${stack.urls.monitor}/auth/token`, { method: 'POST', body })
  }

  it('has every container healthy, and config ended well', async () => {
    const containers = await stack.containers()
    assert.deepEqual(containers.map(({ service }) => service).sort(), SERVICES)
    for (const { service, status, exitCode, health, restarts } of containers) {
      const expected = service === 'config' ? ['exited', 0, null, 0] : ['running', 0, 'healthy', 0]
      assert.deepEqual([status, exitCode, health, restarts], expected, service)
    }
  })

  it('runs no process as root, and none with a privilege', async () => {
    for (const service of LASTING) {
      const { id } = await stack.container(service)
      const [, ...processes] = (await docker('top', id, '-eo', 'uid,pid,args')).trim().split('\n')
      assert.ok(processes.length > 0, service)
      for (const line of processes) assert.doesNotMatch(line, /^\s*0\s/, `${service}: ${line}`)
      const status = await stack.exec(service, 'cat', '/proc/1/status')
      assert.match(status, /^CapEff:\s0+$/m, service)
      assert.match(status, /^NoNewPrivs:\s1$/m, service)
    }
  })

  it('writes nowhere but to its volumes, not even as root', async () => {
    for (const service of LASTING) {
      const { id } = await stack.container(service)
      for (const path of ['/etc/new', '/usr/new', '/opt/new', '/project/new'].slice(0, service === 'monitor' ? 4 : 2)) {
        await assert.rejects(
          docker('exec', '--user', '0', id, 'touch', path),
          /Read-only file system/,
          `${service} ${path}`,
        )
      }
    }
  })

  it('watches the demo, knows of it what the ffprobe of the image sees, and shows its key in no process list', async () => {
    const token = await stack.token()
    const streams = async () => {
      const response = await fetch(`${stack.urls.monitor}/api/v1/status?kind=stream`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const { targets } = (await response.json()) as {
        targets: { state: string; measurements: { parameters?: { video: { bFrames: number | null }[] } | null } }[]
      }
      return targets
    }
    const isKnown = ({ state, measurements }: Awaited<ReturnType<typeof streams>>[number]) =>
      // Whether there are B-frames no header says: a decoder has looked.
      state === 'ok' && typeof measurements.parameters?.video[0]?.bFrames === 'number'
    await until(
      async () => (await streams()).filter(isKnown).length === 1,
      60,
      'the demo stream is ok, and was inspected',
    )
    const { id } = await stack.container('monitor')
    assert.doesNotMatch(await docker('top', id, '-eo', 'pid,args'), /\/ffprobe .*rtmp:/m)
  })

  it('asks for a login or a token where there is one to ask for', async () => {
    const { monitor } = stack.urls
    const token = await stack.token()
    for (const path of ['/metrics', '/api/v1/status']) {
      const ask = (authorization?: string) =>
        fetch(`${monitor}${path}`, authorization === undefined ? {} : { headers: { authorization } })
      assert.equal((await ask()).status, 401, path)
      assert.equal((await ask('Bearer another')).status, 401, path)
      assert.equal((await ask(`Bearer ${token}`)).status, 200, path)
    }
    assert.equal((await fetch(`${monitor}/health`)).status, 200)
    assert.equal((await fetch(`${monitor}/flows`)).status, 401)
    assert.notEqual((await login('another')).status, 200)
    const allowed = await login('a-long-password')
    assert.equal(allowed.status, 200)
    const { access_token } = (await allowed.json()) as { access_token: string }
    const flows = await fetch(`${monitor}/flows`, { headers: { authorization: `Bearer ${access_token}` } })
    assert.equal(flows.status, 200)
    const page = await fetch(`${monitor}/dashboard`, { redirect: 'manual' })
    assert.ok([302, 303, 401].includes(page.status), `the dashboard answers ${page.status} without a login`)
  })

  it('has Prometheus scrape it and load every rule', async () => {
    await until(
      async () => (await stack.query('hmonitor_stream_up{target="demo",site="main-hall"} == 1')).length === 1,
      30,
      'the demo is up in Prometheus',
    )
    assert.deepEqual(
      (await stack.query('up')).map(({ metric, value }) => [metric.job, value]).sort(),
      [...new Set((await stack.query('up')).map(({ metric }) => metric.job))].sort().map((job) => [job, 1]),
    )
    const response = await fetch(`${stack.urls.prometheus}/api/v1/rules`)
    const { data } = (await response.json()) as { data: { groups: { rules: Rule[] }[] } }
    const rules = data.groups.flatMap((group) => group.rules)
    const folder = join(root, 'deploy/prometheus/rules')
    const shipped = readdirSync(folder).flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/^ +- (?:alert|record): (\S+)$/gm),
    ])
    assert.equal(rules.length, shipped.length)
    // Each was evaluated at least once, or is about to be.
    assert.deepEqual(
      rules.filter(({ health }) => health === 'err'),
      [],
    )
  })

  it('tells of a fault by mail, once, and that it is over, once', async () => {
    const { monitor } = stack.urls
    const { access_token } = (await (await login('a-long-password')).json()) as { access_token: string }
    const headers = { authorization: `Bearer ${access_token}` }
    const flows = (await (await fetch(`${monitor}/flows`, { headers })).json()) as { id: string; name?: string }[]
    const press = async (name: string) => {
      const button = flows.find((node) => node.name === name)
      assert.ok(button, `there is a button "${name}"`)
      assert.equal((await fetch(`${monitor}/inject/${button.id}`, { method: 'POST', headers })).status, 200)
    }
    const began = Date.now()
    await press('remove the audio')
    const state = () => mail.mails.map(({ subject }) => subject).join('\n')
    await until(() => told().length > 0, 30, state)
    const [first] = told()
    // The monitor says within 15 s that a track is missing (app/demo/faults.ts); then come scrape, rule and grouping.
    assert.ok(first && first.at - began < 30_000, `it took ${(first?.at ?? 0) - began} ms`)
    assert.match(first.subject, /^CRITICAL: .*stream demo.* \(RTMP HMonitor at main-hall\)$/i)
    await press('back to normal')
    await until(() => told().some(({ subject }) => subject.startsWith('ENDED')), 60, state)
    assert.deepEqual(marksOf(told().map(({ subject }) => subject)), ['CRITICAL', 'ENDED'], state())
  })

  for (const service of LASTING) {
    it(`has ${service} well again after a restart`, async () => {
      await stack.compose('restart', '--timeout', '30', service)
      await until(() => stack.isHealthy(service), 120, `${service} is healthy`)
    })
  }

  it('is scraped again after all of that, and nobody was told of it', async () => {
    await until(
      async () => (await stack.query('hmonitor_stream_up{target="demo"} == 1')).length === 1,
      60,
      'the demo is up in Prometheus',
    )
    assert.deepEqual(
      told().filter(({ subject }) => !/stream demo/i.test(subject)),
      [],
    )
  })
})
