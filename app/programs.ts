import { basename } from 'node:path'
import { broughtProgram, findFfprobe } from '../src/ffmpeg/binaries.ts'
import { onPath } from '../src/ffmpeg/program.ts'
import { startChild } from '../src/programs/child.ts'

export type ProgramName = 'ffprobe' | 'ffmpeg'

/** What to do where there is none. */
export const HOW_TO_GET: Record<ProgramName, string> = {
  ffprobe: 'Install FFmpeg (Debian: apt-get install ffmpeg) or set FFPROBE_PATH.',
  ffmpeg: 'Install FFmpeg (Debian: apt-get install ffmpeg) or set FFMPEG_PATH.',
}

export type Program =
  | { found: true; path: string; version: string; from: 'configured' | 'package' | 'PATH' }
  | { found: false; reason: string }

/**
 * The program to use: the configured one, else the system's own, which gets security updates, else the static build that
 * the application brings. The system's is passed over where it cannot do what is asked of it. A configured one that does
 * not run is not replaced by another.
 */
export async function findProgram(
  name: ProgramName,
  configured: string | null,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Program> {
  const usable = name === 'ffprobe' ? usableFfprobe : usableFfmpeg
  if (configured !== null) {
    const found = await usable(configured, env)
    if (found !== null) return { found: true, ...found, from: 'configured' }
    return { found: false, reason: `${name.toUpperCase()}_PATH is ${configured}, which cannot be run as ${name}.` }
  }
  const brought = broughtProgram(name)
  for (const [path, from] of [[name, 'PATH'] as const, [brought, 'package'] as const]) {
    const found = path === null ? null : await usable(path, env)
    if (found !== null) return { found: true, ...found, from }
  }
  return { found: false, reason: `There is no ${name}, neither on PATH nor among the packages.` }
}

type Usable = { path: string; version: string }

/** New enough for the packets to be read. */
async function usableFfprobe(file: string, env: NodeJS.ProcessEnv): Promise<Usable | null> {
  const found = await findFfprobe(file, env).catch(() => null)
  return found && { path: found.path, version: found.version }
}

/** Able to make the demo's clips: builds without licences for it have no H.264. */
async function usableFfmpeg(name: string, env: NodeJS.ProcessEnv): Promise<Usable | null> {
  const file = basename(name) === name ? await onPath(name, env) : name
  if (file === null) return null
  const [about, encoders] = await Promise.all([answer(file, ['-version']), answer(file, ['-encoders'])])
  const version = /^ffmpeg version (\S+)/.exec(about)?.[1]
  const isAble = /\blibx264\b/.test(encoders) && /\baac\b/.test(encoders)
  return version !== undefined && isAble ? { path: file, version } : null
}

/** Milliseconds: a busy small machine needs 2 s to load Debian's build with its hundreds of libraries. */
const PATIENCE = 15_000

async function answer(file: string, args: readonly string[]): Promise<string> {
  const program = { file, args: ['-hide_banner', ...args], memory: 'inspection' } as const
  const options = { stdin: 'ignore', timeout: PATIENCE, killSignal: 'SIGKILL', reject: false } as const
  const { stdout } = await startChild(program, options).process
  return stdout
}
