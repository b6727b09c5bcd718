import { MonitorError } from '../observation/errors.ts'

/** One `name=value` of an environment variable such as RTMP_STREAMS. */
export interface ListItem {
  name: string
  value: string
}

const NAME = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} _.-]{0,63}'
const SEPARATOR = new RegExp(`,\\s*(?=${NAME}=)`, 'u')
const ITEM = new RegExp(`^(${NAME})=(.*)$`, 'su')

/**
 * Splits `main=rtmp://…,backup=rtmp://…` at a comma only before the next `name=`, so that an address may hold commas.
 * A comma at the end is passed over.
 *
 * @param variable its name, for errors
 * @throws MonitorError `invalid-target` when the list does not begin with `name=`; its text, maybe a key, is not shown
 */
export function splitList(variable: string, text: string): ListItem[] {
  const trimmed = text.trim().replace(/,$/, '')
  if (trimmed === '') return []
  return trimmed.split(SEPARATOR).map((item) => {
    const [, name = '', value = ''] = ITEM.exec(item) ?? []
    if (name === '') {
      throw new MonitorError(
        'invalid-target',
        `${variable}: write name=address, and a comma before the next name=address`,
      )
    }
    return { name: name.trim(), value: value.trim() }
  })
}
