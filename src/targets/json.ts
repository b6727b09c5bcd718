import { applyEdits, modify, printParseErrorCode, visit } from 'jsonc-parser'
import { MonitorError } from '../observation/errors.ts'

/** Far beyond what any list of targets needs; the parser calls itself at each level. */
const DEEPEST = 100

/** What is wrong, by what the parser stumbled over. */
const FAULTS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a value is missing',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a key in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing after the key',
  CommaExpected: 'a comma or the closing bracket is missing',
  CloseBraceExpected: 'a comma or the closing bracket is missing',
  CloseBracketExpected: 'a comma or the closing bracket is missing',
  EndOfFileExpected: 'the file must end here',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'this text has no closing quote on its line',
  UnexpectedEndOfNumber: 'this is no number',
  InvalidUnicode: 'this text has a \\u that JSON does not know',
  InvalidEscapeCharacter: 'this text has a \\ that JSON does not know',
  InvalidCharacter: 'this text has a character that JSON does not allow',
}

/**
 * `JSON.parse` for a file that people edit. An error says line and column and what to do, and never quotes the text, as
 * V8's own messages do: it may be a stream key. A key given twice is an error too: the first would be lost in silence.
 *
 * @throws MonitorError `invalid-file`
 */
export function parseJson(text: string): unknown {
  const open: { place: string; keys: Set<string> }[] = []
  const begin = (_offset: number, _length: number, line: number, column: number) => {
    if (open.length === DEEPEST) fail(placeOf(line, column), `this is nested more than ${DEEPEST} deep`)
    open.push({ place: placeOf(line, column), keys: new Set() })
  }
  const end = (_offset: number, length: number) => {
    // Without a length it is the end of the file in place of the bracket.
    if (length > 0) open.pop()
  }
  visit(
    text,
    {
      onObjectBegin: begin,
      onObjectEnd: end,
      onArrayBegin: begin,
      onArrayEnd: end,
      onObjectProperty(key, _offset, _length, line, column) {
        const keys = open.at(-1)?.keys
        if (keys?.has(key)) fail(placeOf(line, column), 'this key stands twice in the same object')
        keys?.add(key)
      },
      onError(code, offset, length, line, column) {
        const place = placeOf(line, column)
        if (text.trim() === '') fail(place, 'the file is empty')
        const bracket = open.at(-1)
        if (bracket && text.slice(offset).trim() === '')
          fail(place, `the file ends before the bracket of ${bracket.place} is closed`)
        fail(
          place,
          trailingComma(text, offset) ??
            habitOf(text.slice(offset, offset + length + 1)) ??
            FAULTS[printParseErrorCode(code)],
        )
      },
    },
    { disallowComments: true },
  )
  try {
    return JSON.parse(text)
  } catch {
    throw new MonitorError('invalid-file', 'this is not JSON')
  }
}

/**
 * The text with another value at a place; what lies elsewhere keeps its form.
 *
 * @param path keys and indexes; the index -1 adds to the end of a list
 * @param value undefined takes away what is there
 */
export function withValue(text: string, path: (string | number)[], value: unknown): string {
  const tabSize = /^( +)\S/m.exec(text)?.[1]?.length ?? 2
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize, eol: '\n' }
  return applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion: path.at(-1) === -1 }))
}

const placeOf = (line: number, column: number) => `line ${line + 1}, column ${column + 1}`

function fail(place: string, message = 'this is not JSON'): never {
  throw new MonitorError('invalid-file', `${place}: ${message}`)
}

function trailingComma(text: string, offset: number): string | null {
  const closer = text[offset]
  if ((closer !== '}' && closer !== ']') || !text.slice(0, offset).trimEnd().endsWith(',')) return null
  return `a comma before ${closer} is one too many`
}

/** What people write that JSON does not know. */
function habitOf(found: string): string | null {
  if (found.startsWith('#')) return 'JSON has no comments'
  return /^['“”]/.test(found) ? 'text stands in straight double quotes: "…"' : null
}
