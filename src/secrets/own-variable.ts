import { readFileSync } from 'node:fs'
import { MonitorError } from '../observation/errors.ts'

/** The environment, or what a test gives for it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable, trimmed; empty where it is not set. */
export function variable(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? ''
}

/**
 * `NAME`, else what stands in the file that `NAME_FILE` names, read anew each time, so that a secret can be changed
 * without a restart.
 *
 * @throws MonitorError `unreadable-file`: what should be there and is not must not count as not set
 */
export function secretVariable(environment: Environment, name: string): string {
  const value = variable(environment, name)
  const file = variable(environment, `${name}_FILE`)
  if (value !== '' || file === '') return value
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new MonitorError('unreadable-file', `${name}_FILE: ${file} cannot be read (${code ?? 'unknown error'})`)
  }
  if (text === '') throw new MonitorError('unreadable-file', `${name}_FILE: ${file} is empty`)
  return text
}
