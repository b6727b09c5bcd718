import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { MonitorError } from '../observation/errors.ts'
import { type Fingerprint, readSmallFile } from '../storage/small-file.ts'
import { VARIABLE_NAME } from './placeholder.ts'

/** The environment, or what a test gives for it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable, trimmed; empty where it is not set. */
export function variable(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? ''
}

/**
 * Where the value of a secret stands: in `NAME` itself, or in the file that `NAME_FILE` names; null where neither is
 * set. Empty counts as not set, as Compose passes it.
 *
 * @throws MonitorError `missing-variable` where both are set: they may differ, and nobody could see which one counts
 */
export function sourceOf(environment: Environment, name: string): { value: string } | { file: string } | null {
  const [value, file] = [variable(environment, name), variable(environment, `${name}_FILE`)]
  if (value !== '' && file !== '') throw missing(`both ${name} and ${name}_FILE are set; set only one`)
  return value !== '' ? { value } : file !== '' ? { file } : null
}

/**
 * The value of a secret, empty where it is not set. A file is read anew each time, so that a secret can be changed
 * without a restart.
 *
 * @param folder what the path is relative to
 * @throws MonitorError as `sourceOf`, and `unreadable-file`: what should be there and is not must not count as not set
 */
export function secretVariable(environment: Environment, name: string, folder = ''): string {
  const source = sourceOf(environment, name)
  if (source === null || 'value' in source) return source?.value ?? ''
  let text: string
  try {
    text = readFileSync(resolve(folder, source.file), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw unreadable(name, `${source.file} cannot be read (${code ?? 'unknown error'})`)
  }
  return contentOf(name, source.file, text)
}

/** The same for what is asked for while the monitor works: a file on a drive that hangs holds nothing up. */
export async function readSecretVariable(environment: Environment, name: string): Promise<string> {
  const source = sourceOf(environment, name)
  if (source === null || 'value' in source) return source?.value ?? ''
  const { content } = await readSmallFile(source.file, LARGEST_FILE)
  if ('error' in content) throw unreadable(name, `${source.file} ${content.error.message}`)
  return contentOf(name, source.file, content.text)
}

function contentOf(name: string, file: string, text: string): string {
  const value = text.trim()
  if (value === '') throw unreadable(name, `${file} is empty`)
  return value
}

function unreadable(name: string, what: string): MonitorError {
  return new MonitorError('unreadable-file', `${name}_FILE: ${what}`)
}

/** What a look at all `${NAME}` found. */
export interface Resolution {
  values: Map<string, string>
  /** Names without a value. */
  missing: Map<string, MonitorError>
  /** Names whose file cannot be read now; `values` holds what it said last. */
  outdated: Map<string, MonitorError>
  /** The files that values come from, as they were read. */
  files: Map<string, Fingerprint>
}

const LARGEST_FILE = 64 * 1024
const LONGEST_VALUE = 4096

/** Finds the values of `${NAME}`: in the environment, or in the file that NAME_FILE names. */
export class Variables {
  readonly #environment: Environment
  readonly #last: Map<string, string>
  readonly #refused: (name: string) => MonitorError | null

  /**
   * @param last by name what its file said last: a file that is just being replaced must not end what is watched
   * @param refused why a name may not be used
   */
  constructor(
    environment: Environment,
    last: Map<string, string>,
    refused: (name: string) => MonitorError | null = () => null,
  ) {
    this.#environment = environment
    this.#refused = refused
    this.#last = last
  }

  async resolve(names: Iterable<string>): Promise<Resolution> {
    const resolution: Resolution = { values: new Map(), missing: new Map(), outdated: new Map(), files: new Map() }
    for (const name of new Set(names)) await this.#resolve(name, resolution)
    return resolution
  }

  async #resolve(name: string, resolution: Resolution): Promise<void> {
    const path = variable(this.#environment, `${name}_FILE`)
    try {
      // Not shown: somebody may have put the key itself between the braces.
      if (!VARIABLE_NAME.test(name))
        throw missing('between ${ and } stands the name of an environment variable: letters, digits and _')
      const refusal = this.#refused(name)
      if (refusal !== null) throw refusal
      const source = sourceOf(this.#environment, name)
      if (source !== null && 'value' in source) resolution.values.set(name, checked(name, source.value))
      else if (source !== null) await this.#read(name, source.file, resolution)
      else throw missing(`\${${name}} has no value; set the environment variable ${name}, or ${name}_FILE to a file`)
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error
      const isRefused = error.code === 'forbidden-variable'
      const last = path === '' || isRefused ? undefined : this.#last.get(name)
      if (last === undefined) resolution.missing.set(name, error)
      else {
        resolution.values.set(name, last)
        resolution.outdated.set(name, error)
      }
    }
  }

  async #read(name: string, path: string, resolution: Resolution): Promise<void> {
    const { fingerprint, content } = await readSmallFile(path, LARGEST_FILE)
    resolution.files.set(path, fingerprint)
    const label = `${name}_FILE`
    if ('error' in content) throw new MonitorError('missing-variable', `${label}: ${path} ${content.error.message}`)
    const value = content.text.replace(/[\r\n]+$/, '')
    if (value === '') throw missing(`${label}: ${path} is empty`)
    resolution.values.set(name, checked(label, value))
    this.#last.set(name, value)
  }
}

function checked(label: string, value: string): string {
  if (/\p{Cc}/u.test(value)) throw missing(`${label} holds more than one line, or control characters`)
  if (value.length > LONGEST_VALUE) throw missing(`${label} is longer than ${LONGEST_VALUE} characters`)
  return value
}

function missing(message: string): MonitorError {
  return new MonitorError('missing-variable', message)
}
