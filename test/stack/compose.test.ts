import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { imagePackages } from '../../scripts/image-packages.mjs'
import { pinnedImages } from '../../scripts/pinned-programs.mjs'
import { contentArguments } from '../../src/ffmpeg/ffmpeg-arguments.ts'
import { STREAM_PROTOCOLS } from '../../src/secrets/stream-address.ts'
import { root } from '../runtime.ts'
import { configureStack } from './stack-folder.ts'

const run = promisify(execFile)

interface Service {
  image: string
  build?: { context: string; target: string }
  user: string
  profiles?: string[]
  restart: string
  read_only: boolean
  cap_drop: string[]
  cap_add?: string[]
  security_opt: string[]
  pids_limit: number
  mem_limit: string
  ports?: string[]
  volumes?: string[]
  command?: string[]
  network_mode?: string
  environment?: Record<string, string>
  healthcheck?: { test?: string[] }
  depends_on?: Record<string, { condition: string }>
}

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, null> }
const services = Object.entries(compose.services)
/** They write what others need, and end. */
const ENDING = ['config', 'elk-setup']

const service = (name: string): Service => {
  const found = compose.services[name]
  assert.ok(found, `there is no service ${name}`)
  return found
}

describe('docker-compose.yml', () => {
  it('is valid to the schema of Compose and to an old docker-compose', async () => {
    const dclint = join(root, 'node_modules', '.bin', 'dclint')
    await run(process.execPath, [dclint, '--max-warnings', '0', 'docker-compose.yml'], { cwd: root })
    const cluster = ['-f', 'docker-compose.yml', '-f', 'docker-compose.elk-cluster.yml']
    await run(process.execPath, [dclint, '--max-warnings', '0', 'docker-compose.elk-cluster.yml'], { cwd: root })
    const pair = ['-f', 'docker-compose.yml', '-f', 'docker-compose.pair.yml']
    const shards = ['-f', 'docker-compose.yml', '-f', 'docker-compose.shards.yml']
    for (const file of ['docker-compose.pair.yml', 'docker-compose.shards.yml'])
      await run(process.execPath, [dclint, '--max-warnings', '0', file], { cwd: root })
    const peer = { ALERTMANAGER_ADDRESS: '192.0.2.11', ALERTMANAGER_PEER: '192.0.2.12:9093' }
    const urls = { ALERTMANAGER_URLS: 'http://192.0.2.11:9093' }
    const env = { ...process.env, ...peer, ...urls, ALERTMANAGER_PEER_CLUSTER: '192.0.2.12:9094' }
    for (const files of [[], ['--profile', 'elk'], [...cluster, '--profile', 'elk'], pair, shards]) {
      await run('docker-compose', [...files, 'config', '--quiet'], { cwd: root, env }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT')
            throw new Error('The test needs docker-compose. Install it: apt-get install docker-compose')
          throw error
        },
      )
    }
  })

  it('has the whole stack, and the relay and the log in Elasticsearch in profiles of their own', () => {
    const names = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name)
    assert.deepEqual(names.sort(), ['alertmanager', 'config', 'grafana', 'monitor', 'prometheus'])
    assert.deepEqual(service('relay').profiles, ['relay'])
    const elk = services.filter(([, { profiles }]) => profiles?.includes('elk')).map(([name]) => name)
    assert.deepEqual(elk.sort(), ['elasticsearch', 'elk-setup', 'elk-watch', 'filebeat', 'kibana', 'logstash'])
  })

  it('runs everything hardened: read-only, without capabilities, with limits, not as root but for the one that ends', () => {
    for (const [name, each] of services) {
      // Elasticsearch writes its keystore beside its configuration.
      assert.equal(each.read_only, name !== 'elasticsearch', name)
      assert.deepEqual(each.cap_drop, ['ALL'], name)
      assert.deepEqual(each.security_opt, ['no-new-privileges:true'], name)
      assert.ok(each.pids_limit > 0 && /^\d+[mg]$/.test(each.mem_limit), name)
      // Elastic's images belong to their user, and to the group of root.
      const isElastic = each.image.startsWith('docker.elastic.co/')
      assert.match(each.user, name === 'config' ? /^0:0$/ : isElastic ? /^1000:0$/ : /^[1-9]\d*:[1-9]\d*$/, name)
      if (name !== 'config') assert.equal(each.cap_add, undefined, name)
      assert.equal(each.restart, ENDING.includes(name) ? 'no' : 'unless-stopped')
    }
  })

  it('names a version of every image that is not built here', () => {
    for (const [name, { image, build }] of services) {
      if (build === undefined) assert.match(image, /^[\w./-]+:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/, name)
    }
  })

  it('opens ports to this machine alone, unless .env says otherwise', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports)
    assert.equal(ports.length, 8)
    for (const port of ports) assert.match(port, /^(127\.0\.0\.1|\$\{\w*HOST:-127\.0\.0\.1\}):\$\{\w+:-\d+\}:\d+$/)
  })

  it('starts nothing before what it needs is healthy, and asks each how it is', () => {
    for (const [name, { healthcheck, depends_on = {} }] of services) {
      if (name === 'config') continue
      if (!ENDING.includes(name)) assert.equal(healthcheck?.test?.[0], 'CMD', name)
      assert.equal(depends_on.config?.condition, 'service_completed_successfully', name)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        assert.ok(other in compose.services)
        const wanted = ENDING.includes(other) ? 'service_completed_successfully' : 'service_healthy'
        assert.equal(condition, wanted, `${name} needs ${other}`)
      }
    }
  })

  it('mounts only what is there', () => {
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const [from = ''] = volume.split(':')
        if (from.startsWith('.')) assert.ok(existsSync(join(root, from)), `${name}: ${volume}`)
        else assert.ok(from in compose.volumes, `${name}: ${volume}`)
        if (from.startsWith('.')) assert.match(volume, /:ro$/, `${name}: ${volume}`)
      }
    }
    for (const volume of ['logs', 'prometheus', 'alertmanager', 'grafana']) assert.ok(volume in compose.volumes, volume)
  })

  it('uses only variables that .env.example explains, with the default that stands there', () => {
    const known = new Map(VARIABLE_GROUPS.flatMap(({ variables }) => variables).map((each) => [each.name, each]))
    for (const [, name = '', fallback = ''] of text.matchAll(/\$\{(\w+):-([^}]*)\}/g)) {
      const variable = known.get(name)
      assert.ok(variable, `${name} is not in app/options.mjs`)
      // What the stack finds for itself differs from what a monitor alone does.
      if (!['ALERT_SOURCE', 'TIMEZONE', 'DASHBOARD_URL'].includes(name)) assert.equal(variable.default, fallback, name)
    }
    assert.doesNotMatch(text, /\$\{\w+\}/)
  })

  it('holds no secret, and hands out secrets as files', () => {
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|TOKEN|SECRET|KEY|\.key$/.test(variable))
          assert.match(
            value,
            /^$|^\/run\/hmonitor\/\w+$|\/config\/hmonitor\/\w+$|^hmonitor\/node\.key$/,
            `${name}: ${variable}`,
          )
      }
    }
  })
})

