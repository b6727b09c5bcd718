/**
 * The images that the Dockerfile and Compose ask for: those of a registry where one can be reached, else stand-ins made
 * on this machine, which are never published. And the product's own, from the shipped Dockerfile.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeTree } from './docker-engine.mjs'
import { canBuildPinned, pinnedImages, pinnedPrograms } from './pinned-programs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What is not as the image of a registry would be, in words; only stand-ins have it. */
const LABEL = 'rtmp-hmonitor.stand-in'

/** Of Debian. */
const BASE_SUITE = 'bookworm'

/**
 * @typedef {object} Builder
 * @property {Record<string, string>} environment by which docker finds its engine
 * @property {string} node the pinned Node.js
 * @property {AbortSignal} signal ends what is running
 * @property {(line: string) => void} say
 */

const dockerfile = () => readFileSync(join(root, 'Dockerfile'), 'utf8')

/** What the Dockerfile stands on. */
const nodeImage = () => /^ARG NODE_IMAGE=(\S+)/m.exec(dockerfile())?.[1] ?? ''

/**
 * Runs a program to its end.
 *
 * @param {Builder} builder
 * @param {string} file
 * @param {...string} args
 * @returns {Promise<string>} its output
 */
function run({ environment, signal }, file, ...args) {
  // The old builder: the new one is a plugin that Debian's client lacks.
  const env = { ...process.env, DOCKER_BUILDKIT: '0', ...environment }
  // In a group of its own, so that all that it started ends with it.
  const child = spawn(file, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
  }
  signal.addEventListener('abort', end)
  let [output, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
    said = (said + text).slice(-20_000)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-20_000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(signal.reason)
      else if (code === 0) resolve(output.trim())
      else reject(new Error(`${file} ${args.join(' ')} failed:\n${said.split('\n').slice(-40).join('\n')}`))
    })
  })
}

/**
 * @param {Builder} builder
 * @param {...string} args of docker
 * @returns {Promise<string | null>} its output; null where it did not end well
 */
function tried(builder, ...args) {
  return run(builder, 'docker', ...args).catch((error) => {
    if (builder.signal.aborted) throw error
    return null
  })
}

/**
 * Builds, with the network of this machine: a container's own may not reach the name server.
 *
 * @param {Builder} builder
 * @param {string} tag
 * @param {string} context
 * @param {...string} more arguments
 */
function build(builder, tag, context, ...more) {
  const proxies = Object.keys(process.env).filter((name) => /^(https?|no)_proxy$/i.test(name))
  const given = [...proxies, `NODE_IMAGE=${nodeImage()}`].flatMap((argument) => ['--build-arg', argument])
  return run(builder, 'docker', 'build', '--network=host', '--tag', tag, ...given, ...more, context)
}

/**
 * Builds the product's images. What takes long has a name of its own, so that it is kept.
 *
 * @param {Builder} builder
 */
