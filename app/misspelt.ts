import { nearestWord } from '../src/observation/nearest-word.ts'
import { VARIABLE_GROUPS } from './options.mjs'

/** Shorter names are too near to those of others: COST is not HOST. */
const SHORTEST = 6

const KNOWN = VARIABLE_GROUPS.flatMap(({ variables }) => variables).flatMap(({ name, file }) =>
  file ? [name, `${name}_FILE`] : [name],
)

/**
 * Variables that are set and that the monitor does not read, but whose name is nearly one of its own that is not set:
 * one mistake, or two in a name of more than eleven letters.
 */
export function misspeltVariables(variables: Readonly<Record<string, string | undefined>>) {
  const isSet = (name: string) => (variables[name] ?? '') !== ''
  const unset = KNOWN.filter((name) => name.length >= SHORTEST && !isSet(name))
  return Object.keys(variables)
    .filter((name) => isSet(name) && !KNOWN.includes(name) && name.length >= SHORTEST)
    .flatMap((written) => {
      const meant = nearestWord(written, unset, (known) => (known.length > 11 ? 2 : 1))
      return meant === null ? [] : [{ written, meant }]
    })
}
