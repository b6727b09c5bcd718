import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { Server } from '../../src/elk/cluster.ts'
import { type Change, engineOf, putAssets } from '../../src/elk/setup.ts'
import { type Choices, chosenAssets, VERSION } from '../../src/elk/shipped.ts'
import { putUsers } from '../../src/elk/users.ts'
import { StubCluster } from './stub-cluster.ts'

const CHOICES: Choices = { retentionDays: null, snapshots: null }

let cluster: StubCluster
let url: string
const clusters: StubCluster[] = []
beforeEach(async () => {
  cluster = new StubCluster()
  clusters.push(cluster)
  url = await cluster.start()
})
after(() => {
  for (const each of clusters) each.stop()
})

const serverAt = (wait = 0) =>
  new Server({ url, authorization: 'Basic dTpw', ca: null }, wait, new AbortController().signal)

async function setup(choices: Partial<Choices> = {}): Promise<Change[]> {
  const server = serverAt()
  const changes: Change[] = []
  await putAssets(server, await engineOf(server), chosenAssets({ ...CHOICES, ...choices }), (change) => {
    changes.push(change)
  })
  return changes
}

const TEMPLATE = '/_index_template/logs-rtmp_hmonitor'
const ALL = [
  'PUT /_ilm/policy/rtmp_hmonitor',
  'PUT /_security/role/hmonitor_writer',
  'PUT /_security/role/hmonitor_reader',
  'PUT /_component_template/rtmp_hmonitor@settings',
  'PUT /_component_template/rtmp_hmonitor@mappings',
  'PUT /_ingest/pipeline/rtmp_hmonitor@pipeline',
  `PUT ${TEMPLATE}`,
]

const STREAMS = ['logs-rtmp_hmonitor.events-default', 'logs-rtmp_hmonitor.log-default']
/** The template is there before they begin a new index, and says that they have when they have. */
const ROLLED_OVER = [`PUT ${TEMPLATE}`, ...STREAMS.map((name) => `POST /${name}/_rollover`), `PUT ${TEMPLATE}`]