describe('the parts of the stack', () => {
  const folder = configureStack({})
  const written = (path: string) => existsSync(join(folder.out, path))

  it('find the files that config writes where Compose mounts them', () => {
    try {
      const mounted = (name: string) => {
        const [, part = '', at = ''] =
          /^config-([\w-]+):([^:]+):ro$/.exec(
            service(name).volumes?.find((volume) => volume.startsWith('config-')) ?? '',
          ) ?? []
        return { part, at }
      }
      const named: [string, string][] = services.flatMap(([name, { command = [], environment = {} }]) =>
        [...command.map((argument) => argument.replace(/^--[\w.-]+=/, '')), ...Object.values(environment)].map(
          (value): [string, string] => [name, value],
        ),
      )
      let found = 0
      for (const [name, value] of named) {
        if (name === 'config') continue
        const { part, at } = mounted(name)
        if (at === '' || !value.startsWith(`${at}/`)) continue
        assert.ok(written(`${part}${value.slice(at.length)}`), `${name}: ${value}`)
        found += 1
      }
      assert.ok(found >= 6, `${found} paths`)
    } finally {
      folder.remove()
    }
  })

  it('agree on names and ports', () => {
    const { scrape_configs, alerting } = parse(
      readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8'),
    ) as {
      scrape_configs: {
        static_configs?: { targets: string[] }[]
        dns_sd_configs?: { names: string[]; port: number }[]
      }[]
      alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] }
    }
    const { datasources } = parse(
      readFileSync(join(root, 'deploy/grafana/provisioning/datasources/hmonitor.yaml'), 'utf8'),
    ) as { datasources: { uid: string; url: string; jsonData: { alertmanagerUid?: string } }[] }
    const addresses = [
      ...[...scrape_configs, ...alerting.alertmanagers]
        .flatMap(({ static_configs = [] }) => static_configs)
        .flatMap(({ targets }) => targets),
      ...datasources.map(({ url }) => url.replace(/^https?:\/\//, '')),
      ...(service('monitor').environment?.ALERTMANAGER_URLS ?? '').split(',').map((url) => url.replace('http://', '')),
    ].filter((address) => !address.startsWith('127.'))
    assert.ok(addresses.length >= 6)
    for (const address of addresses) {
      const [name = '', port = ''] = address.split(':')
      assert.ok(
        service(name).ports?.some((each) => each.endsWith(`:${port}`)),
        address,
      )
    }
    // What is there with a profile only, and open to nobody outside.
    const found = scrape_configs.flatMap(({ dns_sd_configs = [] }) => dns_sd_configs)
    assert.deepEqual(
      found.map(({ names }) => names),
      [['elk-watch']],
    )
    for (const { names, port } of found) {
      for (const name of names)
        assert.match(JSON.stringify(service(name).command), new RegExp(`--listen=0\\.0\\.0\\.0:${port}"`))
    }
    const uids = datasources.map(({ uid }) => uid)
    for (const { jsonData } of datasources)
      if (jsonData.alertmanagerUid) assert.ok(uids.includes(jsonData.alertmanagerUid))
  })

  it('show dashboards whose data sources are provisioned, from the folder that is mounted', () => {
    const provider = readFileSync(join(root, 'deploy/grafana/provisioning/dashboards/hmonitor.yaml'), 'utf8')
    const { providers } = parse(provider) as { providers: { options: { path: string } }[] }
    const path = providers[0]?.options.path ?? ''
    assert.ok(service('grafana').volumes?.includes(`./deploy/grafana/dashboards:${path}:ro`))
    const home = service('grafana').environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? ''
    assert.ok(existsSync(join(root, 'deploy/grafana/dashboards', home.slice(path.length))))
    const uids = readdirSync(join(root, 'deploy/grafana/dashboards'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana/dashboards', name), 'utf8')) as {
          uid: string
        }
        return dashboard.uid
      })
    assert.deepEqual(uids, [...new Set(uids)])
  })
})

