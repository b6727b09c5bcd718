/**
 * What of `node_modules` the image holds: the packages that the application can come to load, and of these no source
 * maps and no types.
 *
 *   node scripts/image-packages.mjs     removes all else from this checkout; for the Dockerfile alone
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Dependencies that a package names and the image can do without.
 *
 * @type {Record<string, readonly string[]>}
 */
const LEFT_OUT = {
  // The image has its own Node.js and FFmpeg; these static builds are older and, the FFmpeg, under the GPL.
  '@rtmp-hmonitor/app': ['node', '@ffmpeg-installer/ffmpeg', '@ffprobe-installer/ffprobe'],
  // Its pages are built: these are in them, and nothing of it loads them here.
  '@flowfuse/node-red-dashboard': ['acorn', 'core-js', 'd3', 'echarts', 'escodegen', 'vue'],
}

/** Of no use to a program that runs. */
const LEFT_OUT_FILES = /\.(?:map|d\.[cm]?ts)$/

/**
 * The packages that the application can come to load.
 *
 * @param {string} folder that holds package.json, app/ and node_modules/
 * @returns {string[]} their folders, from there
 */
export function imagePackages(folder) {
  /** @type {Set<string>} */
  const found = new Set()
  /** @param {string} place of a package, from the folder */
  const follow = (place) => {
    const about = JSON.parse(readFileSync(join(folder, place, 'package.json'), 'utf8'))
    const leftOut = LEFT_OUT[about.name] ?? []
    const names = Object.keys({ ...about.dependencies, ...about.optionalDependencies })
    for (const name of names.filter((each) => !leftOut.includes(each))) {
      const next = placeOf(folder, place, name)
      // What is optional may be missing.
      if (next === null || found.has(next)) continue
      found.add(next)
      follow(next)
    }
  }
  follow('')
  follow('app')
  return [...found].sort()
}

/**
 * Where a package finds another, as Node.js looks for it.
 *
 * @param {string} folder
 * @param {string} from
 * @param {string} name
 */
function placeOf(folder, from, name) {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name)
    if (existsSync(join(folder, place, 'package.json'))) return place
    if (at === '' || at === '.') return null
  }
}

/**
 * Removes the packages below a `node_modules` that are not kept, and of the others what no program needs.
 *
 * @param {string} folder that holds package.json
 * @param {string} modules `node_modules` of it or of a package, or the folder of a scope in there
 * @param {ReadonlySet<string>} kept
 */
function sweep(folder, modules, kept) {
  if (!existsSync(join(folder, modules))) return
  for (const entry of readdirSync(join(folder, modules), { withFileTypes: true })) {
    const place = join(modules, entry.name)
    // The names of workspaces are links to folders that stay.
    if (entry.isSymbolicLink()) continue
    if (entry.name.startsWith('@')) {
      sweep(folder, place, kept)
      if (readdirSync(join(folder, place)).length === 0) rmSync(join(folder, place), { recursive: true })
    } else if (kept.has(place)) sweepPackage(folder, place, kept)
    else rmSync(join(folder, place), { recursive: true })
  }
}

/**
 * @param {string} folder
 * @param {string} place of the package or of a folder in it
 * @param {ReadonlySet<string>} kept
 */
function sweepPackage(folder, place, kept) {
  for (const entry of readdirSync(join(folder, place), { withFileTypes: true })) {
    const path = join(place, entry.name)
    if (entry.name === 'node_modules') sweep(folder, path, kept)
    else if (entry.isDirectory()) sweepPackage(folder, path, kept)
    else if (LEFT_OUT_FILES.test(entry.name)) rmSync(join(folder, path))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kept = new Set(imagePackages(root))
  for (const modules of ['node_modules', 'app/node_modules']) sweep(root, modules, kept)
}