describe('elk setup', () => {
  it('puts everything, each after what it needs, and the second time nothing', async () => {
    const first = await setup()
    assert.deepEqual(cluster.changes(), ALL)
    assert.deepEqual([...new Set(first.map(({ done }) => done))], ['created'])
    const second = await setup()
    assert.deepEqual(cluster.changes(), [])
    assert.deepEqual([...new Set(second.map(({ done }) => done))], ['unchanged'])
  })

  it('says who it is with every request', async () => {
    await setup()
    assert.deepEqual([...new Set(cluster.heard.map(({ authorization }) => authorization))], ['Basic dTpw'])
  })

  it('changes what was chosen otherwise, and nothing else', async () => {
    await setup()
    cluster.changes()
    await setup({ retentionDays: 30 })
    assert.deepEqual(cluster.changes(), ['PUT /_ilm/policy/rtmp_hmonitor'])
    assert.match(JSON.stringify(cluster.kept.get('/_ilm/policy/rtmp_hmonitor')), /"delete":\{"min_age":"30d"/)
    await setup({ retentionDays: 30, snapshots: '/backup' })
    assert.deepEqual(cluster.changes(), ['PUT /_snapshot/rtmp_hmonitor', 'PUT /_slm/policy/rtmp_hmonitor'])
    assert.deepEqual(cluster.kept.get('/_snapshot/rtmp_hmonitor'), { type: 'fs', settings: { location: '/backup' } })
  })

  it('puts right what somebody has changed in a pipeline, and leaves alone what a cluster adds', async () => {
    await setup()
    cluster.changes()
    const path = '/_ingest/pipeline/rtmp_hmonitor@pipeline'
    const pipeline = cluster.kept.get(path) as { processors: unknown[] }
    cluster.kept.set(path, { ...pipeline, created_date_millis: 1 })
    await setup()
    assert.deepEqual(cluster.changes(), [])
    cluster.kept.set(path, { ...pipeline, processors: [] })
    await setup()
    assert.deepEqual(cluster.changes(), [`PUT ${path}`])
  })

  it('lets data streams begin a new index when a template was of an older version', async () => {
    await setup()
    cluster.dataStreams = STREAMS
    const path = '/_component_template/rtmp_hmonitor@mappings'
    remark(path, { version: VERSION - 1, digest: 'older' })
    cluster.changes()
    const changes = await setup()
    assert.deepEqual(cluster.changes(), [`PUT ${path}`, ...ROLLED_OVER])
    assert.equal(changes.filter(({ done }) => done !== 'unchanged').length, 4)
    await setup()
    assert.deepEqual(cluster.changes(), [])
  })

  it('lets data streams begin a new index that were there before its templates', async () => {
    cluster.dataStreams = STREAMS
    await setup()
    assert.deepEqual(cluster.changes(), [...ALL.slice(0, -1), ...ROLLED_OVER])
  })

  it('lets them begin it the next time where it was broken off before they had', async () => {
    await setup()
    cluster.dataStreams = STREAMS
    remark(TEMPLATE, { version: VERSION - 1, digest: 'older' })
    const [, second = ''] = ROLLED_OVER.slice(1)
    cluster.instead.set(second, [{ status: 500, body: {} }])
    await assert.rejects(setup(), { name: 'SetupError' })
    cluster.changes()
    await setup()
    assert.deepEqual(cluster.changes(), ROLLED_OVER)
  })

  it('changes nothing where somebody has written before there were templates, and an index is what should be a data stream', async () => {
    const resolved = {
      indices: [{ name: 'logs-rtmp_hmonitor.log-default' }, { name: 'logs-rtmp_hmonitor.x-y', data_stream: 'x' }],
    }
    cluster.instead.set('GET /_resolve/index/logs-rtmp_hmonitor.*-*', [{ status: 200, body: resolved }])
    await assert.rejects(setup(), {
      message: /^logs-rtmp_hmonitor\.log-default there is an index, .*nothing was changed$/,
    })
    assert.deepEqual(cluster.changes(), [])
  })

  it('changes nothing at all where a newer version was', async () => {
    await setup()
    remark(TEMPLATE, { version: VERSION + 1, digest: 'newer' })
    cluster.kept.delete('/_ilm/policy/rtmp_hmonitor')
    cluster.changes()
    await assert.rejects(setup(), {
      name: 'SetupError',
      message: `the index template logs-rtmp_hmonitor there is of version ${VERSION + 1}, and this rtmp-hmonitor brings version ${VERSION}: update it, and nothing was changed`,
    })
    assert.deepEqual(cluster.changes(), [])
  })

  it('goes on where it was broken off', async () => {
    cluster.instead.set('PUT /_ingest/pipeline/rtmp_hmonitor@pipeline', [
      { status: 400, body: { error: { reason: 'no', root_cause: [{ reason: 'because' }] } } },
    ])
    await assert.rejects(setup(), {
      message: 'PUT /_ingest/pipeline/rtmp_hmonitor@pipeline was refused with 400: no; because',
    })
    cluster.changes()
    await setup()
    assert.deepEqual(cluster.changes(), ALL.slice(-2))
  })

  it('gives OpenSearch what OpenSearch takes', async () => {
    cluster.version = { number: '2.19.1', distribution: 'opensearch' }
    await setup({ snapshots: '/backup' })
    assert.deepEqual(cluster.changes(), [...ALL.slice(-4), 'PUT /_snapshot/rtmp_hmonitor'])
  })

  function remark(path: string, mark: object): void {
    const body = cluster.kept.get(path) as { _meta: object }
    cluster.kept.set(path, { ...body, _meta: { ...body._meta, ...mark } })
  }
})

describe('the users of the stack', () => {
  const environment = { KIBANA_SYSTEM_PASSWORD: 'one', HMONITOR_WRITER_PASSWORD: 'two' }
  const login = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  it('get the passwords that the environment has, and those that are let in keep theirs', async () => {
    cluster.logins.add(login('kibana_system', 'one'))
    const changes: Change[] = []
    await putUsers(serverAt(), environment, (change) => {
      changes.push(change)
    })
    assert.deepEqual(changes, [
      { what: 'user kibana_system', done: 'unchanged' },
      { what: 'user hmonitor_writer', done: 'changed' },
    ])
    const { request, body, authorization } = cluster.heard.at(-1) ?? {}
    assert.equal(request, 'PUT /_security/user/hmonitor_writer')
    assert.deepEqual(body, {
      ...{ roles: ['hmonitor_writer'], full_name: 'Writes the log of RTMP HMonitor', password: 'two' },
    })
    assert.equal(authorization, login('u', 'p'))
  })
})

describe('a cluster', () => {
  const starting = { status: 503, body: { error: { reason: 'starting' } } }

  it('is asked again while it is starting', async () => {
    cluster.instead.set('GET /', [starting])
    assert.equal((await engineOf(serverAt(10))).version, '9.5.1')
    assert.equal(cluster.heard.length, 2)
  })

  it('is asked once where nobody waits for it', async () => {
    cluster.instead.set('GET /', [starting])
    await assert.rejects(engineOf(serverAt()), {
      message: /^127\.0\.0\.1:\d+ cannot be asked: it answers 503: starting$/,
    })
  })

  for (const [status, advice] of [
    [401, /ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY/],
    [403, /docs\/elk\.md has the privileges/],
  ] as const) {
    it(`says what to do about ${status}`, async () => {
      cluster.instead.set('GET /', [{ status, body: { error: { reason: 'no' } } }])
      await assert.rejects(engineOf(serverAt()), { name: 'SetupError', message: advice })
    })
  }

  for (const [number, distribution, isTaken] of [
    ['8.18.4', undefined, false],
    ['8.19.0', undefined, true],
    ['9.0.3', undefined, false],
    ['9.1.0', undefined, true],
    ['10.0.0', undefined, true],
    ['7.17.0', undefined, false],
    ['2.11.0', 'opensearch', false],
    ['2.12.0', 'opensearch', true],
    ['3.8.0', 'opensearch', true],
  ] as const) {
    it(`${distribution ?? 'elasticsearch'} ${number} is ${isTaken ? 'new enough' : 'too old'}`, async () => {
      cluster.version = { number, ...(distribution && { distribution }) }
      const engine = engineOf(serverAt())
      if (isTaken) assert.equal((await engine).version, number)
      else await assert.rejects(engine, { message: /is too old: it has to be/ })
    })
  }

  it('that is something else is not taken for one', async () => {
    cluster.version = {}
    await assert.rejects(engineOf(serverAt()), { message: /neither Elasticsearch nor OpenSearch/ })
  })
})
