import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import os from 'node:os'

/** The programs and the machine that a run used. */
export interface Environment {
  ffprobe: string
  ffmpeg: string
  lines: readonly string[]
}

/** ffprobe is the static build that the application brings, the bare reader is ffmpeg from PATH. */
export function environment(): Environment {
  const installer: unknown = createRequire(import.meta.url)('@ffprobe-installer/ffprobe')
  const hasPath = typeof installer === 'object' && installer !== null && 'path' in installer
  const ffprobe = hasPath ? String(installer.path) : 'ffprobe'
  const ffmpeg = 'ffmpeg'
  return {
    ffprobe,
    ffmpeg,
    lines: [
      `${os.cpus().length} cores, ${os.cpus()[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ` +
        `${os.type()} ${os.release()}, Node.js ${process.versions.node}`,
      `watched with ${version(ffprobe)}`,
      `beside bare readers of ${version(ffmpeg)}`,
      `load average before the run ${os
        .loadavg()
        .map((load) => load.toFixed(2))
        .join(', ')}`,
    ],
  }
}

function version(program: string): string {
  return (
    execFileSync(program, ['-version'], { encoding: 'utf8' })
      .split(/ Copyright| https?:/)[0]
      ?.trim() ?? program
  )
}
