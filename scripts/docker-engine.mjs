/**
 * A Docker engine for the tests: the one that answers, else one of our own, which needs root and no init system. Its
 * images and its build cache are kept for the next run, everything else of it ends with it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KEPT } from './pinned-programs.mjs'

/** Seconds. */
const LONGEST_START = 60

/**
 * @typedef {object} Engine
 * @property {Record<string, string>} environment by which `docker` and `docker-compose` find it
 * @property {boolean} isOwn
 * @property {() => Promise<void>} stop
 */

/** @param {Record<string, string>} environment */
function answers(environment) {
  const options = { env: { ...process.env, ...environment }, timeout: 10_000 }
  return spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], options).status === 0
}

/**
 * @param {(line: string) => void} say
 * @returns {Promise<Engine>}
 */
export async function startEngine(say) {
  if (answers({})) return { environment: {}, isOwn: false, stop: async () => {} }
  if (process.getuid?.() !== 0) {
    throw new Error(
      'No Docker engine answers, and only root can start one. Start yours, or run this as root.\n' +
        `docker says: ${spawnSync('docker', ['version'], { encoding: 'utf8' }).stderr?.trim()}`,
    )
  }
  // Where the disk is itself an overlay, as in a container, only the slow one works.
  for (const driver of ['overlay2', 'vfs']) {
    const engine = await startOwn(driver, say)
    if (engine !== null) return engine
  }
  throw new Error('No storage driver of Docker works on this disk.')
}

/**
 * @param {string} driver
 * @param {(line: string) => void} say
 * @returns {Promise<Engine | null>} null where the disk does not allow the driver
 */
async function startOwn(driver, say) {
  const data = join(KEPT, 'docker', driver)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const release = lock(`${data}.lock`)
  const restoreNetwork = rememberNetwork()
  const scratch = mkdtempSync(join(tmpdir(), 'hmonitor-docker-'))
  // The machine's own settings are not ours.
  writeFileSync(join(scratch, 'daemon.json'), '{}')
  const log = join(scratch, 'dockerd.log')
  const output = openSync(log, 'w')
  const environment = { DOCKER_HOST: `unix://${join(scratch, 'docker.sock')}` }
  const child = spawn(
    'dockerd',
    [
      ...[
        '--host',
        environment.DOCKER_HOST,
        '--pidfile',
        join(scratch, 'docker.pid'),
        '--exec-root',
        join(scratch, 'x'),
      ],
      ...['--data-root', data, '--storage-driver', driver, '--config-file', join(scratch, 'daemon.json')],
      // Where the hard limit of this machine is lower than what dockerd asks for, no container would start.
      ...['--default-ulimit', 'nofile=1024:4096'],
    ],
    // Ctrl-C is for us to pass on, when the containers have ended.
    { stdio: ['ignore', output, output], detached: true },
  )
  let running = true
  const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve)).then(() => {
    running = false
  })
  const stop = async () => {
    if (running) child.kill('SIGTERM')
    await exited
    unmountBelow(data)
    removeTree(scratch)
    restoreNetwork()
    release()
  }
  const deadline = Date.now() + LONGEST_START * 1000
  while (running && Date.now() < deadline && !answers(environment)) await new Promise((next) => setTimeout(next, 200))
  if (running && answers(environment)) {
    say(`started a Docker engine of its own (${driver}); its images are kept in ${data}`)
    return { environment, isOwn: true, stop }
  }
  const said = readFileSync(log, 'utf8')
  await stop()
  if (/graphdriver|storage[- ]driver/i.test(said)) return null
  throw new Error(
    'No Docker engine answers, and one of our own does not start. It needs root with all privileges (in a container:\n' +
      `docker run --privileged), control groups and iptables. It said:\n${said.split('\n').slice(-15).join('\n')}`,
  )
}

/** @param {...string} args of iptables */
const iptables = (...args) => spawnSync('iptables', args, { encoding: 'utf8' }).stdout ?? ''

/**
 * What an engine sets in this machine's network and leaves when it ends: its bridge, its chains, that packets of others
 * are not passed on, and that packets are passed on at all.
 *
 * @returns {() => void} what takes it back; nothing where another engine was there before
 */
function rememberNetwork() {
  if (existsSync('/sys/class/net/docker0')) return () => {}
  const forwarding = '/proc/sys/net/ipv4/ip_forward'
  const passedOn = readFileSync(forwarding, 'utf8')
  const [, policy = 'ACCEPT'] = /^-P FORWARD (\w+)$/m.exec(iptables('-S', 'FORWARD')) ?? []
  return () => {
    spawnSync('ip', ['link', 'delete', 'docker0'])
    iptables('-P', 'FORWARD', policy)
    for (const table of ['filter', 'nat']) {
      const rules = iptables('-t', table, '-S').split('\n')
      const ours = rules.filter((rule) => rule.startsWith('-A ') && /DOCKER|docker0|172\.17\.0\.0/.test(rule))
      for (const rule of ours) iptables('-t', table, ...rule.replace('-A', '-D').split(' '))
      const chains = rules.flatMap((rule) => /^-N (DOCKER\S*)$/.exec(rule)?.[1] ?? [])
      for (const chain of chains) iptables('-t', table, '-F', chain)
      for (const chain of chains) iptables('-t', table, '-X', chain)
    }
    writeFileSync(forwarding, passedOn)
  }
}

/**
 * Two engines must not share a folder.
 *
 * @param {string} file
 * @returns {() => void} what lets others in
 */
function lock(file) {
  const isHeld = () => existsSync(file) && existsSync(`/proc/${readFileSync(file, 'utf8').trim() || 0}`)
  if (isHeld()) throw new Error(`Another run of these tests has the engine: process ${readFileSync(file, 'utf8')}.`)
  writeFileSync(file, String(process.pid))
  return () => rmSync(file, { force: true })
}

/** @param {string} folder */
function mountsBelow(folder) {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
    .sort((one, other) => other.length - one.length)
}

/** @param {string} folder */
function unmountBelow(folder) {
  for (const mount of mountsBelow(folder)) spawnSync('umount', ['--lazy', mount])
}

/**
 * Removes a folder in which something may be mounted; never what is mounted there, such as this machine's /proc.
 *
 * @param {string} folder
 */
export function removeTree(folder) {
  unmountBelow(folder)
  if (mountsBelow(folder).length > 0) throw new Error(`Something is still mounted below ${folder}: it is left there.`)
  rmSync(folder, { recursive: true, force: true })
}
