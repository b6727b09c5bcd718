/** Characters of a link that is shown at all. */
const LONGEST_LINK = 2000

/** An address of the web as it was given, or null for what must not become a link: `javascript:`, `data:`, no address. */
export function webLink(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > LONGEST_LINK || /[\s<>"\\^`{|}]/.test(value)) return null
  const protocol = URL.parse(value)?.protocol
  return protocol === 'http:' || protocol === 'https:' ? value : null
}
