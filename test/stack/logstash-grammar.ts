/**
 * Reads a configuration of Logstash: sections, plugins, options and conditionals, as its own grammar has them
 * (logstash-core/lib/logstash/compiler/lscl/lscl_grammar.treetop). Of conditions it only knows where they end.
 */
export interface Plugin {
  section: 'input' | 'filter' | 'output'
  name: string
  options: Map<string, Value>
}

type Value = string | number | Value[] | Map<string, Value>

const SECTIONS = ['input', 'filter', 'output'] as const

/** @throws Error that says in which line something is not as it should be */
export function parseLogstash(text: string): Plugin[] {
  let at = 0
  const fail = (wanted: string): never => {
    const line = text.slice(0, at).split('\n').length
    throw new Error(`line ${line}: ${wanted} is missing before ${JSON.stringify(text.slice(at, at + 20))}`)
  }
  const take = (pattern: RegExp): string | null => {
    const sticky = new RegExp(pattern.source, 'y')
    sticky.lastIndex = at
    const [found] = sticky.exec(text) ?? []
    if (found === undefined) return null
    at += found.length
    return found
  }
  const skip = () => take(/(?:\s+|#[^\n]*(?:\n|$))*/)
  const token = (pattern: RegExp, wanted: string): string => {
    skip()
    return take(pattern) ?? fail(wanted)
  }
  const isNext = (pattern: RegExp): boolean => {
    skip()
    const before = at
    const found = take(pattern) !== null
    at = before
    return found
  }

  const value = (): Value => {
    if (isNext(/"/)) return token(/"(?:[^"\\]|\\.)*"/, 'the end of a text').slice(1, -1)
    if (isNext(/'/)) return token(/'(?:[^'\\]|\\.)*'/, 'the end of a text').slice(1, -1)
    if (isNext(/-?\d/)) return Number(token(/-?\d+(?:\.\d+)?/, 'a number'))
    if (isNext(/\[/)) return list()
    if (isNext(/\{/)) return hash()
    return token(/\w+/, 'a value')
  }
  const list = (): Value[] => {
    token(/\[/, '[')
    const values: Value[] = []
    while (!isNext(/\]/)) {
      if (values.length > 0) token(/,/, ',')
      values.push(value())
    }
    token(/\]/, ']')
    return values
  }
  const hash = (): Map<string, Value> => {
    token(/\{/, '{')
    const entries = new Map<string, Value>()
    while (!isNext(/\}/)) {
      const key = value()
      token(/=>/, '=>')
      entries.set(String(key), value())
    }
    token(/\}/, '}')
    return entries
  }

  const plugins: Plugin[] = []
  const body = (section: Plugin['section']): void => {
    token(/\{/, '{')
    while (!isNext(/\}/)) {
      if (isNext(/(?:if|else)\b/)) {
        token(/(?:if|else(?:\s+if)?)\b[^{]*/, 'a condition')
        body(section)
        continue
      }
      const name = token(/\w+/, 'the name of a plugin')
      token(/\{/, '{')
      const options = new Map<string, Value>()
      while (!isNext(/\}/)) {
        const option = token(/\w+/, 'the name of an option')
        if (options.has(option)) fail(`another name than ${option}, which is there already`)
        token(/=>/, '=>')
        options.set(option, value())
      }
      token(/\}/, '}')
      plugins.push({ section, name, options })
    }
    token(/\}/, '}')
  }
  for (skip(); at < text.length; skip()) {
    const word = token(/\w+/, 'input, filter or output')
    const section = SECTIONS.find((each) => each === word) ?? fail('input, filter or output')
    body(section)
  }
  return plugins
}
