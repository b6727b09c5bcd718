/** Text that is HTML already, so that it is not escaped again. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | null | false | readonly Part[]

/** HTML or SVG from a template: everything that is filled in and is not markup itself is escaped. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.map((text, index) => (index === 0 ? text : written(parts[index - 1]) + text)).join(''))
}

function written(part: Part | undefined): string {
  if (part === undefined || part === null || part === false) return ''
  if (part instanceof Markup) return part.text
  return typeof part === 'object' ? part.map(written).join('') : escaped(String(part))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Characters that HTML does not have (a text that a server has sent may hold anything), and those that turn the order of
 * what follows (Unicode, UAX 9), which could make one name look like another.
 */
const UNSHOWN = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu

function escaped(text: string): string {
  return text.replace(UNSHOWN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
