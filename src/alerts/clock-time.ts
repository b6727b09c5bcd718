/** With the date, because a message is read when it is read. In UTC, like the metrics and logs. @param iso ISO 8601 */
export function clockTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