describe('the Dockerfile', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')

  it('has the targets that Compose builds', () => {
    const targets = [...dockerfile.matchAll(/^FROM .+ AS (\w+)$/gm)].map(([, name]) => name)
    for (const [name, { build }] of services) if (build) assert.ok(targets.includes(build.target), name)
  })

  it('copies only what is there, and nothing that .dockerignore leaves out', () => {
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))
    assert.ok(copies.length >= 4)
    for (const path of copies) {
      assert.ok(existsSync(join(root, path)), path)
      assert.ok(path === '.' || !ignored.includes(path), path)
    }
    for (const path of ['.env', 'targets.json', 'node_modules', '.git']) assert.ok(ignored.includes(path), path)
  })

  it('starts and checks with scripts that are in the image, not as root', () => {
    const scripts = [...dockerfile.matchAll(/"\/opt\/hmonitor\/([\w./-]+\.(?:ts|mjs))"/g)].map(([, path = '']) => path)
    const commands = services.flatMap(([, { command = [], healthcheck }]) => [...command, ...(healthcheck?.test ?? [])])
    const used = commands.flatMap((each) =>
      each.startsWith('/opt/hmonitor/') ? [each.slice('/opt/hmonitor/'.length)] : [],
    )
    assert.ok(scripts.length >= 4 && used.length >= 4)
    for (const path of [...scripts, ...used]) assert.ok(statSync(join(root, path)).isFile(), path)
    assert.equal([...dockerfile.matchAll(/^USER node$/gm)].length, 2)
  })

  it('runs the Node of the lock file', () => {
    const [, version] = /^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(dockerfile) ?? []
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>
    }
    assert.equal(version, lock.packages['node_modules/node']?.version)
  })

  it('copies into the image of the relay all that its scripts import', () => {
    const [, stage = ''] = dockerfile.split(/^FROM base AS relay$/m)
    const copied = [...stage.matchAll(/^COPY --from=build (.+) \S+$/gm)]
      .flatMap(([, paths = '']) => paths.split(' '))
      .map((path) => path.replace('/opt/hmonitor/', ''))
    const isThere = (path: string) => copied.some((each) => path === each || path.startsWith(`${each}/`))
    const scripts = [...stage.matchAll(/"\/opt\/hmonitor\/(\S+?\.ts)"/g)].map(([, path = '']) => path)
    assert.ok(scripts.length >= 2)
    for (const path of scripts.flatMap((script) => [...importedFrom(script)])) assert.ok(isThere(path), path)
  })

  it('says the version of package.json in every image', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const said = [...dockerfile.matchAll(/^ARG VERSION=(.*)$/gm)].map(([, named]) => named)
    assert.deepEqual(said, [version, version])
  })

  it('builds an FFmpeg that can do all that a stream is read by', () => {
    const options = readFileSync(join(root, 'deploy/ffmpeg/configure'), 'utf8')
    const enabled = (kind: string) => new RegExp(`^--enable-${kind}=(.+)$`, 'm').exec(options)?.[1]?.split(',') ?? []
    // RTSP is a format to FFmpeg.
    const readers = [...enabled('protocol'), ...enabled('demuxer')]
    // RTSP within TLS is plain RTSP to FFmpeg, through a relay (decision 16).
    const names: Readonly<Record<string, string>> = { srt: 'libsrt', rtsps: 'rtsp' }
    for (const protocol of STREAM_PROTOCOLS) assert.ok(readers.includes(names[protocol] ?? protocol), protocol)
    for (const name of [...contentFilters(), 'testsrc', 'sine', 'select'])
      assert.ok(enabled('filter').includes(name), name)
    assert.ok(enabled('demuxer').includes('concat'), 'an address with a secret is told apart')
    for (const muxer of ['flv', 'framecrc', 'null']) assert.ok(enabled('muxer').includes(muxer), muxer)
  })
})