export async function buildOwnImages(builder) {
  for (const [target, tag] of [
    ['debian', 'rtmp-hmonitor/build-debian:kept'],
    ['base', 'rtmp-hmonitor/build-base:kept'],
    ['ffmpeg', 'rtmp-hmonitor/build-ffmpeg:kept'],
    ['build', 'rtmp-hmonitor/build-application:kept'],
    ['monitor', 'rtmp-hmonitor/monitor:local'],
    ['relay', 'rtmp-hmonitor/relay:local'],
  ]) {
    const began = performance.now()
    await build(builder, tag, root, '--target', target)
    builder.say(`built ${target} in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
}

/**
 * Makes sure that the images of others are there.
 *
 * @param {Builder} builder
 * @returns {Promise<{made: string[], notes: string[]}>} the stand-ins that were made, and what each of them is
 */
export async function ensureForeignImages(builder) {
  const services = Object.entries(pinnedImages()).map(([name, { image }]) => ({ name, image }))
  const made = []
  const notes = []
  for (const { name, image } of [{ name: 'base', image: nodeImage() }, ...services]) {
    const format = `{{with .Config.Labels}}{{index . "${LABEL}"}}{{end}}`
    const label = await tried(builder, 'image', 'inspect', '--format', format, image)
    // There, and of a registry.
    if (label === '') continue
    const note = `${image}: ${NOTES[name]?.() ?? 'unknown'}`
    if (label !== note) {
      if (label === null && (await tried(builder, 'pull', '--quiet', image)) !== null) continue
      builder.say(`no registry gives ${image}: making a stand-in …`)
      await (name === 'base' ? makeBase(builder, image, note) : makeService(builder, name, image, note))
      made.push(image)
    }
    notes.push(note)
  }
  return { made, notes }
}

/** @param {string} program */
const versionOf = (program) =>
  /version ([\d.]+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout)?.[1]

/** @type {Record<string, () => string>} */
const NOTES = {
  base: () => `Debian ${BASE_SUITE} by debootstrap, with the Node.js of the lock file`,
  prometheus: () => (canBuildPinned() ? 'built with Go' : `Debian's Prometheus ${versionOf('prometheus')}`),
  alertmanager: () =>
    canBuildPinned() ? 'built with Go' : `Debian's Alertmanager ${versionOf('prometheus-alertmanager')}`,
  grafana: () => 'answers its health check and nothing else',
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} use
 */
async function inScratch(use) {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-image-'))
  try {
    return await use(folder)
  } finally {
    removeTree(folder)
  }
}

/**
 * Debian and Node.js, as far as they matter here as in `node:<version>-bookworm-slim`.
 *
 * @param {Builder} builder
 * @param {string} image
 * @param {string} note
 */
function makeBase(builder, image, note) {
  return inScratch(async (folder) => {
    const files = join(folder, 'root')
    const sources = aptSources()
    await run(builder, 'debootstrap', '--variant=minbase', BASE_SUITE, files, sources[0]?.uri ?? '')
    const lines = sources.map(({ uri, suite, components }) => `deb ${uri} ${suite} ${components}\n`)
    writeFileSync(join(files, 'etc/apt/sources.list'), lines.join(''))
    await run(
      builder,
      'chroot',
      files,
      '/usr/sbin/useradd',
      '--uid',
      '1000',
      '--create-home',
      '--shell',
      '/bin/bash',
      'node',
    )
    await run(builder, 'chroot', files, '/usr/bin/apt-get', 'clean')
    cpSync(builder.node, join(files, 'usr/local/bin/node'))
    chmodSync(join(files, 'usr/local/bin/node'), 0o755)
    const modules = join(files, 'usr/local/lib/node_modules')
    cpSync(join(root, 'node_modules/npm'), join(modules, 'npm'), { recursive: true })
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(files, 'usr/local/bin/npm'))
    const changes = [`LABEL ${LABEL}=${JSON.stringify(note)}`]
    // This machine may have to know an authority or a registry of its own to get packages.
    const authorities = '/etc/ssl/certs/ca-certificates.crt'
    mkdirSync(join(files, 'etc/ssl/certs'), { recursive: true })
    cpSync(authorities, join(files, authorities))
    changes.push(`ENV NODE_EXTRA_CA_CERTS=${authorities}`)
    const registry = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout?.trim()
    if (registry) changes.push(`ENV npm_config_registry=${registry}`)
    const tar = join(folder, 'root.tar')
    await run(builder, 'tar', '--create', '--numeric-owner', '--file', tar, '--directory', files, '.')
    await run(builder, 'docker', 'import', ...changes.flatMap((change) => ['--change', change]), tar, image)
  })
}

/**
 * Where this machine gets Debian's packages.
 *
 * @returns {{uri: string, suite: string, components: string}[]}
 */
function aptSources() {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)'
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    encoding: 'utf8',
  })
  const own = (stdout ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, suite = '', component, origin]) => {
      return suite.startsWith(BASE_SUITE) && component === 'main' && origin === 'Debian'
    })
    .map(([uri = '', suite = '', components = '']) => ({ uri, suite, components }))
    .sort((one, other) => one.suite.length - other.suite.length)
  if (own[0]?.suite === BASE_SUITE) return own
  throw new Error(
    `The base image is made of Debian ${BASE_SUITE}, of which this machine's APT knows no packages. Add it.`,
  )
}

/**
 * @param {Builder} builder
 * @param {string} name of the service
 * @param {string} image
 * @param {string} note
 */
function makeService(builder, name, image, note) {
  return inScratch(async (folder) => {
    cpSync(join(root, 'test/docker/stand-ins'), folder, { recursive: true })
    mkdirSync(join(folder, 'bin'))
    const wanted = SERVICE_PROGRAMS[name] ?? []
    const built = wanted.length > 0 && canBuildPinned() ? pinnedPrograms(builder.say)[name] : undefined
    for (const program of wanted) {
      const target = join(folder, 'bin', program)
      const place = [built?.folder ?? [], (process.env.PATH ?? '').split(delimiter)]
        .flat()
        .map((each) => join(each, program))
        .find((path) => existsSync(path))
      if (place === undefined) throw new Error(`There is no ${program} on the PATH.`)
      cpSync(place, target, { dereference: true })
    }
    // Debian's is too old to know how to ask whether Prometheus is ready.
    if (name === 'prometheus' && built === undefined) {
      const asks = '#!/bin/sh\nexec wget --quiet --spider http://127.0.0.1:9090/-/ready\n'
      writeFileSync(join(folder, 'bin/promtool'), asks, { mode: 0o755 })
    }
    const file = join(folder, `${name}.Dockerfile`)
    await build(builder, image, folder, '--file', file, '--label', `${LABEL}=${note}`)
  })
}

/** @type {Record<string, string[]>} */
const SERVICE_PROGRAMS = {
  prometheus: ['prometheus', 'promtool'],
  alertmanager: ['prometheus-alertmanager'],
}
