/**
 * The lines of a text that a receiver takes, from the first on, and a mark where some are missing.
 *
 * @param most of what `sizeOf` counts: characters, or bytes
 */
export function linesThatFit(text: string, most: number, sizeOf: (part: string) => number = lengthOf): string {
  const whole = text.trimEnd()
  if (sizeOf(whole) <= most) return whole
  const kept: string[] = []
  let left = most - sizeOf(MARK)
  for (const line of whole.split('\n')) {
    left -= sizeOf(`${line}\n`)
    if (left < 0) break
    kept.push(line)
  }
  return kept.length > 0 ? `${kept.join('\n')}\n${MARK}` : beginning(whole, most, sizeOf)
}

/** One line that is cut, never within a character. */
export function beginning(text: string, most: number, sizeOf: (part: string) => number = lengthOf): string {
  if (sizeOf(text) <= most) return text
  let left = most - sizeOf(MARK)
  let kept = ''
  for (const character of text) {
    left -= sizeOf(character)
    if (left < 0) break
    kept += character
  }
  return `${kept}${MARK}`
}

/** Of a text as UTF-8. */
export const bytesOf = (text: string) => Buffer.byteLength(text)

const MARK = '…'
const lengthOf = (text: string) => text.length