/** A module, and what it and what it imports import: paths from the checkout; of types nothing is left to import. */
function importedFrom(script: string, known = new Set<string>()): Set<string> {
  if (known.has(script)) return known
  known.add(script)
  const text = readFileSync(join(root, script), 'utf8')
  for (const [, name = ''] of text.matchAll(/^(?:import|export)(?! type)(?:[^'"=]*\bfrom)? '([^']+)'/gm)) {
    if (name.startsWith('.')) importedFrom(relative(root, join(root, dirname(script), name)), known)
    else if (!name.startsWith('node:')) known.add(`node_modules/${name}`)
  }
  return known
}

/** The names of the filters that content checks ask ffmpeg for. */
function contentFilters(): string[] {
  const args = contentArguments({ pictures: 'keyframes', media: 'both', args: [], url: 'rtmp://127.0.0.1/live/main' })
  const graphs = args.filter((_, index) => args[index - 1]?.startsWith('-filter:'))
  return graphs.flatMap((graph) => [...graph.matchAll(/(?:^|,)([a-z]\w+)=/g)].map(([, name = '']) => name))
}

describe('what is built to test the pinned versions', () => {
  it('is of the versions that Compose pins', () => {
    const images = pinnedImages()
    assert.deepEqual(Object.keys(images).sort(), ['alertmanager', 'grafana', 'prometheus'])
    for (const [name, { image, version }] of Object.entries(images)) {
      assert.equal(image, service(name).image)
      assert.ok(image.endsWith(version))
    }
  })

  it('finds a version beside a digest, as Compose takes both', () => {
    const digest = `sha256:${'0'.repeat(64)}`
    const { prometheus } = pinnedImages(`    image: prom/prometheus:v3.13.4@${digest}\n`)
    assert.deepEqual(prometheus, { image: `prom/prometheus:v3.13.4@${digest}`, version: '3.13.4' })
  })
})

describe('what the image keeps of the packages', () => {
  const kept = imagePackages(root)

  it('is what the application and the nodes can come to load', () => {
    for (const name of ['node-red', '@flowfuse/node-red-dashboard', 'express', 'execa', 'ping', 'yaml', 'npm']) {
      assert.ok(kept.includes(`node_modules/${name}`), name)
    }
  })

  it('is no program that the image has of its own, and nothing that only builds', () => {
    for (const name of ['node', 'typescript', 'esbuild', 'echarts', '@ffprobe-installer/ffprobe', '@biomejs/biome']) {
      assert.ok(!kept.includes(`node_modules/${name}`), name)
    }
  })
})
