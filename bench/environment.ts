import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import os from 'node:os'

/** The build that the application brings, with which earlier figures were taken, else ffprobe from PATH. */
export function findStaticFfprobe(): string {
  try {
    const installer: unknown = createRequire(import.meta.url)('@ffprobe-installer/ffprobe')
    const hasPath = typeof installer === 'object' && installer !== null && 'path' in installer
    return hasPath ? String(installer.path) : 'ffprobe'
  } catch {
    return 'ffprobe'
  }
}

/** Lines on the machine and the programs of a run. */
export function environment(ffprobe: string, ffmpeg: string): string[] {
  const load = os.loadavg().map((one) => one.toFixed(2))
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${revision()}`,
    `${os.cpus().length} cores, ${os.cpus()[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ` +
      `${os.type()} ${os.release()}, Node.js ${process.versions.node}`,
    `watched with ${version(ffprobe)}`,
    `beside bare readers of ${version(ffmpeg)}`,
    `load average before the run ${load.join(', ')}`,
  ]
}

function revision(): string {
  try {
    const head = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname })
    return `revision ${head.trim()}`
  } catch {
    return 'not in a Git checkout'
  }
}

function version(program: string): string {
  return (
    execFileSync(program, ['-version'], { encoding: 'utf8' })
      .split(/ Copyright| https?:/)[0]
      ?.trim() ?? program
  )
}
