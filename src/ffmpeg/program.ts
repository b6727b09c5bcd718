import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import { explainShortage, startChild } from '../programs/child.ts'

/** A program of FFmpeg that was run once and can be used. */
export interface Program {
  path: string
  /** As it names itself: `5.1.9-0+deb12u1`, or `N-66595-gc2b38619c0` of a build from git. */
  version: string
  /** The version of its libavformat, as 59.027 of 59.27.100: what it can read does not show in the other one. */
  libavformat: number
  /** What it can read from: `rtmp`, `srt` … */
  protocols: ReadonlySet<string>
  /**
   * Whether it can look up host names. Statically linked builds for Linux often crash when they do, because they load
   * parts of the system's C library (measured with the build of `@ffprobe-installer/linux-x64`).
   */
  resolvesNames: boolean
  /** Whether it can be told an address by its standard input, in a list (`told-input.ts`). Small builds may not have it. */
  readsLists: boolean
}

/** What is special about finding one of FFmpeg's programs. */
interface ProgramKind {
  name: 'ffprobe' | 'ffmpeg'
  /** The environment variable that may name it. */
  variable: 'FFPROBE_PATH' | 'FFMPEG_PATH'
  code: 'no-ffprobe' | 'no-ffmpeg'
  /** Where a user may name another: `in FFMPEG_PATH`. */
  namedIn: string
  /**
   * What it lacks of what is asked of it, as `at least 5.0 is needed`; null when it will do.
   *
   * @param about what it prints when asked for its version
   * @param ask runs it with other arguments
   */
  lacks(about: string, ask: (args: readonly string[]) => Promise<string>): Promise<string | null>
}

/** Seconds. A busy small machine needs 2 s to load Debian's build with its hundreds of libraries. */
const PATIENCE = 15
/** Seconds. */
const FAILURE_KEPT = 10

/**
 * Finds a program: the configured path, else the environment's, else the first on PATH, and asks it once what it can.
 * The answer is kept as long as the file is the same.
 */
export class ProgramFinder {
  readonly #kind: ProgramKind
  readonly #known = new Map<string, { stamp: string; found: Promise<Program> }>()

  constructor(kind: ProgramKind) {
    this.#kind = kind
  }

  /** @throws MonitorError the kind's code: there is none, or it is not executable, another program, too old or hangs */
  async find(configured: string | undefined, env: NodeJS.ProcessEnv): Promise<Program> {
    const file = await this.#locate(configured, env)
    const { mtimeMs, size } = await stat(file)
    const stamp = `${mtimeMs} ${size}`
    const earlier = this.#known.get(file)
    if (earlier?.stamp === stamp) return earlier.found
    const found = this.#examine(file)
    this.#known.set(file, { stamp, found })
    // A failure may be the machine's and pass, so it is tried again; not at once, for a hundred streams may ask.
    found.catch(() =>
      setTimeout(
        guarded('program lookup', () => this.#known.delete(file)),
        FAILURE_KEPT * 1000,
      ).unref(),
    )
    return found
  }

  #refusal(what: string): MonitorError {
    const { name, namedIn, code } = this.#kind
    const getIt = `Install FFmpeg (on Debian: apt-get install ffmpeg), or name another ${name} ${namedIn}`
    return new MonitorError(code, `${what}. ${getIt}.`)
  }

  async #locate(configured: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
    const { name, variable } = this.#kind
    const fromEnv = env[variable]
    if (configured) return this.#named(configured, 'the configured path', env)
    if (fromEnv) return this.#named(fromEnv, variable, env)
    const file = await onPath(name, env)
    if (file !== null) return file
    throw this.#refusal(`There is no ${name} on PATH`)
  }

  /** A path, or the bare name of a program on PATH. Symbolic links stay: snap and busybox tell programs by their name. */
  async #named(name: string, origin: string, env: NodeJS.ProcessEnv): Promise<string> {
    const file = path.basename(name) === name ? await onPath(name, env) : path.resolve(name)
    const exists = file !== null && (await access(file).then(...YES_OR_NO))
    if (!exists) throw this.#refusal(`There is no ${name} (from ${origin})`)
    if (await isExecutable(file)) return file
    throw new MonitorError(
      this.#kind.code,
      `${name} (from ${origin}) is no file that this user may execute. Make it executable (chmod +x), or name another.`,
    )
  }

  async #examine(file: string): Promise<Program> {
    const ask = (args: readonly string[]) => this.#run(file, args)
    const [about, protocols, resolvesNames] = await Promise.all([
      ask(['-hide_banner', '-version']),
      ask(['-hide_banner', '-protocols']),
      canResolveNames(file),
    ])
    const { name } = this.#kind
    const version = new RegExp(`^${name} version (\\S+)`, 'm').exec(about)?.[1]
    if (version === undefined) {
      throw this.#refusal(`${file} does not answer as ${name} does when asked for its version`)
    }
    const lacking = await this.#kind.lacks(about, ask)
    if (lacking !== null) throw this.#refusal(`${file} is ${name} ${version}, and ${lacking}`)
    const [, major = '0', minor = '0'] = /^\s*libavformat\s+(\d+)\.\s*(\d+)/m.exec(about) ?? []
    return {
      ...{ path: file, version: version.replace(/-static$/, ''), libavformat: Number(major) + Number(minor) / 1000 },
      ...{ protocols: inputsOf(protocols), resolvesNames, readsLists: await canReadLists(file) },
    }
  }

  async #run(file: string, args: readonly string[]): Promise<string> {
    const result = await ask(file, args)
    if (result.timedOut) throw this.#refusal(`${file} does not answer within ${PATIENCE} s when asked for its version`)
    if (!result.failed) return result.stdout
    const how = result.isTerminated
      ? `was ended by ${result.signal}`
      : `ended with code ${result.exitCode ?? result.code}`
    throw this.#refusal(`${file} ${how} when asked for its version`)
  }
}

const BOUNDS = {
  stdin: 'ignore',
  timeout: PATIENCE * 1000,
  killSignal: 'SIGKILL',
  killDescendants: true,
  maxBuffer: 256 * 1024,
  reject: false,
} as const

/** @throws MonitorError `no-resources`: the system cannot start it now, which says nothing about it */
async function ask(file: string, args: readonly string[]) {
  const result = await startChild({ file, args, memory: 'inspection' }, BOUNDS).process
  const shortage = explainShortage(result.code)
  if (shortage === null) return result
  throw new MonitorError('no-resources', `${path.basename(file)} could not be started: ${shortage}.`)
}

/** The first executable file of a name in the folders of PATH. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
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

/** The names under `Input:` of what `-protocols` prints. */
function inputsOf(text: string): ReadonlySet<string> {
  const inputs = /^Input:\s*$([\s\S]*?)(?:^Output:|(?![\s\S]))/m.exec(text)?.[1] ?? ''
  return new Set(inputs.split(/\s+/).filter((name) => name !== ''))
}

/** A lookup of `localhost`, which needs no network: it ends in an error, or the process crashes. */
async function canResolveNames(file: string): Promise<boolean> {
  const lookup = ['-v', 'quiet', '-rw_timeout', '1000000', '-i', 'tcp://localhost:1']
  const { isTerminated, signal } = await ask(file, lookup)
  return !(isTerminated && signal !== 'SIGKILL' && signal !== 'SIGTERM')
}

async function canReadLists(file: string): Promise<boolean> {
  const { stdout } = await ask(file, ['-hide_banner', '-h', 'demuxer=concat'])
  return /^\s*-?auto_convert\s/m.test(stdout)
}
