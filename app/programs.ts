import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)
const run = promisify(execFile)

export type ProgramName = 'ffprobe' | 'ffmpeg'

/** The packages that bring a static build. They throw on a platform for which they have none. */
const PACKAGES: Record<ProgramName, string> = {
  ffprobe: '@ffprobe-installer/ffprobe',
  ffmpeg: '@ffmpeg-installer/ffmpeg',
}

/** What to do where there is none. */
export const HOW_TO_GET: Record<ProgramName, string> = {
  ffprobe: 'Install FFmpeg (Debian: apt-get install ffmpeg) or set FFPROBE_PATH.',
  ffmpeg: 'Install FFmpeg (Debian: apt-get install ffmpeg) or set FFMPEG_PATH.',
}

export type Program =
  | { found: true; path: string; version: string; from: 'configured' | 'package' | 'PATH' }
  | { found: false; reason: string }

/**
 * The program to use: the configured one, else the static build that the application brings, else the one on PATH.
 * A configured one that does not run is not replaced by another.
 */
export async function findProgram(name: ProgramName, configured: string | null): Promise<Program> {
  if (configured !== null) {
    const version = await versionOf(configured, name)
    if (version !== null) return { found: true, path: configured, version, from: 'configured' }
    return { found: false, reason: `${name.toUpperCase()}_PATH is ${configured}, which cannot be run as ${name}.` }
  }
  const brought = pathInPackage(name)
  for (const [path, from] of [[brought, 'package'] as const, [name, 'PATH'] as const]) {
    const version = path === null ? null : await versionOf(path, name)
    if (path !== null && version !== null) return { found: true, path, version, from }
  }
  return { found: false, reason: `There is no ${name}, neither among the packages nor on PATH.` }
}

function pathInPackage(name: ProgramName): string | null {
  try {
    return (require(PACKAGES[name]) as { path: string }).path
  } catch {
    return null
  }
}

async function versionOf(path: string, name: ProgramName): Promise<string | null> {
  try {
    const { stdout } = await run(path, ['-hide_banner', '-version'], { timeout: 10_000 })
    const [, version = null] = new RegExp(`^${name} version (\\S+)`).exec(stdout) ?? []
    return version
  } catch {
    return null
  }
}
