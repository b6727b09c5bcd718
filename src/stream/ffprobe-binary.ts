import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { MonitorError } from '../observation/errors.ts'

/** An ffprobe that was run once and can be used. */
export interface FfprobeBinary {
  path: string
  /** As it names itself: `5.1.9-0+deb12u1`, or `N-66595-gc2b38619c0` of a build from git. */
  version: string
  /** What it can read from: `rtmp`, `srt` … */
  protocols: ReadonlySet<string>
  /**
   * Whether it can look up host names. Statically linked builds for Linux often crash when they do, because they load
   * parts of the system's C library (measured with the build of `@ffprobe-installer/linux-x64`).
   */
  resolvesNames: boolean
}

/** libavformat's major version since FFmpeg 5.0, the first that prints `pts_time` for packets as it is read here. */
const OLDEST_LIBAVFORMAT = 59
const OLDEST_VERSION = '5.0'
/** Seconds. A busy small machine needs 2 s to load Debian's build with its hundreds of libraries. */
const PATIENCE = 15
/** Seconds. */
const FAILURE_KEPT = 10
const GET_IT =
  'Install FFmpeg (on Debian: apt-get install ffmpeg), or name another ffprobe in the node or in FFPROBE_PATH'

const known = new Map<string, { stamp: string; found: Promise<FfprobeBinary> }>()

/**
 * Finds the ffprobe to use: the configured path, else FFPROBE_PATH, else the first on PATH, and asks it once for its
 * version and protocols. The answer is kept as long as the file is the same.
 *
 * @throws MonitorError `no-ffprobe`: there is none, or it is not executable, no ffprobe, too old, broken or hangs
 */
export async function findFfprobe(configured?: string, env: NodeJS.ProcessEnv = process.env): Promise<FfprobeBinary> {
  const file = await locate(configured, env)
  const { mtimeMs, size } = await stat(file)
  const stamp = `${mtimeMs} ${size}`
  const earlier = known.get(file)
  if (earlier?.stamp === stamp) return earlier.found
  const found = examine(file)
  known.set(file, { stamp, found })
  // A failure may be the machine's and pass, so it is tried again; not at once, for a hundred streams may ask.
  found.catch(() => setTimeout(() => known.delete(file), FAILURE_KEPT * 1000).unref())
  return found
}

async function locate(configured: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  if (configured) return named(configured, 'the configured path', env)
  if (env.FFPROBE_PATH) return named(env.FFPROBE_PATH, 'FFPROBE_PATH', env)
  const file = await onPath('ffprobe', env)
  if (file !== null) return file
  throw new MonitorError('no-ffprobe', `There is no ffprobe on PATH. ${GET_IT}.`)
}

/** A path, or the bare name of a program on PATH. Symbolic links stay: snap and busybox tell programs by their name. */
async function named(name: string, origin: string, env: NodeJS.ProcessEnv): Promise<string> {
  const file = path.basename(name) === name ? await onPath(name, env) : path.resolve(name)
  const exists = file !== null && (await access(file).then(...YES_OR_NO))
  if (!exists) throw new MonitorError('no-ffprobe', `There is no ${name} (from ${origin}). ${GET_IT}.`)
  if (await isExecutable(file)) return file
  throw new MonitorError(
    'no-ffprobe',
    `${name} (from ${origin}) is no file that this user may execute. Make it executable (chmod +x), or name another.`,
  )
}

async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute)) {
    const file = path.join(folder, process.platform === 'win32' && !name.includes('.') ? `${name}.exe` : name)
    if (await isExecutable(file)) return file
  }
  return null
}

const YES_OR_NO = [() => true, () => false] as const

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

async function examine(file: string): Promise<FfprobeBinary> {
  const [about, protocols, resolvesNames] = await Promise.all([
    run(file, ['-hide_banner', '-version']),
    run(file, ['-hide_banner', '-protocols']),
    canResolveNames(file),
  ])
  const version = /^ffprobe version (\S+)/m.exec(about)?.[1]
  if (version === undefined) {
    throw new MonitorError(
      'no-ffprobe',
      `${file} does not answer as ffprobe does when asked for its version. ${GET_IT}.`,
    )
  }
  const libavformat = Number(/^\s*libavformat\s+(\d+)\./m.exec(about)?.[1] ?? 0)
  if (libavformat < OLDEST_LIBAVFORMAT) {
    throw new MonitorError(
      'no-ffprobe',
      `${file} is ffprobe ${version}, and at least ${OLDEST_VERSION} is needed. ${GET_IT}.`,
    )
  }
  return { path: file, version: version.replace(/-static$/, ''), protocols: inputsOf(protocols), resolvesNames }
}

/** The names under `Input:` of what `-protocols` prints. */
function inputsOf(text: string): ReadonlySet<string> {
  const inputs = /^Input:\s*$([\s\S]*?)(?:^Output:|(?![\s\S]))/m.exec(text)?.[1] ?? ''
  return new Set(inputs.split(/\s+/).filter((name) => name !== ''))
}

/** A lookup of `localhost`, which needs no network: it ends in an error, or the process crashes. */
async function canResolveNames(file: string): Promise<boolean> {
  const { isTerminated, signal } = await execa(file, ['-v', 'quiet', '-rw_timeout', '1000000', 'tcp://localhost:1'], {
    ...BOUNDS,
    reject: false,
  })
  return !(isTerminated && signal !== 'SIGKILL' && signal !== 'SIGTERM')
}

const BOUNDS = {
  stdin: 'ignore',
  timeout: PATIENCE * 1000,
  killSignal: 'SIGKILL',
  killDescendants: true,
  maxBuffer: 256 * 1024,
} as const

async function run(file: string, args: readonly string[]): Promise<string> {
  const result = await execa(file, args, { ...BOUNDS, reject: false })
  if (result.timedOut) {
    throw new MonitorError(
      'no-ffprobe',
      `${file} does not answer within ${PATIENCE} s when asked for its version. ${GET_IT}.`,
    )
  }
  if (result.failed) {
    const how = result.isTerminated
      ? `was ended by ${result.signal}`
      : `ended with code ${result.exitCode ?? result.code}`
    throw new MonitorError('no-ffprobe', `${file} ${how} when asked for its version. ${GET_IT}.`)
  }
  return result.stdout
}
