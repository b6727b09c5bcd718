/** What a PromQL expression selects, by Prometheus' own grammar. */
import { readFileSync } from 'node:fs'
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { parse } from 'yaml'

/** A vector selector: the metrics it can mean and the labels it asks for. */
export interface Selector {
  names: string[]
  /** The value that a label must have; null where anything else is asked of it. */
  labels: Record<string, string | null>
}

/** The selectors of an expression. Names by a regular expression are looked for among the known ones. */
export function selectorsIn(expr: string, known: readonly string[]): Selector[] {
  return nodesIn(expr, 'VectorSelector').map((node) => {
    const labels: Record<string, string | null> = {}
    let names = nodesBelow(node, 'Identifier').map((each) => textOf(expr, each))
    for (const matcher of [...nodesBelow(node, 'UnquotedLabelMatcher'), ...nodesBelow(node, 'LabelMatcher')]) {
      const [, label = '', operator = '', value = ''] =
        /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/s.exec(textOf(expr, matcher)) ?? []
      if (label === '__name__') names = known.filter((name) => new RegExp(`^(?:${value})$`).test(name))
      else if (label !== '') labels[label] = operator === '=' ? value : null
    }
    return { names, labels }
  })
}

/** The ranges of an expression, in seconds, with what they are over. */
export function rangesIn(expr: string): { seconds: number; selector: string }[] {
  return nodesIn(expr, 'MatrixSelector').map((node) => {
    const text = textOf(expr, node)
    const [, number = '', unit = ''] = /\[(\d+)([smhd])\]$/.exec(text) ?? []
    return { seconds: Number(number) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? Number.NaN), selector: text }
  })
}

export interface RecordingRule {
  record: string
  expr: string
}

/** The recording rules of a file. */
export function recordsIn(file: string): RecordingRule[] {
  const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: object[] }[] }
  return groups.flatMap(({ rules }) => rules).filter((rule): rule is RecordingRule => 'record' in rule)
}

function nodesIn(expr: string, name: string): SyntaxNode[] {
  const tree = parser.parse(expr)
  const found: SyntaxNode[] = []
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expr}`)
      if (node.name === name) found.push(node.node)
    },
  })
  return found
}

function nodesBelow(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = []
  node.cursor().iterate((each) => {
    if (each.name === name) found.push(each.node)
  })
  return found
}

const textOf = (expr: string, { from, to }: SyntaxNode) => expr.slice(from, to)
