/** Against a real server with the answers of Logstash and of `_bulk`. */
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { internalErrors } from '../../src/observation/internal-errors.ts'
import { until } from '../fixtures/wait.ts'
import {
  type Answer,
  AnsweringServer,
  actionsIn,
  eventsIn,
  FakeIndex,
  line,
  lines,
  ShippingWorld,
  sequenceOf,
} from './fixtures.ts'

const OK: Answer = { status: 200, body: 'ok' }
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

let world: ShippingWorld
let server: AnsweringServer
beforeEach(async () => {
  world = new ShippingWorld()
  server = await AnsweringServer.start(() => OK)
})
afterEach(async () => {
  world.remove()
  await server.stop()
})
const untilEmpty = () =>
  until(
    () => world.shipper.state.waiting === 0,
    20,
    () => `all is shipped: ${JSON.stringify(world.shipper.state)}`,
  )

describe('shipping to Logstash', () => {
  /** What has arrived, in its order; what the server did not take does not count. */
  const taken: number[] = []
  const take = (answer: (sequences: number[]) => Answer) => {
    server.answer = (asked) => {
      const sequences = eventsIn(asked).map(({ event }) => event.sequence)
      const given = answer(sequences)
      if (typeof given === 'object' && given.status === 200) taken.push(...sequences)
      return given
    }
  }
  beforeEach(() => {
    taken.length = 0
    take(() => OK)
  })
  const open = (more: object = {}, options = {}) =>
    world.open('logstash', { LOGSTASH_URL: server.url, ...more }, options)

  it('sends what comes together as one array of JSON, in its order, and leaves nothing behind', async () => {
    const shipper = open()
    for (const text of lines(1, 1200)) shipper.add(text)
    await untilEmpty()
    assert.deepEqual(taken, range(1, 1200))
    assert.deepEqual(
      server.asked.map((asked) => eventsIn(asked).length),
      [500, 500, 200],
    )
    assert.equal(server.asked[0]?.headers['content-type'], 'application/json')
    assert.equal(world.counted.get('logstash shipped'), 1200)
    assert.deepEqual(
      readdirSync(join(world.folder, 'node')).filter((name) => name !== 'position.json'),
      [],
    )
  })

  for (const [what, failure] of [
    ['429', { status: 429, body: 'Too Many Requests', headers: { 'retry-after': '0' } }],
    ['503', { status: 503 }],
    ['401', { status: 401 }],
    ['a reset', 'reset'],
  ] as const) {
    it(`tries again after ${what}, and loses nothing and sends nothing twice`, async () => {
      let failures = 0
      take(() => {
        failures += 1
        return failures <= 4 ? failure : OK
      })
      const shipper = open()
      for (const text of lines(1, 30)) shipper.add(text)
      await until(() => failures >= 3, 20, 'it is tried again')
      assert.notEqual(shipper.state.failingSince, null)
      await untilEmpty()
      assert.deepEqual(taken, range(1, 30))
      assert.deepEqual([shipper.state.error, shipper.state.failingSince], [null, null])
      assert.notEqual(shipper.state.lastSuccess, null)
    })
  }

  it('halves what is too large until it is taken, and keeps aside a line that alone is too large', async () => {
    take((sequences) => (sequences.length > 3 || sequences.includes(7) ? { status: 413 } : OK))
    const shipper = open()
    for (const text of lines(1, 20)) shipper.add(text)
    await untilEmpty()
    assert.deepEqual(
      taken,
      range(1, 20).filter((sequence) => sequence !== 7),
    )
    assert.deepEqual(
      world.aside.map(({ line }) => sequenceOf(line)),
      [7],
    )
    assert.match(world.aside[0]?.why ?? '', /413/)
    assert.deepEqual(shipper.state.rejected?.lines, 1)
  })

  it('finds the line that is not understood, and sends the others', async () => {
    take((sequences) => (sequences.includes(11) ? { status: 400 } : OK))
    const shipper = open()
    for (const text of lines(1, 40)) shipper.add(text)
    await untilEmpty()
    assert.deepEqual(
      taken.toSorted((a, b) => a - b),
      range(1, 40).filter((sequence) => sequence !== 11),
    )
    assert.deepEqual(
      world.aside.map(({ line }) => sequenceOf(line)),
      [11],
    )
  })

  it('keeps no line aside while the other side refuses every one: then it is the address that is wrong', async () => {
    take(() => ({ status: 400 }))
    const shipper = open()
    for (const text of lines(1, 3)) shipper.add(text)
    await until(() => shipper.state.error !== null, 20, 'it is said')
    assert.deepEqual([world.aside.length, shipper.state.waiting], [0, 3])
    take(() => OK)
    await untilEmpty()
    // One that was refused just before comes behind the others.
    assert.deepEqual(taken.toSorted(), [1, 2, 3])
    assert.deepEqual(world.aside, [])
  })

  it('asks the next host where one does not answer, and stays with it', async () => {
    const dead = await AnsweringServer.start(() => OK)
    await dead.stop()
    const shipper = open({ LOGSTASH_URL: `${dead.url}, ${server.url}` })
    shipper.add(line(1))
    await untilEmpty()
    shipper.add(line(2))
    await untilEmpty()
    assert.deepEqual(taken, [1, 2])
    assert.equal(shipper.state.error, null)
  })

  it('shows neither the address nor the password', async () => {
    const url = server.url.replace('http://', 'http://crew:Zk4Qw9xe@')
    const shipper = open({ LOGSTASH_URL: url })
    shipper.add(line(1))
    await untilEmpty()
    assert.equal(server.asked[0]?.headers.authorization, `Basic ${btoa('crew:Zk4Qw9xe')}`)
    await server.stop()
    shipper.add(line(2))
    await until(() => shipper.state.error !== null, 20, 'it is said')
    assert.equal(shipper.state.error, 'no answer: the server refuses the connection: nothing listens on that port')
    await server.listen()
  })

  it('loses nothing below the bound while nothing is taken, and counts and tells what is beyond it', async () => {
    await server.stop()
    const shipper = open({}, { limit: 100_000 })
    for (const text of lines(1, 100, 2000)) shipper.add(text)
    const { waiting, isLosing, lost } = shipper.state
    assert.ok(waiting >= 40 && waiting <= 49, `${waiting} of about 2 kB`)
    assert.deepEqual([isLosing, lost, world.counted.get('logstash lost')], [true, 100 - waiting, 100 - waiting])
    assert.equal(shipper.takeLost(), 0, 'it is not told while there is no room for a line that tells it')
    await server.listen()
    await untilEmpty()
    assert.deepEqual(taken, range(1, waiting))
    shipper.add(line(101))
    assert.equal(shipper.takeLost(), 100 - waiting)
    assert.deepEqual([shipper.takeLost(), shipper.state.isLosing], [0, false])
  })

  it('goes on from memory where the disk takes nothing, and says so', async () => {
    writeFileSync(join(world.folder, 'node'), 'a file where the folder should be')
    await server.stop()
    const shipper = open()
    for (const text of lines(1, 50)) shipper.add(text)
    await until(() => shipper.state.problem !== null, 20, 'it is said')
    assert.match(shipper.state.problem ?? '', /node cannot be written: a part of that path is a file/)
    assert.equal(shipper.state.inMemory, 50)
    await server.listen()
    await untilEmpty()
    assert.deepEqual(taken, range(1, 50))
    rmSync(join(world.folder, 'node'))
    shipper.add(line(51))
    await until(() => shipper.state.problem === null, 20, 'the disk takes lines again')
    await untilEmpty()
  })

  it('takes up what a killed process had left, with half a line at its end, and sends none of it as a line', async () => {
    const folder = join(world.folder, 'node')
    mkdirSync(folder)
    writeFileSync(join(folder, '3.ndjson'), `${lines(1, 5).join('\n')}\n`)
    appendFileSync(join(folder, '3.ndjson'), line(6).slice(0, 40))
    const shipper = open()
    shipper.add(line(7))
    await untilEmpty()
    assert.deepEqual(taken, [1, 2, 3, 4, 5, 7])
    assert.match(world.aside[0]?.why ?? '', /its file was damaged/)
  })
})

