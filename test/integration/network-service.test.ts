/**
 * The service probe on real networks and real servers, and side by side with Prometheus' blackbox exporter, which is
 * asked for the same targets.
 */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { ServicePhase } from '../../src/observation/service.ts'
import { type CertificateAuthority, makeAuthority } from '../fixtures/certificate-authority.ts'
import { makeNetwork, type Network, type NetworkHost } from '../fixtures/network-namespace.ts'
import { startProcess } from '../fixtures/process.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { until } from '../fixtures/wait.ts'
import { type NetworkWatch, startNetworkWatch, typesOf } from './network-watch.ts'

/** Seconds, there and back. */
const ROUND_TRIP = 0.1
const NOISE = 0.06

const BLACKBOX = 9115
const PORTS = { http: 8080, good: 8443, expired: 8444, wrongName: 8445, selfSigned: 8446, soon: 8447 }

/** What each server of the host is asked, and which module of the exporter asks the same. */
interface Case {
  url: string
  module: 'http' | 'tcp' | 'tls' | 'text'
  issue?: string
  more?: object
}

function casesOf(host: string, gone: string, swallowing: string): Record<string, Case> {
  return {
    http: { url: `http://${host}:${PORTS.http}/`, module: 'http' },
    slow: { url: `http://${host}:${PORTS.http}/slow`, module: 'http' },
    broken: { url: `http://${host}:${PORTS.http}/broken`, module: 'http', issue: 'wrongAnswer' },
    text: {
      url: `http://${host}:${PORTS.http}/`,
      module: 'text',
      issue: 'wrongAnswer',
      more: { bodyContains: 'absent' },
    },
    tcp: { url: `tcp://${host}:${PORTS.http}`, module: 'tcp' },
    refused: { url: `tcp://${host}:9`, module: 'tcp', issue: 'refused' },
    swallowed: { url: `tcp://${swallowing}:9`, module: 'tcp', issue: 'timeout' },
    gone: { url: `tcp://${gone}:80`, module: 'tcp', issue: 'unreachable', more: { timeout: 8 } },
    https: { url: `https://${host}:${PORTS.good}/`, module: 'http' },
    tls: { url: `tls://${host}:${PORTS.good}`, module: 'tls' },
    expired: { url: `tls://${host}:${PORTS.expired}`, module: 'tls', issue: 'tlsInvalid' },
    wrongName: { url: `tls://${host}:${PORTS.wrongName}`, module: 'tls', issue: 'tlsInvalid' },
    selfSigned: { url: `tls://${host}:${PORTS.selfSigned}`, module: 'tls', issue: 'tlsInvalid' },
    soon: { url: `tls://${host}:${PORTS.soon}`, module: 'tls', issue: 'tlsExpiring' },
    noTls: { url: `tls://${host}:${PORTS.http}`, module: 'tls', issue: 'wrongAnswer' },
  }
}

function blackboxConfiguration(authority: string): string {
  const tls = `tls_config: {ca_file: ${authority}}`
  const http = `preferred_ip_protocol: ip4, follow_redirects: false, ${tls}`
  return `modules:
  http: {prober: http, timeout: 3s, http: {${http}}}
  text: {prober: http, timeout: 3s, http: {${http}, fail_if_body_not_matches_regexp: [absent]}}
  tcp: {prober: tcp, timeout: 3s, tcp: {preferred_ip_protocol: ip4}}
  tls: {prober: tcp, timeout: 3s, tcp: {preferred_ip_protocol: ip4, tls: true, ${tls}}}
`
}

