/** What `config` writes for Elasticsearch, Logstash, Kibana and Filebeat, held to what their makers say they take. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parse } from 'yaml'
import { ASSETS } from '../../deploy/elk/source/assets.ts'
import { root } from '../runtime.ts'
import { type Plugin, parseLogstash } from './logstash-grammar.ts'
import { configureStack } from './stack-folder.ts'

const folder = configureStack({ ELK_LOGSTASH_PASSWORD: 'monitors-password' })
after(() => folder.remove())
const read = (path: string) => readFileSync(join(folder.out, path), 'utf8')

/** Options of the plugins, with the names that they have since 9.0; `id` is for all of them. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'input beats': [
    ...['port', 'host', 'ssl_enabled', 'ssl_certificate', 'ssl_key', 'ssl_certificate_authorities'],
    'ssl_client_authentication',
  ],
  'input http': [
    ...['port', 'host', 'user', 'password', 'response_code', 'threads', 'max_pending_requests', 'ssl_enabled'],
    ...['ssl_certificate', 'ssl_key', 'ssl_client_authentication'],
  ],
  'input pipeline': ['address'],
  'input dead_letter_queue': ['path', 'pipeline_id', 'commit_offsets', 'clean_consumed'],
  'filter mutate': ['remove_field', 'replace', 'add_field', 'rename'],
  'filter prune': ['whitelist_names'],
  'output pipeline': ['send_to', 'ensure_delivery'],
  // With a data stream no others are taken.
  'output elasticsearch': [
    ...['hosts', 'user', 'password', 'api_key', 'ssl_enabled', 'ssl_certificate_authorities', 'data_stream'],
    ...['data_stream_type', 'data_stream_dataset', 'data_stream_namespace', 'pipeline'],
  ],
}

describe('the pipelines of Logstash', () => {
  const listed = parse(read('logstash/pipelines.yml')) as { 'pipeline.id': string; 'path.config': string }[]
  const pipelines = new Map(
    listed.map((each) => {
      const path = each['path.config'].replace('/run/hmonitor/', 'logstash/')
      return [each['pipeline.id'], parseLogstash(read(path))] as const
    }),
  )
  const plugins = [...pipelines.values()].flat()
  const all = (kind: string): Plugin[] => plugins.filter(({ section, name }) => `${section} ${name}` === kind)

  it('are those of the folder', () => {
    const there = readdirSync(join(root, 'deploy/elk/logstash/pipeline')).map((name) => name.replace('.conf', ''))
    assert.deepEqual([...pipelines.keys()].sort(), there.sort())
  })

  it('have only options that there are, and each plugin a name of its own, by which it is watched', () => {
    const ids = plugins.map(({ options }) => options.get('id'))
    assert.deepEqual([...new Set(ids)], ids)
    for (const { section, name, options } of plugins) {
      const known = OPTIONS[`${section} ${name}`]
      assert.ok(known, `${section} ${name}`)
      for (const option of options.keys()) assert.ok(option === 'id' || known.includes(option), `${name}: ${option}`)
    }
  })

  it('lead to each other, and end in data streams that the template is for', () => {
    const addresses = all('input pipeline').map(({ options }) => options.get('address'))
    assert.deepEqual(
      all('output pipeline').flatMap(({ options }) => options.get('send_to')),
      addresses,
    )
    for (const { options } of all('input dead_letter_queue')) {
      assert.ok(pipelines.has(String(options.get('pipeline_id'))))
    }
    const template = ASSETS.find(({ kind }) => kind === 'index template')?.body as { index_patterns: string[] }
    for (const { options } of all('output elasticsearch')) {
      const [type, dataset, namespace] = ['type', 'dataset', 'namespace'].map((part) =>
        options.get(`data_stream_${part}`),
      )
      assert.match(
        `${type}-${dataset}-${namespace}`,
        new RegExp(`^${template.index_patterns[0]?.replace(/\*/g, '.+')}$`),
      )
    }
  })

  it('take from nobody who does not show a password or a certificate, and tell Elasticsearch who they are', () => {
    assert.equal(all('input beats')[0]?.options.get('ssl_client_authentication'), 'required')
    assert.equal(all('input http')[0]?.options.get('password'), 'monitors-password')
    const writer = read('elk-setup/hmonitor_writer_password')
    for (const { options } of all('output elasticsearch')) assert.equal(options.get('password'), writer)
    for (const { name, options } of [...all('input beats'), ...all('input http'), ...all('output elasticsearch')]) {
      assert.equal(options.get('ssl_enabled'), 'true', name)
    }
  })

  it('name only files that are there', () => {
    const named = [...JSON.stringify(plugins.map(({ options }) => [...options])).matchAll(/\/run\/hmonitor\/([\w.]+)/g)]
    assert.ok(named.length >= 6)
    for (const [, name = ''] of named) assert.ok(existsSync(join(folder.out, 'logstash', name)), name)
  })

  it('are asked how they are by who shows a password, and by nobody else', () => {
    const settings = parse(read('logstash/logstash.yml')) as Record<string, unknown>
    const password = read('elk-watch/logstash_api_password')
    assert.equal(settings['api.auth.type'], 'basic')
    assert.equal(settings['api.auth.basic.password'], password)
    assert.ok(password.length >= 20)
    const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
    assert.match(compose, /LOGSTASH_API_PASSWORD_FILE: \/run\/hmonitor\/logstash_api_password/)
    assert.equal(compose.match(/:9600"/g), null, 'no port is published')
    const health = read('logstash/health')
    assert.match(health, /^url = "http:\/\/127\.0\.0\.1:9600\/_node\/stats/)
    assert.match(health, new RegExp(`user = "${settings['api.auth.basic.username']}:${password}"`))
  })

  it('keep a line on the disk before it is said to be there', () => {
    const settings = parse(read('logstash/logstash.yml')) as Record<string, unknown>
    assert.equal(settings['queue.type'], 'persisted')
    assert.equal(settings['queue.checkpoint.writes'], 1)
    assert.equal(settings['dead_letter_queue.enable'], true)
  })

  for (const [what, text] of [
    ['without an end', 'input { beats { port => 5044 }'],
    ['with =', 'input { beats { port = 5044 } }'],
    ['with an option twice', 'input { beats { port => 1 port => 2 } }'],
    ['with another section', 'inputs { beats { } }'],
    ['with a text without an end', 'input { beats { host => "a } }'],
  ] as const) {
    it(`are not read ${what}`, () => assert.throws(() => parseLogstash(text), /^Error: line \d+/))
  }

  it('are read with conditions, comments and lists', () => {
    const text =
      'filter { # one\n if [a] == "b" { mutate { id => "x" remove_field => ["a", "b"] } } else { drop { } } }'
    assert.deepEqual(
      parseLogstash(text).map(({ name }) => name),
      ['mutate', 'drop'],
    )
  })
})

describe('the other parts', () => {
  it('are left nothing to fill in', () => {
    for (const part of ['logstash', 'kibana', 'filebeat', 'elasticsearch', 'elk-setup']) {
      for (const name of readdirSync(join(folder.out, part), { recursive: true, withFileTypes: true })) {
        if (name.isFile())
          assert.doesNotMatch(readFileSync(join(name.parentPath, name.name), 'utf8'), /\$\{/, name.name)
      }
    }
  })

  it('know each other’s passwords, and Kibana its keys', () => {
    const kibana = parse(read('kibana/kibana.yml')) as Record<string, string>
    assert.equal(kibana['elasticsearch.password'], read('elk-setup/kibana_system_password'))
    const keys = ['encryptedSavedObjects', 'security', 'reporting'].map((name) => kibana[`xpack.${name}.encryptionKey`])
    assert.equal(new Set(keys).size, 3)
    for (const key of keys) assert.ok((key?.length ?? 0) >= 32)
    assert.equal(read('elasticsearch/elastic_password'), read('elk-setup/elastic_password'))
    assert.ok(read('elasticsearch/health').includes(`elastic:${read('elk-setup/elastic_password')}"`))
  })

  it('let Filebeat read what the monitor writes, and show who it is', () => {
    const filebeat = parse(read('filebeat/filebeat.yml')) as {
      'filebeat.inputs': { paths: string[] }[]
      'output.logstash': { hosts: string[] }
    }
    assert.deepEqual(filebeat['filebeat.inputs'][0]?.paths, ['/data/logs/*.ndjson*'])
    assert.deepEqual(filebeat['output.logstash'].hosts, ['logstash:5044'])
    for (const name of ['ca.pem', 'client.pem', 'client.key']) assert.ok(existsSync(join(folder.out, 'filebeat', name)))
  })

  it('keep certificates, keys and passwords when the stack is started again', () => {
    const files = ['elasticsearch/node.pem', 'logstash/node.key', 'kibana/kibana.yml', 'elk-setup/elastic_password']
    const before = files.map(read)
    folder.again()
    assert.deepEqual(files.map(read), before)
  })

  it('do not take a password that would end a text in their files', () => {
    assert.throws(() => configureStack({ ELASTIC_PASSWORD: 'quo"te-in-it' }), /ELASTIC_PASSWORD is shorter than 8/)
  })
})

