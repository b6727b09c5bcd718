import type { ErrorCode } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'
import { explainFaults, type SchemaFault } from '../observation/schema-faults.ts'
import { fileKeys, keys } from './validators.generated.js'

/** The form of a value where a pattern says nothing to a person. */
const FORMS: Readonly<Record<string, string>> = {
  name: '1 to 64 letters, digits, spaces and any of _ . : / ( ) + # @ - , and begin with a letter or digit',
  url: 'an address without spaces that does not begin with -',
  key: 'text without spaces',
  address: 'a host name or an IP address, without protocol and path',
  liveEvent: 'the number of the event, in quotes, or "next"',
  labels: 'text without line breaks and without ${ }',
  dependsOn: 'names of targets',
  platform: 'the name of a target',
  from: 'a time such as "09:45"',
  to: 'a time such as "11:30", at the latest "24:00"',
}

/** What is explained: an entry of this kind, or the file's profiles. */
type Explained = Kind | 'profiles'

/** Says in one line all that is wrong with an entry of `kind`. */
export function explainTarget(
  kind: Explained,
  faults: readonly SchemaFault[],
  value: unknown,
): { code: ErrorCode; message: string; suggestion: string | null } {
  const { isOnlyKeys, ...explanation } = explainFaults(faults, value, {
    forms: FORMS,
    keysAt: (path) => keysAt(kind, path),
    otherwise: ([first, ...rest]) =>
      first === 'expected' && rest.length === 0 ? ', or a list of windows of the week' : '',
  })
  return { code: isOnlyKeys ? 'unknown-key' : 'invalid-target', ...explanation }
}

function keysAt(kind: Explained, [first, ...rest]: readonly string[]): readonly string[] {
  if (kind === 'profiles') return []
  if (first === undefined) return keys[kind]
  if (first === 'expected' && rest.length === 1) return fileKeys.window
  return first === 'limits' && rest.length === 1 ? fileKeys.limits : []
}