describe('The service probe', { concurrency: true }, () => {
  let network: Network
  let authority: CertificateAuthority
  let watch: NetworkWatch
  let cases: Record<string, Case> = {}

  before(async () => {
    ;[network, authority] = await Promise.all([makeNetwork(), makeAuthority()])
    const [host, gone, swallowing] = (await Promise.all([
      network.addHost({ delay: ROUND_TRIP / 2 }),
      network.addHost(),
      network.addHost(),
    ])) as [NetworkHost, NetworkHost, NetworkHost]
    await gone.link.cut('host')
    await swallowing.link.blackHole(9)
    cases = casesOf(host.address, gone.address, swallowing.address)
    await serve(host, authority)
    await startBlackbox(network, authority)
    const targets = Object.entries(cases).map(([name, { url, more }]) => ({
      kind: 'service' as const,
      target: { name, url, interval: 2, timeout: 3, ...more },
    }))
    watch = await startNetworkWatch(targets, (args, onOutput) =>
      network.monitor.start(process.execPath, args, { onOutput, env: { NODE_EXTRA_CA_CERTS: authority.file } }),
    )
  })
  after(async () => {
    await watch?.stop()
    await Promise.all([network?.remove(), authority?.remove()])
  })

  it('finds what is wrong with a server, and what is right', async () => {
    await Promise.all(
      Object.entries(cases).map(async ([name, { issue }]) => {
        const found = await watch.until(
          name,
          (o) => (issue === undefined ? o.state === 'ok' : typesOf(o).includes(issue)),
          40,
          `is ${issue ?? 'well'}`,
        )
        assert.deepEqual(typesOf(found), issue === undefined ? [] : [issue], name)
      }),
    )
    const states = ['soon', 'swallowed', 'gone', 'expired', 'broken'].map((name) => watch.newest(name)?.state)
    assert.deepEqual(states, ['degraded', 'down', 'down', 'down', 'down'])
    const summary = (name: string) => watch.newest(name)?.issues[0]?.summary ?? ''
    assert.match(summary('expired'), /has expired: it was valid until 2021-02-01/)
    assert.match(summary('wrongName'), /is for other\.example and not for 10\.200\.1\.2/)
    assert.match(summary('selfSigned'), /self-signed/)
    assert.match(summary('swallowed'), /the host does not answer.*\(3 s\)/)
  })

  it('gives the verdicts and the durations of the phases that the blackbox exporter gives', async () => {
    const verdicts = await askBlackbox(network, Object.values(cases))
    for (const [index, name] of Object.keys(cases).entries()) {
      const ours = await watch.until(name, (o) => o.measurements.up !== null, 40, 'is checked')
      const theirs = verdicts[index] ?? new Map<string, number>()
      assert.equal(theirs.get('probe_success') === 1, ours.measurements.up, `${name}: ${JSON.stringify([...theirs])}`)
    }
    for (const [name, phases] of Object.entries({
      https: { connect: 'connect', tls: 'tls', response: 'processing' },
      slow: { connect: 'connect', response: 'processing' },
    } as const)) {
      const asked: Map<string, number>[] = []
      // The least of several, as many as it takes: what a busy machine adds is no measure of either.
      const agree = async () => {
        asked.push(...(await askBlackbox(network, [cases[name] as Case])))
        return (Object.entries(phases) as [ServicePhase, string][]).every(([ours, phase]) => {
          const here = least(watch.all(name).map(({ measurements }) => measurements.durations[ours]))
          const there = least(asked.map((samples) => samples.get(`probe_http_duration_seconds{phase="${phase}"}`)))
          return here >= ROUND_TRIP && Math.abs(here - there) < NOISE
        })
      }
      await until(
        agree,
        40,
        () =>
          `${name} agrees: ${JSON.stringify([watch.newest(name)?.measurements.durations, ...asked.map((samples) => [...samples])])}`,
      )
      const { certificate } = (watch.newest(name) ?? assert.fail()).measurements
      assert.equal(certificate?.expires, asked[0]?.get('probe_ssl_earliest_cert_expiry'))
    }
    const slow = least(watch.all('slow').map(({ measurements }) => measurements.durations.response))
    assert.ok(slow >= ROUND_TRIP + 0.2, `${slow} s`)
  })

  it('knows nothing of a server while its own network is cut, and is not red', async () => {
    const single = await makeNetwork()
    const host = await single.addHost()
    const targets = [{ kind: 'service' as const, target: { name: 'cut', url: `tcp://${host.address}:9`, interval: 1 } }]
    const cut = await startNetworkWatch(targets, (args, onOutput) =>
      single.monitor.start(process.execPath, args, { onOutput }),
    )
    try {
      await cut.until('cut', (o) => typesOf(o).includes('refused'), 40, 'is refused')
      await single.cut()
      const { state } = await cut.until('cut', (o) => o.error?.code === 'no-network', 40, 'has no network')
      assert.equal(state, 'unknown')
    } finally {
      await cut.stop()
      await single.remove()
    }
  })

  it('is let in by nginx-rtmp and node-media-server without a stream key', async () => {
    const [nginx, media] = await Promise.all([startNginxRtmp(), startNodeMediaServer()])
    const target = (name: string, url: string) => ({ kind: 'service' as const, target: { name, url, interval: 1 } })
    const local = await startNetworkWatch(
      [
        target('nginx', nginx.url('live')),
        target('nginx with a key', nginx.url('live/a-secret-key')),
        target('nginx with nonsense', nginx.url('nonsense')),
        target('node-media-server', media.url('live')),
        target('no RTMP', `rtmp://127.0.0.1:${nginx.httpPort}/live`),
      ],
      (args, onOutput) => startProcess(process.execPath, args, { install: '', onOutput }),
    )
    try {
      for (const name of ['nginx', 'nginx with a key', 'node-media-server']) {
        const { measurements } = await local.until(name, (o) => o.state === 'ok', 30, 'lets it in')
        assert.equal(measurements.rtmpCode, 'NetConnection.Connect.Success')
        assert.ok((measurements.durations.handshake ?? 0) > 0 && (measurements.durations.response ?? 0) > 0)
      }
      for (const name of ['nginx with nonsense', 'no RTMP']) {
        const turnedAway = await local.until(name, (o) => o.state === 'down', 30, 'is turned away')
        assert.deepEqual(typesOf(turnedAway), ['wrongAnswer'])
      }
    } finally {
      await Promise.all([local.stop(), nginx.stop(), media.stop()])
    }
  })
})

