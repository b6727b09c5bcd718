import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { type ComposeStack, command, composeStack, hostAddress, marksOf } from './compose-stack.ts'

const KEY = 'a-key-of-the-test'
const PLATFORM_KEY = 'key-of-the-platform'

const STREAM = { name: 'main', url: 'rtmp://relay:1935/live/${RELAY_KEY}', checks: 'content' }
const SERVICE = { name: 'prometheus', url: 'tcp://prometheus:9090' }

/** A real encoder publishes to the relay, which the monitor reads and which sends on to a platform. */
describe('docker compose --profile relay up, with a stream of our own', () => {
  let stack: ComposeStack
  let mail: SmtpSink
  let platform: NginxRtmp
  let publisher: Publisher

  before(async () => {
    const address = await hostAddress()
    mail = await smtpSink({ address })
    platform = await startNginxRtmp({ address })
    stack = await composeStack(
      'relay',
      {
        ...{ SMTP_HOST: address, SMTP_PORT: String(mail.port), SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org' },
        ...{ RELAY_KEY: KEY, RELAY_PUSH: `platform=rtmp://${address}:${platform.port}/live/${PLATFORM_KEY}` },
      },
      ['relay'],
    )
    write([STREAM], [])
    await stack.up()
    publisher = await publish()
  })
  after(async () => {
    await stack?.remove()
    await publisher?.kill()
    await platform?.stop()
    await mail?.close()
  })

  const publish = (key = KEY) => startPublisher(`rtmp://127.0.0.1:${stack.relayPort}/live/${key}`)
  const write = (streams: object[], services: object[]) =>
    writeFileSync(join(stack.folder, 'targets.json'), JSON.stringify({ site: 'north', streams, services }))
  const value = async (series: string) => (await stack.query(series).catch(() => []))[0]?.value
  const subjects = () => mail.mails.map(({ subject }) => subject)
  /** What was told of the stream's outage; on a slow machine the monitor may be away for so long that this is told, too. */
  const outage = () => subjects().filter((subject) => !/does not answer/.test(subject))
  const isUp = async () => (await value('hmonitor_stream_up{target="main",site="north"}')) === 1

  it('watches the stream at the relay, with its pictures and its sound', async () => {
    await until(isUp, 60, 'the stream is up in Prometheus')
    await until(
      async () => (await value('hmonitor_stream_black{target="main"}')) === 0,
      30,
      'its pictures were looked at',
    )
  })

  it('lets nobody publish without the key, and sends on to the platform what comes with it', async () => {
    await assert.rejects(publish('another-key'))
    const format = ['-v', 'error', '-rw_timeout', '15000000', '-show_entries', 'stream=codec_type', '-of', 'csv=p=0']
    const said = await command('ffprobe', [...format, platform.url(`live/${PLATFORM_KEY}`)])
    assert.match(said, /^video$/m)
  })

  it('reads targets.json again when it changes, and disturbs nothing that did not', async () => {
    const sessions = await value('hmonitor_stream_connect_duration_seconds_count{target="main"}')
    write([STREAM], [SERVICE])
    await until(
      async () => (await value('hmonitor_service_up{target="prometheus"}')) === 1,
      60,
      'the service is watched',
    )
    assert.equal(await value('hmonitor_stream_connect_duration_seconds_count{target="main"}'), sessions)
    write([STREAM], [])
    await until(
      async () => (await value('hmonitor_service_up{target="prometheus"}')) === undefined,
      60,
      'the service is not watched any more',
    )
  })

  it('tells of an outage once and of its end once, where the monitor is killed in between', async () => {
    await publisher.kill()
    await until(
      () => outage().length > 0,
      40,
      () => `an email of it: ${subjects().join(', ')}`,
    )
    assert.match(outage()[0] ?? '', /^CRITICAL: .*stream main.* \(RTMP HMonitor at north\)$/i)
    const before = await stack.container('monitor')
    const kill =
      'for(const f of fs.readdirSync("/proc"))if(+f>1&&+f!==process.pid)try{process.kill(+f,"SIGKILL")}catch{}'
    await stack.exec('monitor', 'node', '-e', kill).catch(() => {})
    await until(
      async () => (await stack.container('monitor')).restarts > before.restarts && (await stack.isHealthy('monitor')),
      120,
      'the monitor is started again and healthy',
    )
    publisher = await publish()
    await until(
      () => outage().some((subject) => subject.startsWith('ENDED')),
      150,
      () => subjects().join('\n'),
    )
    // The fault may turn out to be at another place, which is told; nothing is said twice.
    assert.deepEqual(marksOf(outage()).slice(1), ['ENDED'], subjects().join('\n'))
  })

  it('has its data, its tokens and its passwords after down and up', async () => {
    const token = await stack.token()
    const files = ['/data/flows.json', '/data/logs/hmonitor.ndjson']
    const contents = () => Promise.all(files.map((file) => stack.exec('monitor', 'cat', file)))
    const password = () => stack.exec('grafana', 'cat', '/run/hmonitor/admin_password')
    const [flows, log = ''] = await contents()
    const [kept, since] = [await password(), Math.floor(Date.now() / 1000)]
    assert.match(log, /stream offline|streamOffline/)
    await stack.compose('down', '--timeout', '30')
    assert.deepEqual(await stack.containers(), [])
    await stack.up()
    // Encoders connect anew where their server was gone.
    await publisher.kill()
    publisher = await publish()
    const [flowsNow, logNow = ''] = await contents()
    assert.equal(flowsNow, flows)
    assert.ok(logNow.startsWith(log), 'the log goes on')
    assert.equal(await stack.token(), token)
    assert.equal(await password(), kept)
    await until(isUp, 60, 'the stream is up in Prometheus')
    const earlier = await stack.query(`hmonitor_stream_up{target="main"} @ ${since}`)
    assert.equal(earlier.length, 1, 'Prometheus has what was before')
  })
})
