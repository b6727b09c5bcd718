import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dashboard } from '@grafana/schema'
import { parse } from 'yaml'
import { UPWARD } from '../../app/stack/prometheus.ts'
import { DASHBOARDS, dashboardOf } from '../../scripts/generate-grafana-dashboards.ts'
import { freePort } from '../fixtures/ports.ts'
import { until } from '../fixtures/wait.ts'
import { root } from '../runtime.ts'
import { type Daemon, startPrometheusOn, startStackPrometheus, startVictoriaMetrics } from './daemons.ts'
import { type FakeMonitor, startFakeMonitor } from './fake-monitor.ts'
import { expressionsIn, filledIn, panelsOf } from './grafana-panels.ts'
import { KNOWN } from './known-series.ts'
import { selectorsIn } from './promql.ts'
import { promtool } from './rule-cases.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

const FOLDER = join(root, 'deploy/prometheus/upward')

interface Shipped {
  global: { scrape_interval: string; scrape_timeout: string }
  scrape_configs: { static_configs: { targets: string[]; labels?: object }[]; params?: Record<string, string[]> }[]
  remote_write?: { url: string; write_relabel_configs: { regex: string }[] }[]
}
const shipped = (name: string) => parse(readFileSync(join(FOLDER, `${name}.yml`), 'utf8')) as Shipped

interface Found {
  metric: Record<string, string>
  value: number
}

async function query({ url }: Daemon, expression: string): Promise<Found[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)
  const { data } = (await response.json()) as {
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] }
  }
  return (data?.result ?? []).map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
}

const RECORDED = 'target:hmonitor_stream_expected_up:bool'

describe('what goes upwards from the Prometheus of a site', () => {
  it('is what promtool takes', async () => {
    for (const name of ['global', 'long-term']) {
      assert.equal(await promtool('check', 'config', '--lint-fatal', join(FOLDER, `${name}.yml`)), '')
    }
    assert.equal(
      await promtool('check', 'config', '--agent', '--syntax-only', '--lint-fatal', join(FOLDER, 'agent.yml')),
      '',
    )
  })

  it('is the same by federation and by remote write, and all that two dashboards ask for', () => {
    const [federate] = shipped('global').scrape_configs
    assert.deepEqual(federate?.params?.['match[]'], [`{__name__=~"${UPWARD}"}`])
    const goes = new RegExp(`^(?:${UPWARD})$`)
    const names = DASHBOARDS.filter(({ uid }) => ['hmonitor-overview', 'hmonitor-alerts'].includes(uid))
      .flatMap((spec) => panelsOf(dashboardOf(spec) as unknown as Dashboard).flatMap(expressionsIn))
      .flatMap(({ expr }) => selectorsIn(filledIn(expr), [...KNOWN.keys()]))
      .flatMap((selector) => selector.names)
    assert.ok(names.length > 8)
    assert.deepEqual(
      [...new Set(names)].filter((name) => !goes.test(name)),
      [],
    )
  })
})