describe('shipping to Elasticsearch', () => {
  let index: FakeIndex
  beforeEach(() => {
    index = new FakeIndex()
    server.answer = (asked) => index.bulk(asked)
    server.templates = { status: 200, body: '{}' }
  })
  const open = (more: object = {}) => world.open('elasticsearch', { ELASTICSEARCH_URL: server.url, ...more })
  const arrived = () => [...index.has.values()].map(sequenceOf)

  it('creates each line under its id in its data stream', async () => {
    open({ ELASTICSEARCH_API_KEY: 'id:key' }).add(line(1))
    await untilEmpty()
    const [asked] = server.asked
    assert.match(asked?.path ?? '', /^\/_bulk\?filter_path=errors,items/)
    assert.equal(asked?.headers['content-type'], 'application/x-ndjson')
    assert.equal(asked?.headers.authorization, `ApiKey ${btoa('id:key')}`)
    assert.deepEqual(asked === undefined ? [] : actionsIn(asked), [
      { index: 'logs-rtmp_hmonitor.events-default', id: '0f1e2d3c4b5a6978-1', line: line(1) },
    ])
  })

  it('sends nothing before the templates are there, and says who puts them there', async () => {
    const without = { status: 404, body: '{"error":{"type":"resource_not_found_exception"},"status":404}' }
    server.templates = without
    const shipper = open()
    shipper.add(line(1))
    await until(() => shipper.state.error !== null, 20, 'it is said')
    assert.match(shipper.state.error ?? '', /run rtmp-hmonitor elk setup/)
    assert.deepEqual(server.asked, [])
    server.templates = { status: 200, body: '{}' }
    await untilEmpty()
    assert.deepEqual(arrived(), [1])
    // A cluster that does not answer may be another one afterwards.
    server.templates = without
    shipper.add(line(2))
    await untilEmpty()
    server.answer = () => 'reset'
    shipper.add(line(3))
    await until(() => shipper.state.error !== null, 20, 'it does not answer')
    server.answer = (asked) => index.bulk(asked)
    await until(() => /elk setup/.test(shipper.state.error ?? ''), 20, 'it is asked again')
    assert.deepEqual(arrived(), [1, 2])
  })

  it('sends where who asks may not look for templates', async () => {
    server.templates = { status: 403, body: '{"error":{"type":"security_exception"},"status":403}' }
    open().add(line(1))
    await untilEmpty()
    assert.deepEqual(arrived(), [1])
  })

  it('takes for taken what was there already: the answer to it had not arrived', async () => {
    let isFirst = true
    server.answer = (asked) => {
      const answer = index.bulk(asked)
      if (!isFirst) return answer
      isFirst = false
      return 'reset'
    }
    const shipper = open()
    for (const text of lines(1, 10)) shipper.add(text)
    await untilEmpty()
    assert.deepEqual(arrived(), range(1, 10))
    assert.equal(world.counted.get('elasticsearch duplicate'), 10)
    assert.deepEqual(world.aside, [])
  })

  it('judges each line of an answer of 200: again what was too much, aside what its mapping refuses', async () => {
    let rounds = 0
    server.answer = (asked) => {
      rounds += 1
      return index.bulk(asked, (id) => {
        const sequence = Number(id.split('-')[1])
        if (sequence === 4) return { status: 400, type: 'document_parsing_exception' }
        if (sequence % 2 === 0 && rounds === 1) return { status: 429, type: 'es_rejected_execution_exception' }
        if (sequence === 9 && rounds <= 3) return { status: 503, type: 'unavailable_shards_exception' }
        return null
      })
    }
    const shipper = open()
    for (const text of lines(1, 10)) shipper.add(text)
    await untilEmpty()
    assert.deepEqual(
      arrived().toSorted((a, b) => a - b),
      range(1, 10).filter((sequence) => sequence !== 4),
    )
    assert.deepEqual(
      world.aside.map(({ line }) => sequenceOf(line)),
      [4],
    )
    assert.match(world.aside[0]?.why ?? '', /^400 document_parsing_exception: of 0f1e/)
    assert.equal(world.counted.get('elasticsearch shipped'), 9)
    assert.equal(world.counted.has('elasticsearch duplicate'), false, 'only what was not taken is sent again')
  })

  it('goes on after a fault of its own, and counts it', async () => {
    server.answer = (asked) => index.bulk(asked, (id) => (id.endsWith('-2') ? { status: 400 } : null))
    world.fault = new Error('a fault that a test makes')
    const shipper = open()
    for (const text of lines(1, 3)) shipper.add(text)
    await untilEmpty()
    assert.deepEqual(arrived(), [1, 3])
    assert.equal(world.fault, null)
    assert.ok(internalErrors().some(({ place }) => place === 'log shipping'))
  })

  it('keeps no line aside for what is the fault of the cluster', async () => {
    let isBroken = true
    server.answer = (asked) =>
      index.bulk(asked, () => (isBroken ? { status: 400, type: 'validation_exception' } : null))
    const shipper = open()
    shipper.add(line(1))
    await until(() => shipper.state.error !== null, 20, 'it is said')
    isBroken = false
    await untilEmpty()
    assert.deepEqual([world.aside, arrived()], [[], [1]])
  })

  it('does not take for an answer what comes from another server', async () => {
    server.answer = () => ({ status: 200, body: '<html>Welcome</html>' })
    const shipper = open()
    shipper.add(line(1))
    await until(() => shipper.state.error !== null, 20, 'it is said')
    assert.match(shipper.state.error ?? '', /the answer is none of Elasticsearch or OpenSearch/)
    assert.equal(shipper.state.waiting, 1)
  })

  it('loses nothing over restarts in the middle of it', async () => {
    let sent = 0
    server.answer = (asked) => {
      sent += 1
      return sent % 2 === 0 ? 'silence' : index.bulk(asked)
    }
    let next = 1
    for (let round = 0; round < 6; round += 1) {
      const shipper = open()
      for (const text of lines(next, next + 699)) shipper.add(text)
      next += 700
      const before = sent
      await until(() => sent >= before + 2, 20, 'the second batch is on its way')
      assert.equal(shipper.close(), 0)
    }
    server.answer = (asked) => index.bulk(asked)
    open()
    await untilEmpty()
    assert.deepEqual(arrived(), range(1, next - 1))
  })
})
