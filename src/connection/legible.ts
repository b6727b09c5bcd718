/** Shows what a server sent to a person: on one line, short. */
export function legible(text: string, most = 100): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`
}
