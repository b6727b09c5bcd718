import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WebPresenter } from '../../app/demo/web-presenter/web-presenter.ts'
import { parseDeviceAddress } from '../../src/encoder/address.ts'
import { CacheTrend } from '../../src/encoder/encoder-poll.ts'
import { Polled, withPolled } from './web-presenter.ts'

describe('The end of a broadcast', () => {
  for (const protocol of ['rest', 'ethernet'] as const) {
    it(`is told once when somebody stops the encoder (${protocol})`, () =>
      withPolled(protocol, async (polled) => {
        await polled.read()
        await polled.onAir()
        await polled.read()
        polled.simulator.device.stop()
        assert.equal(await polled.word(), 'idle')
        await polled.read()
        assert.equal(polled.stops, 1)
      }))
  }

  it('is told after the rest of the cache was sent', () =>
    withPolled('rest', async (polled) => {
      const { device } = polled.simulator
      await polled.onAir()
      device.narrow(0)
      await new Promise((resolve) => setTimeout(resolve, 20))
      device.narrow(300_000)
      device.stop()
      assert.equal(await polled.word(), 'flushing')
      assert.equal(polled.stops, 0)
      device.narrow(null)
      await new Promise((resolve) => setTimeout(resolve, 20))
      assert.equal(await polled.word(), 'idle')
      assert.equal(polled.stops, 1)
    }))

  it('is not told of an encoder that was interrupted and is idle then: it may have given up', () =>
    withPolled('rest', async (polled) => {
      await polled.onAir()
      await polled.read()
      polled.simulator.device.interrupt()
      await polled.read()
      polled.simulator.device.stop()
      assert.equal(await polled.word(), 'idle')
      assert.equal(polled.stops, 0)
    }))

  it('is told over a short silence, and not over one in which the encoder may have lost its power', () =>
    withPolled('rest', async (polled) => {
      for (const [silence, stops] of [
        [4, 1],
        [30, 1],
      ] as const) {
        await polled.onAir()
        await polled.read()
        polled.simulator.fail({ fault: 'cut' })
        assert.equal(await polled.word(), 'unknown: bad-answer')
        polled.simulator.device.stop()
        polled.simulator.fail({ fault: 'none' })
        polled.later += silence
        assert.equal(await polled.word(), 'idle')
        assert.equal(polled.stops, stops)
      }
    }))

  it('is counted by how often it goes on air', () =>
    withPolled('rest', async (polled) => {
      await polled.read()
      for (const broadcasts of [1, 2]) {
        await polled.onAir()
        assert.equal((await polled.read()).measurements.total.broadcasts, broadcasts)
        assert.equal(polled.starts, broadcasts)
        polled.simulator.device.stop()
        await polled.read()
      }
    }))
})

describe('The protocol of an encoder', () => {
  for (const [firmware, protocol] of [
    ['2.1', 'ethernet'],
    ['3', 'rest'],
  ] as const) {
    it(`is found out: firmware ${firmware} is asked by ${protocol}`, async () => {
      const simulator = await WebPresenter.start({ firmware })
      const address = protocol === 'rest' ? simulator.restAddress : simulator.textAddress
      const polled = new Polled(simulator, 'auto', address)
      for (let index = 0; index < 2; index++) {
        assert.equal(await polled.word(), 'idle')
        assert.equal((await polled.read()).measurements.protocol, protocol)
      }
      await polled.end()
    })
  }

  it('is found out again when it is another', async () => {
    const old = await WebPresenter.start({ firmware: '2.1' })
    const port = Number(old.textAddress.split(':')[1])
    const polled = new Polled(old, 'auto', old.textAddress)
    assert.equal(await polled.word(), 'idle')
    await old.switchOff()
    assert.match(await polled.word(), /absent/)
    const renewed = await WebPresenter.start({ restPort: port })
    assert.equal(await polled.word(), 'idle')
    assert.equal((await polled.read()).measurements.protocol, 'rest')
    await renewed.switchOff()
    await polled.end()
  })

  it('is said to be missing where a device has no livestreams and no text protocol', async () => {
    const camera = await WebPresenter.start()
    camera.fail({ fault: 'status', code: 404 })
    const polled = new Polled(camera, 'auto', camera.restAddress)
    assert.equal(await polled.wordOfSilence(), 'unknown: no-livestreams')
    await polled.end()
  })
})

describe('The address of an encoder', () => {
  it('is a name or an IP address, with a port where it is another than usual', () => {
    assert.deepEqual(parseDeviceAddress('192.0.2.20'), { host: '192.0.2.20', port: null })
    assert.deepEqual(parseDeviceAddress('encoder.local:8080'), { host: 'encoder.local', port: 8080 })
    assert.deepEqual(parseDeviceAddress('2001:db8::7'), { host: '2001:db8::7', port: null })
    assert.deepEqual(parseDeviceAddress('[2001:db8::7]:80'), { host: '2001:db8::7', port: 80 })
  })

  for (const address of [
    '',
    'http://encoder',
    'encoder:0',
    'encoder:70000',
    '-x',
    'a b',
    'user@encoder',
    '[encoder]',
  ]) {
    it(`is not ${JSON.stringify(address)}`, () => {
      assert.throws(() => parseDeviceAddress(address), { code: 'invalid-target' })
    })
  }
})

describe('The rise of a cache', () => {
  it('is the slope of its last 20 s, once there are 10 s', () => {
    const trend = new CacheTrend()
    for (let at = 0; at <= 9; at++) trend.add(at, 0.2)
    assert.equal(trend.risePerMinute, null)
    for (let at = 10; at <= 300; at++) trend.add(at, 0.2 + at / 600)
    assert.ok(Math.abs((trend.risePerMinute ?? 0) - 0.1) < 1e-9)
    for (let at = 301; at <= 325; at++) trend.add(at, 0.7)
    assert.ok(Math.abs(trend.risePerMinute ?? 1) < 1e-9)
  })

  it('tells a fall from 5 s on, because that raises nothing, also after it was begun again', () => {
    const trend = new CacheTrend()
    for (let at = 0; at <= 20; at++) trend.add(at, 0.2 + at / 40)
    trend.restart()
    for (let at = 21; at <= 25; at++) trend.add(at, 0.7 - (at - 21) / 60)
    assert.equal(trend.risePerMinute, null)
    trend.add(26, 0.7 - 5 / 60)
    assert.ok(Math.abs((trend.risePerMinute ?? 0) + 1) < 1e-9)
  })

  it('begins anew where the encoder does not say', () => {
    const trend = new CacheTrend()
    for (let at = 0; at <= 20; at++) trend.add(at, 0.2)
    trend.add(21, null)
    assert.equal(trend.risePerMinute, null)
  })
})