describe('docker-compose.elk-cluster.yml', () => {
  const one = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true })
  const three = parse(readFileSync(join(root, 'docker-compose.elk-cluster.yml'), 'utf8'), { merge: true })

  it('has nodes that are as the one of docker-compose.yml, but for what makes them three', () => {
    const { environment: first, ports: _, volumes: __, depends_on: ___, ...base } = one.services.elasticsearch
    for (const name of ['elasticsearch-2', 'elasticsearch-3']) {
      const { environment, volumes, depends_on: ____, networks, ...node } = three.services[name]
      // Kibana, Logstash, Grafana and elk-watch know one name: it leads to whoever is left, and its certificate has it.
      assert.deepEqual(networks, { default: { aliases: ['elasticsearch'] } })
      const { healthcheck, ...rest } = node
      const { healthcheck: own, read_only: _____, ...wanted } = base
      assert.deepEqual(rest, wanted, name)
      assert.deepEqual(healthcheck.test, own.test)
      const { 'discovery.type': type, 'discovery.seed_hosts': seeds, ...others } = environment
      assert.equal(type, 'multi-node')
      assert.equal(seeds, 'elasticsearch,elasticsearch-2,elasticsearch-3')
      const { 'cluster.initial_master_nodes': masters, ...settings } = others
      assert.equal(masters, seeds)
      const { 'discovery.type': ______, ...alone } = first
      assert.deepEqual(settings, { ...alone, 'node.name': name })
      assert.ok(volumes.includes(`${name}:/usr/share/elasticsearch/data`))
    }
  })
})
