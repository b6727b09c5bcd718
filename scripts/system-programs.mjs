/**
 * The programs that the tests use and npm does not bring. On Debian as root they are installed; elsewhere the
 * answer is a list of what to install.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Name, the Debian package that has it, and where it is when it is not a program on the PATH. */
const PROGRAMS = {
  ffmpeg: { package: 'ffmpeg' },
  ffprobe: { package: 'ffmpeg' },
  nginx: { package: 'nginx' },
  'nginx-rtmp': { package: 'libnginx-mod-rtmp', file: '/usr/lib/nginx/modules/ngx_rtmp_module.so' },
  'nginx-stream': { package: 'libnginx-mod-stream', file: '/usr/lib/nginx/modules/ngx_stream_module.so' },
  prometheus: { package: 'prometheus' },
  promtool: { package: 'prometheus' },
  chromium: { package: 'chromium' },
  // Of the fonts that systems have for sans-serif the widest: what fits in it fits everywhere.
  fonts: { package: 'fonts-dejavu-core', file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
  ip: { package: 'iproute2' },
  tc: { package: 'iproute2' },
  nft: { package: 'nftables' },
  perl: { package: 'perl' },
  ping: { package: 'iputils-ping' },
  iperf3: { package: 'iperf3' },
  openssl: { package: 'openssl' },
  'prometheus-blackbox-exporter': { package: 'prometheus-blackbox-exporter' },
  'prometheus-alertmanager': { package: 'prometheus-alertmanager' },
  amtool: { package: 'prometheus-alertmanager' },
  'victoria-metrics': { package: 'victoria-metrics' },
  docker: { package: 'docker.io' },
  dockerd: { package: 'docker.io' },
  debootstrap: { package: 'debootstrap' },
  'docker-compose': { package: 'docker-compose' },
  javac: { package: 'default-jdk-headless' },
  mvn: { package: 'maven' },
}

const POLICY = '/usr/sbin/policy-rc.d'

/** @param {string} program */
function isOnPath(program) {
  // Debian keeps nginx, nft and tc in folders that are not on every user's PATH.
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** @param {string[]} needs names of PROGRAMS */
function missing(needs) {
  return [...new Set(needs)].filter((name) => {
    const { file } = PROGRAMS[name]
    return file === undefined ? !isOnPath(name) : !existsSync(file)
  })
}

/** @param {string[]} args */
function aptGet(...args) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0']
  const { status, stdout, stderr } = spawnSync('apt-get', [...options, ...args], { env: environment, encoding: 'utf8' })
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`.trim())
}

/**
 * Debian starts a service when its package is installed. The tests start their own, on ports of their own.
 *
 * @param {() => void} install
 */
function withoutStartingServices(install) {
  const own = !existsSync(POLICY)
  if (own) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    if (own) rmSync(POLICY)
  }
}

/**
 * Makes sure that programs are there. Throws what is missing and how to get it.
 *
 * @param {string[]} needs names of PROGRAMS
 * @param {(line: string) => void} say
 */
export function ensurePrograms(needs, say) {
  const lacking = missing(needs)
  if (lacking.length === 0) return
  const packages = [...new Set(lacking.map((name) => PROGRAMS[name].package))]
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`
  if (!isOnPath('apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `The tests need ${lacking.join(', ')}. On Debian or Ubuntu: sudo ${command}\n` +
        'Elsewhere: install the programs of those names, so that they are on the PATH.',
    )
  }
  say(`installing ${packages.join(', ')} with apt-get`)
  withoutStartingServices(() => {
    aptGet('update')
    aptGet('install', '--yes', '--no-install-recommends', ...packages)
  })
  const still = missing(needs)
  if (still.length > 0) throw new Error(`Installed ${packages.join(', ')}, and yet missing: ${still.join(', ')}`)
}
