/** Milliseconds that a server asks to wait, by the header of its answer (RFC 9110, section 10.2.3: seconds, or a date); null where it does not. */
export function retryAfter(header: string | null, at = Date.now()): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - at)
}
