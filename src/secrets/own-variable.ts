import { readFileSync } from 'node:fs'
import { MonitorError } from '../observation/errors.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** A variable, trimmed; empty where it is not set. */
export function variable(variables: Variables, name: string): string {
  return variables[name]?.trim() ?? ''
}

/**
 * `NAME`, else what stands in the file that `NAME_FILE` names, read anew each time, so that a secret can be changed
 * without a restart.
 *
 * @throws MonitorError `unreadable-file`: what should be there and is not must not count as not set
 */
export function secretVariable(variables: Variables, name: string): string {
  const value = variable(variables, name)
  const file = variable(variables, `${name}_FILE`)
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