function least(seconds: readonly (number | null | undefined)[]): number {
  return Math.min(...seconds.flatMap((value) => value ?? []))
}

async function serve(host: NetworkHost, authority: CertificateAuthority): Promise<void> {
  const names = [`IP:${host.address}`]
  const inDays = (days: number) =>
    `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  const servers = {
    [PORTS.http]: null,
    [PORTS.good]: await authority.issue({ names }),
    [PORTS.expired]: await authority.issue({ names, from: '20210101000000Z', until: '20210201000000Z' }),
    [PORTS.wrongName]: await authority.issue({ names: ['DNS:other.example'] }),
    [PORTS.selfSigned]: await authority.issue({ names, selfSigned: true }),
    [PORTS.soon]: await authority.issue({ names, until: inDays(5) }),
  }
  const script = new URL('network-service.child.ts', import.meta.url).pathname
  await host.start(process.execPath, [script, JSON.stringify(servers)])
  const listens = async () =>
    (await host.run('ss', '-Hltn')).stdout.split('\n').filter((line) => line.includes(':84')).length
  await until(async () => (await listens()) >= 5, 10, 'the servers listen')
}

async function startBlackbox(network: Network, authority: CertificateAuthority): Promise<void> {
  const file = path.join(path.dirname(authority.file), 'blackbox.yml')
  await writeFile(file, blackboxConfiguration(authority.file))
  const args = [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${BLACKBOX}`]
  await network.monitor.start('prometheus-blackbox-exporter', args, {
    install: 'apt-get install prometheus-blackbox-exporter',
  })
  const listens = async () => (await network.monitor.run('ss', '-Hltn')).stdout.includes(`:${BLACKBOX}`)
  await until(listens, 10, 'the blackbox exporter listens')
}

/** Its samples for each case, by name and labels. */
async function askBlackbox(network: Network, cases: readonly Case[]): Promise<Map<string, number>[]> {
  const addresses = cases.map(({ url, module }) => {
    const target = module === 'tcp' || module === 'tls' ? url.replace(/^[a-z]+:\/\//, '') : url
    return `http://127.0.0.1:${BLACKBOX}/probe?${new URLSearchParams({ module, target })}`
  })
  const ask = `Promise.all(process.argv.slice(1).map(async (address) => (await fetch(address)).text()))
    .then((answers) => process.stdout.write(JSON.stringify(answers)))`
  const { stdout } = await network.monitor.run(process.execPath, '-e', ask, ...addresses)
  return (JSON.parse(stdout) as string[]).map((answer) => new Map(answer.split('\n').flatMap(sampleIn)))
}

function sampleIn(line: string): [string, number][] {
  const end = line.lastIndexOf(' ')
  return /^[a-z]/.test(line) ? [[line.slice(0, end), Number(line.slice(end + 1))]] : []
}
