import { MonitorError } from '../observation/errors.ts'
import { type Fingerprint, readSmallFile } from '../storage/small-file.ts'
import type { Environment } from './own-variable.ts'
import { VARIABLE_NAME } from './placeholder.ts'

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
    const path = this.#environment[`${name}_FILE`] ?? ''
    try {
      // Not shown: somebody may have put the key itself between the braces.
      if (!VARIABLE_NAME.test(name))
        throw missing('between ${ and } stands the name of an environment variable: letters, digits and _')
      const refusal = this.#refused(name)
      if (refusal !== null) throw refusal
      const own = this.#environment[name] ?? ''
      if (own !== '' && path !== '') throw missing(`both ${name} and ${name}_FILE are set; set only one`)
      if (own !== '') resolution.values.set(name, checked(name, own))
      else if (path !== '') await this.#read(name, path, resolution)
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
