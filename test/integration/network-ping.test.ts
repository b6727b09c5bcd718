/** The ping probe on real networks: what it measures is what the network was told to do. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeNetwork, type Network, type NetworkHost } from '../fixtures/network-namespace.ts'
import { type NetworkWatch, startNetworkWatch, typesOf } from './network-watch.ts'

const LOSS = 0.2
/** Seconds of one way. */
const DELAY = 0.11
/** Targets that ask the lossy host at once, so that there are many echoes in little time. */
const LOSSY = Array.from({ length: 18 }, (_, index) => `lossy${index}`)

describe('The ping probe', { concurrency: true }, () => {
  let network: Network
  let watch: NetworkWatch
  let [plain, lossy, far, silent] = [] as unknown as NetworkHost[]

  before(async () => {
    network = await makeNetwork()
    ;[plain, lossy, far, silent] = await Promise.all([
      network.addHost(),
      network.addHost(),
      network.addHost({ delay: DELAY }),
      network.addHost(),
    ])
    await lossy?.link.loseToHost(LOSS)
    await silent?.link.forbidPing()
    const ping = (name: string, address: string | undefined, more: object = {}) => ({
      kind: 'ping' as const,
      target: { name, address, interval: 1, count: 2, ...more },
    })
    const soon = { latencyHigh: { enterHold: 0 }, packetLoss: { enterHold: 0 } }
    const targets = [
      ping('plain', plain?.address),
      ping('plain6', plain?.address6),
      ping('control', plain?.address, { control: true }),
      ping('far', far?.address, { limits: soon }),
      ping('silent', silent?.address),
      ping('nobody', '10.200.1.77'),
      ...LOSSY.map((name) => ping(name, lossy?.address, { interval: 5, count: 20 })),
    ]
    watch = await startNetworkWatch(targets, (args, onOutput) =>
      network.monitor.start(process.execPath, args, { onOutput }),
    )
  })
  after(async () => {
    await watch?.stop()
    await network?.remove()
  })

  it('measures a round trip of twice the delay, and says that it is high', async () => {
    const { measurements, issues } = await watch.until('far', (o) => typesOf(o).includes('latencyHigh'), 40, 'is slow')
    const { minimum = 0, mean = 0 } = measurements.roundTrips ?? {}
    // No packet is held for less than the delay, and ping rounds what is above 100 ms to a millisecond.
    assert.ok(minimum >= 2 * DELAY - 0.0005 && mean >= minimum, `${minimum} s, ${mean} s`)
    const least = Math.min(...watch.all('far').flatMap((o) => o.measurements.roundTrips?.minimum ?? []))
    // A busy machine adds to every echo; a way that was counted once more would add as much as this to the best one.
    assert.ok(least < 3 * DELAY, `${least} s`)
    assert.match(issues[0]?.summary ?? '', /\b\d{3} ms/)
  })

  it('measures loss within its binomial 99 % interval, and says that it is high', async () => {
    await Promise.all(
      LOSSY.map((name) => watch.until(name, (o) => o.measurements.total.sent >= 40, 40, 'has sent 40 echoes')),
    )
    const totals = LOSSY.map(
      (name) => watch.all(name).findLast((o) => o.measurements.total.sent >= 40)?.measurements.total,
    )
    // Two samples: that both lie outside is no chance, but a mistake.
    const within = [totals.slice(0, 9), totals.slice(9)].map((sample) => {
      const sent = sample.reduce((sum, total) => sum + (total?.sent ?? 0), 0)
      const lost = sent - sample.reduce((sum, total) => sum + (total?.received ?? 0), 0)
      const interval = 2.576 * Math.sqrt((LOSS * (1 - LOSS)) / sent)
      return { ratio: lost / sent, is: Math.abs(lost / sent - LOSS) <= interval }
    })
    assert.ok(
      within.some(({ is }) => is),
      JSON.stringify(within),
    )
    assert.ok(typesOf(watch.newest('lossy0')).includes('packetLoss'), JSON.stringify(watch.newest('lossy0')))
  })

  it('does not know anything of a host that forbids pings, or is not there, and says noReply', async () => {
    for (const name of ['silent', 'nobody']) {
      const { state, measurements } = await watch.until(
        name,
        (o) => typesOf(o).includes('noReply'),
        40,
        'does not reply',
      )
      assert.deepEqual([state, measurements.up, measurements.loss], ['unknown', null, null])
    }
  })

  it('says what to do where a container forbids pings, and is not red', async () => {
    const target = { name: 'forbidden', address: plain?.address, interval: 1, count: 1 }
    const container = ['--bounding-set=-net_raw', '--inh-caps=-net_raw', process.execPath]
    const forbidden = await startNetworkWatch([{ kind: 'ping', target }], (args, onOutput) =>
      network.monitor.start('setpriv', [...container, ...args], { onOutput, install: 'apt-get install util-linux' }),
    )
    try {
      const { state, error } = await forbidden.until('forbidden', (o) => o.error !== undefined, 40, 'may not ping')
      assert.deepEqual([state, error?.code], ['unknown', 'icmp-forbidden'])
      assert.match(error?.message ?? '', /cap_add: NET_RAW/)
    } finally {
      await forbidden.stop()
    }
  })

  it('finds a host gone after three silent series and back at once, by both IP versions; then its own network cut', async () => {
    await watch.until('plain', (o) => o.state === 'ok', 40, 'is well')
    await watch.until('plain6', (o) => o.state === 'ok', 40, 'is well')
    await watch.until('control', (o) => o.state === 'ok', 40, 'is well')
    await plain?.link.cut('host')
    for (const name of ['plain', 'plain6']) {
      const gone = await watch.until(name, (o) => o.state === 'down', 40, 'is down')
      assert.deepEqual(typesOf(gone), ['noReply'])
      assert.equal(gone.measurements.silentSeries, 3)
    }
    assert.deepEqual(typesOf(await watch.until('control', (o) => o.state === 'down', 40, 'is down')), [
      'observerNetwork',
    ])
    await plain?.link.restore()
    for (const name of ['plain', 'plain6', 'control']) {
      assert.deepEqual(typesOf(await watch.until(name, (o) => o.state === 'ok', 40, 'is well again')), [])
    }

    await plain?.link.cut('monitor')
    const cut = await watch.until('control', (o) => o.error?.code === 'no-network', 40, 'has no network')
    assert.deepEqual([cut.state, typesOf(cut), cut.measurements.answered], ['unknown', ['observerNetwork'], false])
    // Not red by its own fault.
    const other = await watch.until('plain', (o) => o.error?.code === 'no-network', 40, 'has no network')
    assert.deepEqual([other.state, other.measurements.up], ['unknown', null])
    assert.ok(!watch.all('plain').some((o) => o.sequence > other.sequence && o.state === 'down'))
  })
})
