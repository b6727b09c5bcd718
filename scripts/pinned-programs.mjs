/**
 * The very Prometheus and Alertmanager that `docker-compose.yml` pins, built with Go from their modules: no image
 * registry and no download page is needed, only the Go module proxy. They are kept, because building takes minutes.
 *
 * Plain JavaScript without packages: it runs before there are any.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where what is expensive to make is kept between runs, and between checkouts. */
export const KEPT = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rtmp-hmonitor')

/** @typedef {{image: string, version: string}} PinnedImage */

/**
 * The images of others that Compose starts, by the last part of their name: `prometheus`, `alertmanager`, `grafana`.
 *
 * @param {string} [compose] what stands in docker-compose.yml
 * @returns {Record<string, PinnedImage>}
 */
export function pinnedImages(compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8')) {
  const lines = compose.matchAll(/^ +image: (?<image>[\w.-]+\/(?<name>[\w-]+):v?(?<version>\d+\.\d+\.\d+)\S*)$/gm)
  return Object.fromEntries(
    [...lines].map(({ groups: { image = '', name = '', version = '' } = {} }) => [name, { image, version }]),
  )
}

/**
 * What one image holds of programs: the names they have on Debian, the package of each, and the module they are in.
 *
 * @param {Record<string, PinnedImage>} images
 */
function programsOf({ prometheus, alertmanager }) {
  const [major, minor, patch] = prometheus.version.split('.')
  return [
    {
      name: 'prometheus',
      version: prometheus.version,
      // The third major version is published as v0.3MM.P, because a module of version 3 would need another path.
      module: 'github.com/prometheus/prometheus',
      tag: `v0.${major}${minor.padStart(2, '0')}.${patch}`,
      commands: { prometheus: 'cmd/prometheus', promtool: 'cmd/promtool' },
      embedded: [],
    },
    {
      name: 'alertmanager',
      version: alertmanager.version,
      module: 'github.com/prometheus/alertmanager',
      tag: `v${alertmanager.version}`,
      commands: { 'prometheus-alertmanager': 'cmd/alertmanager', amtool: 'cmd/amtool' },
      // Its web page is made by a release and is not in the module; without the file it does not compile.
      embedded: ['ui/app/dist/index.html'],
    },
  ]
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
function go(folder, ...args) {
  // Without cgo, so that the programs run in an image without a C library, as those of the makers do.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '' }
  const { status, error, stdout, stderr } = spawnSync('go', args, { cwd: folder, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`go ${args.join(' ')} failed:\n${error?.message ?? stdout + stderr}`.trim())
}

/**
 * @param {string} folder empty
 * @param {ReturnType<typeof programsOf>[number]} programs
 */
function build(folder, { version, module, tag, commands, embedded }) {
  go(folder, 'mod', 'init', 'rtmp-hmonitor/pinned')
  const packages = Object.values(commands).map((path) => `${module}/${path}`)
  go(folder, 'get', '-tool', ...packages.map((path) => `${path}@${tag}`))
  if (embedded.length > 0) go(folder, 'mod', 'vendor', '-e')
  for (const file of embedded) {
    const path = join(folder, 'vendor', module, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  }
  const said = `-s -w -X github.com/prometheus/common/version.Version=${version}`
  for (const [name, path] of Object.entries(commands)) {
    const mode = embedded.length > 0 ? 'vendor' : 'mod'
    go(folder, 'build', `-mod=${mode}`, '-trimpath', '-ldflags', said, '-o', join('bin', name), `${module}/${path}`)
  }
}

/** Whether there is a Go to build them with. */
export const canBuildPinned = () => spawnSync('go', ['version']).status === 0

/**
 * Builds what is not yet there. The first time takes six minutes on two cores.
 *
 * @param {(line: string) => void} say
 * @returns {Record<string, {version: string, folder: string}>} for each image the folder with its programs, named as
 *   Debian names them: prometheus, promtool, prometheus-alertmanager, amtool
 */
export function pinnedPrograms(say) {
  const built = programsOf(pinnedImages()).map((programs) => {
    const { name, version, commands } = programs
    const place = join(KEPT, 'pinned', `${name}-${version}`)
    const folder = join(place, 'bin')
    if (!Object.keys(commands).every((command) => existsSync(join(folder, command)))) {
      if (!canBuildPinned()) {
        throw new Error(`${name} ${version} is built with Go, and there is no go on the PATH. See https://go.dev/dl`)
      }
      say(`building ${name} ${version} with Go; this takes minutes, once …`)
      mkdirSync(dirname(place), { recursive: true })
      const scratch = mkdtempSync(`${place}-`)
      try {
        build(scratch, programs)
        // Its sources are large, and Go keeps them anyway.
        rmSync(join(scratch, 'vendor'), { recursive: true, force: true })
        rmSync(place, { recursive: true, force: true })
        renameSync(scratch, place)
      } finally {
        rmSync(scratch, { recursive: true, force: true })
      }
    }
    return [name, { version, folder }]
  })
  return Object.fromEntries(built)
}