describe('a Prometheus for all sites', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-upward-'))
  const sites: StackFolder[] = []
  const daemons: Daemon[] = []
  let monitor: FakeMonitor
  let global: Daemon
  let agent: Daemon
  let receiver: Daemon

  before(async () => {
    monitor = await startFakeMonitor(() => ({ metrics: 'a metrics token', webhook: '' }))
    for (const name of ['main', 'spare']) {
      monitor.series.set(`hmonitor_stream_expected{target="${name}"}`, 1)
      monitor.series.set(`hmonitor_stream_up{target="${name}"}`, 1)
    }
    monitor.series.set('hmonitor_stream_packets_total{target="main"}', 1)
    const port = await freePort()
    receiver = await startVictoriaMetrics(port)
    daemons.push(receiver)
    const write = `${receiver.url}/api/v1/write`
    const addresses = await Promise.all(
      ['a', 'b'].map(async (replica) => {
        const own = await freePort()
        const settings = { METRICS_TOKEN: 'a metrics token', PROMETHEUS_REPLICA: replica, REMOTE_WRITE_URL: write }
        const site = configureStack({ SITE: 'hall', ...settings }, { STACK_MONITOR: monitor.address })
        sites.push(site)
        daemons.push(await startStackPrometheus(site.out, own))
        return `127.0.0.1:${own}`
      }),
    )
    global = await startPrometheusOn(
      ours('global', ({ scrape_configs: [federate] }) => {
        if (federate) federate.static_configs = [{ targets: addresses, labels: { federated: 'hall' } }]
      }),
      await freePort(),
    )
    writeFileSync(join(folder, 'metrics_token'), 'a metrics token')
    agent = await startPrometheusOn(
      ours('agent', ({ scrape_configs: [scrape], remote_write: [first] = [] }) => {
        if (scrape) {
          scrape.static_configs = [{ targets: [monitor.address], labels: { monitor: 'far', site: 'chapel' } }]
          Object.assign(scrape, { authorization: { credentials_file: join(folder, 'metrics_token') } })
        }
        if (first) first.url = write
      }),
      await freePort(),
      ['--enable-feature=agent'],
    )
    daemons.push(global, agent)
  })
  after(async () => {
    for (const daemon of daemons) await daemon.stop()
    await monitor?.close()
    for (const site of sites) site.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A shipped configuration with the addresses of this test, at its speed. */
  function ours(name: string, change: (configuration: Shipped) => void): string {
    const configuration = shipped(name)
    Object.assign(configuration.global, { scrape_interval: '1s', scrape_timeout: '900ms' })
    change(configuration)
    const file = join(folder, `${name}.yml`)
    writeFileSync(file, JSON.stringify(configuration))
    return file
  }

  const targets = (found: readonly Found[]) => found.map(({ metric: { target } }) => target).sort()

  it('has each recording of a pair once, with its site, and no raw values', async () => {
    await until(async () => (await query(global, RECORDED)).length > 0, 30, 'it has a recording')
    await sleep(5000)
    const found = await query(global, RECORDED)
    assert.deepEqual(targets(found), ['main', 'spare'])
    for (const { metric, value } of found) {
      assert.equal(value, 1)
      assert.deepEqual([metric.site, metric.monitor, metric.instance], ['hall', 'RTMP HMonitor', 'hall'])
      assert.ok(!('prometheus_replica' in metric))
    }
    assert.deepEqual(await query(global, 'hmonitor_stream_packets_total'), [])
    assert.equal((await query(global, 'up{job="hmonitor",site="hall"}')).length, 1)
    assert.equal((await query(global, 'up{job="federate"} == 1')).length, 2)
  })

  it('has it when one of the pair is dead', async () => {
    await daemons[1]?.kill()
    await sleep(3000)
    assert.deepEqual(targets(await query(global, `${RECORDED} and on() vector(1) > 0`)).length, 2)
    await until(
      async () => (await query(global, `min(time() - timestamp(${RECORDED})) < 4`)).length > 0,
      10,
      'the other one still brings new values',
    )
    await daemons[1]?.restart()
  })

  it('gets by remote write one value a second of both, and what an agent scrapes elsewhere', async () => {
    await until(
      async () => (await query(receiver, `${RECORDED}{site="hall"}`)).length === 2,
      30,
      'both streams are there',
    )
    await until(
      async () => (await query(receiver, 'hmonitor_stream_up{site="chapel"}')).length === 2,
      30,
      'and the agent',
    )
    assert.deepEqual(await query(receiver, 'hmonitor_stream_packets_total'), [])
    await until(
      async () => {
        const [count] = await query(receiver, `count_over_time(${RECORDED}{target="main"}[10s])`)
        return count !== undefined && count.value >= 9 && count.value <= 11
      },
      30,
      'ten values in ten seconds',
    )
  })

  it('has no gap where the receiver was away', async () => {
    await receiver.kill()
    await sleep(10_000)
    await receiver.restart()
    await until(
      async () => ((await query(receiver, `count_over_time(${RECORDED}{target="main"}[22s])`))[0]?.value ?? 0) >= 20,
      40,
      'what was measured meanwhile has come',
    )
  })
})
