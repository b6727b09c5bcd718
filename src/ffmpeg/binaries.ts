import { createRequire } from 'node:module'
import { MonitorError } from '../observation/errors.ts'
import { type Program, ProgramFinder } from './program.ts'

/** An ffprobe that was run once and can be used. */
export type FfprobeBinary = Program

/** libavformat's major version since FFmpeg 5.0, the first that prints `pts_time` for packets as it is read here. */
const OLDEST_LIBAVFORMAT = 59
const OLDEST_VERSION = '5.0'

const ffprobeFinder = new ProgramFinder({
  name: 'ffprobe',
  variable: 'FFPROBE_PATH',
  code: 'no-ffprobe',
  namedIn: 'in the node or in FFPROBE_PATH',
  lacks: async (about) => {
    const libavformat = Number(/^\s*libavformat\s+(\d+)\./m.exec(about)?.[1] ?? 0)
    return libavformat < OLDEST_LIBAVFORMAT ? `at least ${OLDEST_VERSION} is needed` : null
  },
})

/**
 * Finds the ffprobe to use: the configured path, else FFPROBE_PATH, else the first on PATH, and asks it once for its
 * version and protocols. The answer is kept as long as the file is the same.
 *
 * @throws MonitorError `no-ffprobe`: there is none, or it is not executable, no ffprobe, too old, broken or hangs
 */
export function findFfprobe(configured?: string, env: NodeJS.ProcessEnv = process.env): Promise<FfprobeBinary> {
  return ffprobeFinder.find(configured, env)
}

/** The packages by which the application brings a static build. They throw on a platform for which they have none. */
const PACKAGES = { ffprobe: '@ffprobe-installer/ffprobe', ffmpeg: '@ffmpeg-installer/ffmpeg' } as const

/** The path of the static build that came with the application; null where there is none. */
export function broughtProgram(name: keyof typeof PACKAGES): string | null {
  try {
    return (createRequire(import.meta.url)(PACKAGES[name]) as { path: string }).path
  } catch {
    return null
  }
}

/**
 * The ffprobe that reads streams, one and the same for a watch, an inspection and the command line: as `findFfprobe`
 * finds it, else, where none is named and the one on PATH cannot be used, the one that came with the application.
 *
 * @throws MonitorError as `findFfprobe`
 */
export async function chooseFfprobe(configured?: string, env: NodeJS.ProcessEnv = process.env): Promise<FfprobeBinary> {
  const brought = configured || env.FFPROBE_PATH ? null : broughtProgram('ffprobe')
  try {
    return await findFfprobe(configured, env)
  } catch (error) {
    const isUnusable = error instanceof MonitorError && error.code === 'no-ffprobe'
    const instead = isUnusable && brought !== null ? await findFfprobe(brought, env).catch(() => null) : null
    if (instead === null) throw error
    return instead
  }
}

/** An ffmpeg that was run once and can check content. */
export type FfmpegBinary = Program

/**
 * What content checks use of ffmpeg, and how its help shows that it is there. Debian's 5.1.9 and a static 7.0.2 have all
 * of it; the 4.1 of `@ffmpeg-installer` lacks `setts` and `direct`.
 */
const NEEDED: readonly { what: string; help: string; shows: RegExp }[] = [
  { what: 'the bitstream filter setts with duration', help: 'bsf=setts', shows: /^\s*-?duration\s/m },
  { what: 'the filter metadata with direct', help: 'filter=metadata', shows: /^\s*-?direct\s/m },
  { what: 'the filter blackdetect', help: 'filter=blackdetect', shows: /^\s*-?pixel_black_th\s/m },
  { what: 'the filter freezedetect', help: 'filter=freezedetect', shows: /^\s*-?noise\s/m },
  { what: 'the filter ebur128', help: 'filter=ebur128', shows: /^\s*-?metadata\s/m },
  { what: 'the filter astats with measure_perchannel', help: 'filter=astats', shows: /^\s*-?measure_perchannel\s/m },
]

const FFMPEG = { name: 'ffmpeg', variable: 'FFMPEG_PATH', code: 'no-ffmpeg', namedIn: 'in FFMPEG_PATH' } as const

const ffmpegFinder = new ProgramFinder({
  ...FFMPEG,
  lacks: async (_about, ask) => {
    const helps = await Promise.all(NEEDED.map(({ help }) => ask(['-hide_banner', '-h', help])))
    const missing = NEEDED.filter(({ shows }, index) => !shows.test(helps[index] ?? '')).map(({ what }) => what)
    if (missing.length === 0) return null
    return `content checks need what it does not have (${missing.join(', ')}): 5.1 or newer has it`
  },
})

/**
 * Finds the ffmpeg for content checks: the configured path, else FFMPEG_PATH, else the first on PATH, and asks it once
 * what it can. The answer is kept as long as the file is the same.
 *
 * @throws MonitorError `no-ffmpeg`: there is none, or it is not executable, no ffmpeg, too old, broken or hangs
 */
export function findFfmpeg(configured?: string, env: NodeJS.ProcessEnv = process.env): Promise<FfmpegBinary> {
  return ffmpegFinder.find(configured, env)
}

const decoderFinder = new ProgramFinder({ ...FFMPEG, lacks: async () => null })

/**
 * The ffmpeg that makes a picture of a key frame, of any version: FFMPEG_PATH, else the first on PATH, else the one that came
 * with the application.
 *
 * @throws MonitorError `no-ffmpeg`: there is none that can be run
 */
export async function findDecoder(env: NodeJS.ProcessEnv = process.env): Promise<FfmpegBinary> {
  try {
    return await decoderFinder.find(undefined, env)
  } catch (error) {
    const brought = env.FFMPEG_PATH ? null : broughtProgram('ffmpeg')
    if (brought === null) throw error
    return decoderFinder.find(brought, env)
  }
}
