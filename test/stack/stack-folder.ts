import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configure } from '../../app/stack/configure.ts'

export interface StackFolder {
  /** Folder with the `.env`. */
  readonly project: string
  /** What the stack's `config` wrote, a folder for each part. */
  readonly out: string
  /** What it said. */
  readonly said: string[]
  /** Runs it once more, as the next start of the stack does. */
  again(): void
  remove(): void
}

/**
 * Runs the stack's `config` over a `.env` of these variables, as Compose does before the others start.
 *
 * @param places `STACK_MONITOR` and so on, where the others are not where Compose has them
 * @throws what it throws
 */
export function configureStack(env: Record<string, string>, places: Record<string, string> = {}): StackFolder {
  const path = mkdtempSync(join(tmpdir(), 'hmonitor-stack-'))
  const remove = () => rmSync(path, { recursive: true, force: true })
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(join(path, '.env'), lines.join(''))
  const said: string[] = []
  const out = join(path, 'config')
  const again = () => configure({ STACK_PROJECT: path, STACK_OUT: out, ...places }, (line) => said.push(line))
  try {
    again()
  } catch (error) {
    remove()
    throw error
  }
  return { project: path, out, said, again, remove }
}

/** Runs amtool. Resolves with its exit code and what it wrote. */
export function amtool(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    execFile('amtool', args, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        reject(new Error('The test needs amtool. Install it: apt-get install prometheus-alertmanager'))
      } else resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` })
    })
  })
}
