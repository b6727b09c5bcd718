/**
 * The questions of `docs/elk.md`, asked of OpenSearch. It has no ES|QL, so that what the page uses of it is asked as an
 * aggregation; what it does not use yet is an error.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../runtime.ts'
import type { Engine } from './engine.ts'

/** What stands in a row: the groups by their fields, and what was counted by its name. */
export type Row = Record<string, string | number | null>

interface Stat {
  name: string
  /** What is summed up; null: rows are counted. */
  field: string | null
  divisor: number
}

/** Those in ES|QL, and requests as they would be sent. */
export function questionsOfPage(): { esql: string[]; requests: string[] } {
  const page = readFileSync(join(root, 'docs/elk.md'), 'utf8')
  const chapter = page.split(/^## /m).find((text) => text.startsWith('Ask\n')) ?? ''
  const blocks = [...chapter.matchAll(/^```\w*\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block)
  return {
    esql: blocks.filter((block) => block.startsWith('FROM ')),
    requests: blocks.filter((block) => block.startsWith('GET ')),
  }
}

/** @param question in ES|QL: FROM, WHERE, STATS … BY, SORT @returns its rows, in no order */
export async function askEsql(engine: Engine, question: string): Promise<Row[]> {
  const [source = '', ...steps] = question.split(/\s*\|\s*/)
  const index = /^FROM (\S+)$/.exec(source)?.[1] ?? unknown(source)
  const filter = steps.flatMap((step) => (step.startsWith('WHERE ') ? step.slice(6).split(/\s+AND\s+/) : []))
  const stats = steps.find((step) => step.startsWith('STATS ')) ?? unknown(question)
  const other = steps.find((step) => !/^(?:WHERE|STATS|SORT|LIMIT) /.test(step))
  if (other !== undefined) unknown(other)
  const [asked = '', by = ''] = stats.slice(6).split(/\s+BY\s+/)
  const fields = by.split(/,\s*/)
  const counted = asked.split(/,\s*(?=\w+ = )/).map(statOf)
  const sums = counted.flatMap(({ name, field }) => (field === null ? [] : [[name, { sum: { field } }] as const]))
  const body = {
    size: 0,
    query: { bool: { filter: filter.map(conditionOf) } },
    aggs: {
      rows: {
        composite: {
          size: 1000,
          sources: fields.map((field) => ({ [field]: { terms: { field, missing_bucket: true } } })),
        },
        aggs: Object.fromEntries(sums),
      },
    },
  }
  const { aggregations } = (await engine.ask(`/${index}/_search`, 'POST', JSON.stringify(body))) as {
    aggregations?: { rows: { buckets: (Record<string, { value: number }> & { key: Row; doc_count: number })[] } }
  }
  return (aggregations?.rows.buckets ?? []).map((bucket) => ({
    ...bucket.key,
    ...Object.fromEntries(
      counted.map(({ name, field, divisor }) => [
        name,
        (field === null ? bucket.doc_count : (bucket[name]?.value ?? 0)) / divisor,
      ]),
    ),
  }))
}

function statOf(text: string): Stat {
  const [, name = '', what = '', field = '', divisor = '1'] =
    /^(\w+) = (COUNT|SUM)\(([\w.@*]+)\)(?: \/ (\d+))?$/.exec(text) ?? unknown(text)
  return { name, field: what === 'COUNT' ? null : field, divisor: Number(divisor) }
}

function conditionOf(text: string): object {
  const is = /^([\w.@]+) == "([^"]*)"$/.exec(text)
  if (is !== null) return { term: { [is[1] ?? '']: is[2] } }
  const since = /^@timestamp > NOW\(\) - (\d+) days$/.exec(text)
  if (since !== null) return { range: { '@timestamp': { gt: `now-${since[1]}d` } } }
  return unknown(text)
}

function unknown(text: string): never {
  throw new Error(`The test does not know yet how to ask OpenSearch this: ${text}`)
}
