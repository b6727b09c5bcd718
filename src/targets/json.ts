import { MonitorError } from '../observation/errors.ts'

/**
 * `JSON.parse` for a file that people edit. An error says line and column and what to do, and never quotes the text, as
 * V8's own messages do: it may be a stream key. A key given twice is an error too: the first would be lost in silence.
 *
 * @throws MonitorError `invalid-file`
 */
export function parseJson(text: string): unknown {
  new Check(text).run()
  try {
    return JSON.parse(text)
  } catch {
    throw new MonitorError('invalid-file', 'this is not JSON')
  }
}

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/uy

/** What the grammar of RFC 8259 lets come next. */
type Next = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing'

interface Frame {
  closer: '}' | ']'
  start: number
  keys: Set<string>
}

const WANTED: Readonly<Record<Next, string>> = {
  value: 'a value is missing',
  'value or end': 'a value or ] is missing',
  key: 'a key in double quotes is missing',
  'key or end': 'a key in double quotes or } is missing',
  colon: 'a colon is missing after the key',
  'comma or end': 'a comma or the closing bracket is missing',
  nothing: 'the file must end here',
}

class Check {
  readonly #text: string
  readonly #frames: Frame[] = []
  #next: Next = 'value'
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  run(): void {
    while (this.#skipSpace() < this.#text.length) {
      TOKEN.lastIndex = this.#at
      const token = TOKEN.exec(this.#text)
      if (token === null) this.#fail(this.#at, this.#hint())
      const [, mark, string, literal] = token
      if (mark !== undefined) this.#mark(mark)
      else if (string !== undefined) this.#string(string)
      else if (literal !== undefined) this.#value()
      this.#at = TOKEN.lastIndex
    }
    const open = this.#frames.at(-1)
    if (open) this.#fail(this.#at, `the file ends before the bracket of ${this.#place(open.start)} is closed`)
    if (this.#next !== 'nothing') this.#fail(this.#at, 'the file is empty')
  }

  #skipSpace(): number {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1
    return this.#at
  }

  #mark(mark: string): void {
    if (mark === '{' || mark === '[') {
      this.#value()
      this.#frames.push({ closer: mark === '{' ? '}' : ']', start: this.#at, keys: new Set() })
      this.#next = mark === '{' ? 'key or end' : 'value or end'
    } else if (mark === ':' && this.#next === 'colon') this.#next = 'value'
    else if (mark === ',' && this.#next === 'comma or end') this.#next = this.#closer() === '}' ? 'key' : 'value'
    else if (mark === this.#closer() && this.#next.endsWith('or end')) {
      this.#frames.pop()
      this.#next = this.#frames.length === 0 ? 'nothing' : 'comma or end'
    } else if (mark === this.#closer() && this.#text.slice(0, this.#at).trimEnd().endsWith(',')) {
      this.#fail(this.#at, `a comma before ${mark} is one too many`)
    } else this.#fail(this.#at, WANTED[this.#next])
  }

  #string(quoted: string): void {
    if (this.#next !== 'key' && this.#next !== 'key or end') {
      this.#value()
      return
    }
    const key: string = JSON.parse(quoted)
    const keys = this.#frames.at(-1)?.keys
    if (keys?.has(key)) this.#fail(this.#at, 'this key stands twice in the same object')
    keys?.add(key)
    this.#next = 'colon'
  }

  #value(): void {
    if (this.#next !== 'value' && this.#next !== 'value or end') this.#fail(this.#at, WANTED[this.#next])
    this.#next = this.#frames.length === 0 ? 'nothing' : 'comma or end'
  }

  #closer(): string | undefined {
    return this.#frames.at(-1)?.closer
  }

  /** What people write that JSON does not know. */
  #hint(): string {
    const rest = this.#text.slice(this.#at, this.#at + 2)
    if (rest === '//' || rest === '/*' || rest[0] === '#') return 'JSON has no comments'
    if (rest[0] === "'" || rest[0] === '“' || rest[0] === '”') return 'text stands in straight double quotes: "…"'
    if (rest[0] === '"') return 'this text has no closing quote on its line, or a \\ that JSON does not know'
    return WANTED[this.#next]
  }

  #fail(at: number, message: string): never {
    throw new MonitorError('invalid-file', `${this.#place(at)}: ${message}`)
  }

  #place(at: number): string {
    const before = this.#text.slice(0, at)
    return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`
  }
}
