import { type Program, ProgramFinder } from './program.ts'

/** An ffprobe that was run once and can be used. */
export type FfprobeBinary = Program

/** libavformat's major version since FFmpeg 5.0, the first that prints `pts_time` for packets as it is read here. */
const OLDEST_LIBAVFORMAT = 59
const OLDEST_VERSION = '5.0'

const finder = new ProgramFinder({
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
  return finder.find(configured, env)
}
