/**
 * Reads a question in ES|QL as far as ours go: each step, each expression, and whether every column that is named is there at
 * that step. https://www.elastic.co/docs/reference/query-languages/esql
 */
export interface Question {
  source: string
  /** Columns after the last step; null: all of the index. */
  columns: readonly string[] | null
}

/** Functions of the free licence that our questions use; anything else has to be looked up first. */
const FUNCTIONS = new Set([
  ...['BUCKET', 'COUNT', 'COUNT_DISTINCT', 'DATE_DIFF', 'GREATEST', 'MAX', 'MEDIAN', 'MIN', 'MV_APPEND', 'MV_MEDIAN'],
  ...['MV_MEDIAN_ABSOLUTE_DEVIATION', 'NOW', 'SQRT', 'SUM'],
])
const SPANS = /^(?:second|minute|hour|day|week)s?$/
const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|\?\w+|@?[A-Za-z_]\w*(?:\.\w+)*|==|!=|<=|>=|[<>=+\-*/%(),|]/y

/** @param fields of the index, each of which may be named until a step takes them away */
export function parseEsql(text: string, fields: ReadonlySet<string>): Question {
  const [, source = '', rest = ''] = /^FROM (\S+)(.*)$/s.exec(text.trim().replace(/\s+/g, ' ')) ?? []
  if (source === '') throw new Error(`FROM is missing: ${text}`)
  const tokens = tokensOf(rest)
  let at = 0
  let scope: Set<string> | null = null
  const made = new Set<string>()
  const next = () => tokens[at]
  const fail = (wanted: string): never => {
    throw new Error(`${wanted} is missing before "${tokens.slice(at, at + 5).join(' ')}" in ${text}`)
  }
  const take = (wanted: string): void => {
    if (tokens[at] !== wanted) fail(wanted)
    at += 1
  }
  const takes = (...wanted: string[]): boolean => {
    const isNext = wanted.every((word, index) => tokens[at + index] === word)
    if (isNext) at += wanted.length
    return isNext
  }
  const name = (): string => {
    const found = next() ?? ''
    if (!/^@?[A-Za-z_]/.test(found)) fail('a name')
    at += 1
    return found
  }
  const column = (): string => {
    const found = name()
    const isKnown = scope === null ? fields.has(found) || made.has(found) : scope.has(found)
    if (!isKnown) throw new Error(`there is no column ${found} at this step of ${text}`)
    return found
  }
  const listed = <T>(one: () => T): T[] => {
    const all = [one()]
    while (takes(',')) all.push(one())
    return all
  }

  const primary = (): void => {
    const token = next() ?? ''
    if (takes('(')) {
      expression()
      take(')')
    } else if (/^["?]/.test(token) || takes('-')) at += /^["?]/.test(token) ? 1 : 0
    else if (/^\d/.test(token)) {
      at += 1
      if (SPANS.test(next() ?? '')) at += 1
    } else if (tokens[at + 1] === '(') {
      if (!FUNCTIONS.has(token)) throw new Error(`${token} is no function that is known to be free: ${text}`)
      at += 2
      if (!takes('*') && next() !== ')') listed(expression)
      take(')')
    } else column()
  }
  const binary = (operators: readonly string[], inner: () => void) => (): void => {
    inner()
    while (operators.includes(next() ?? '')) {
      at += 1
      inner()
    }
  }
  const sum = binary(['+', '-'], binary(['*', '/', '%'], primary))
  const comparison = (): void => {
    takes('NOT')
    sum()
    if (takes('IS')) {
      takes('NOT')
      take('NULL')
    } else if (takes('IN')) {
      take('(')
      listed(expression)
      take(')')
    } else if (['==', '!=', '<', '>', '<=', '>='].includes(next() ?? '')) {
      at += 1
      sum()
    }
  }
  function expression(): void {
    binary(['OR'], binary(['AND'], comparison))()
  }
  /** `name = expression`, each of which the next may use where `isEval`. */
  const named = (isEval: boolean) => (): string => {
    const own = tokens[at + 1] === '=' ? name() : (next() ?? '')
    if (!takes('=')) return column()
    expression()
    if (!isEval && takes('WHERE')) expression()
    if (isEval) (scope ?? made).add(own)
    return own
  }
  const steps: Readonly<Record<string, () => void>> = {
    WHERE: expression,
    EVAL: () => void listed(named(true)),
    STATS: () => {
      const columns = listed(named(false))
      if (takes('BY')) columns.push(...listed(named(false)))
      scope = new Set(columns)
    },
    KEEP: () => {
      scope = new Set(listed(column))
    },
    SORT: () =>
      void listed(() => {
        column()
        void (takes('ASC') || takes('DESC'))
      }),
    LIMIT: () => {
      if (!/^\d+$/.test(next() ?? '')) fail('a number')
      at += 1
    },
  }
  while (at < tokens.length) {
    take('|')
    const step = steps[next() ?? '']
    if (step === undefined) throw fail('a step')
    at += 1
    step()
  }
  return { source, columns: scope === null ? null : [...(scope as Set<string>)] }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex
    const [token = ''] = TOKEN.exec(text) ?? []
    if (token === '') throw new Error(`not read from here: ${text.slice(from, from + 30)}`)
    if (token.trim() !== '') tokens.push(token)
  }
  return tokens
}
