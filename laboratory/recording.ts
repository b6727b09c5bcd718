/**
 * What the monitors of the laboratory knew of each case, as the answers to the questions: small enough to be kept in
 * `test/diagnosis/recorded`, so that weights are fitted and judged without a laboratory.
 */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { evidenceOf, QUESTION_NAMES, type QuestionName } from '../src/diagnosis/evidence.ts'
import type { Answer } from '../src/diagnosis/question.ts'
import type { MonitorPlace, Situation } from '../src/diagnosis/situation.ts'
import { type LaboratoryCase, placesOf, truthAt } from './case.ts'
import type { RecordedCase, RecordedSight } from './recorded.ts'
import type { Run } from './run.ts'
import { VARIANTS, type Variant, type Watched } from './targets.ts'

/** Seconds that are kept after the first that fires, or of a stream of which nothing does. */
const KEPT = 15
/** Seconds before the fault that are looked at, and kept where something is remembered of them. */
const BEFORE = 3

interface Line {
  at: number
  variant: Watched
  situation: Situation | null
}

const WATCHED_FOR: Readonly<Record<Variant, Watched>> = {
  complete: 'complete',
  'without encoder': 'complete',
  'without hosts': 'without hosts',
  'without platform': 'complete',
}

/** What a monitor would know without it: nothing else hangs on a platform, and of an encoder, whether a platform should receive. */
const WITHOUT: Readonly<Record<Variant, (situation: Situation) => Situation>> = {
  complete: (situation) => situation,
  'without hosts': (situation) => situation,
  'without platform': (situation) => ({ ...situation, platforms: [] }),
  'without encoder': (situation) => ({
    ...situation,
    encoders: [],
    platforms: situation.platforms.map((seen) => ({
      ...seen,
      issues: seen.issues.filter(({ type }) => type !== 'ingestNotReceiving'),
    })),
  }),
}

export async function recordedOf(row: LaboratoryCase, folder: string): Promise<RecordedCase> {
  const run = JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')) as Run
  const places = placesOf(row)
  const sights = await Promise.all(
    places.map(async (place) => {
      const lines = await linesOf(path.join(folder, `${place}.jsonl`))
      return VARIANTS.map((variant) => sightOf(row, run, place, variant, lines))
    }),
  )
  return { name: row.name, what: row.what, machine: run.machine, sights: sights.flat() }
}

async function linesOf(file: string): Promise<Line[]> {
  const lines: Line[] = []
  for await (const text of createInterface({ input: createReadStream(file) })) {
    // The last one is cut where its monitor was killed.
    try {
      lines.push(JSON.parse(text) as Line)
    } catch {}
  }
  return lines
}

function sightOf(
  row: LaboratoryCase,
  { faultAt, endAt }: Run,
  place: MonitorPlace,
  variant: Variant,
  lines: readonly Line[],
): RecordedSight {
  const own = lines.filter((line) => line.variant === WATCHED_FOR[variant] && line.at <= endAt)
  const seen = own.map(({ at, situation }) => ({
    at: (at - faultAt) / 1000,
    situation: situation && WITHOUT[variant](situation),
  }))
  const firesAt = seen.find(({ at, situation }) => at > -BEFORE && situation !== null && fires(situation))?.at ?? null
  const until = (firesAt ?? Number.POSITIVE_INFINITY) + KEPT
  const answers: [number, string][] = []
  let monitorAt: MonitorPlace = place
  for (const { at, situation } of seen) {
    if (at < -BEFORE || at > until || situation === null) continue
    monitorAt = situation.monitorAt
    const text = written(evidenceOf(situation))
    if (answers.at(-1)?.[1] !== text) answers.push([Math.round(at * 10) / 10, text])
  }
  const blind = row.blind?.[place]
  return {
    ...{ place, monitorAt, variant, truth: truthAt(row, place), ...(blind !== undefined && { blind }) },
    ...{ firesAt: firesAt === null ? null : Math.round(firesAt * 10) / 10, answers },
  }
}

/** Whether a person is told of something about the stream or what it needs. */
function fires({ stream, encoders, hosts, services, bandwidth, platforms }: Situation): boolean {
  const seen = [stream, ...encoders, ...hosts.map((one) => one.seen), ...services.map((one) => one.seen)]
  return [...seen, ...bandwidth, ...platforms].some(({ issues }) =>
    issues.some(({ severity }) => severity === 'error' || severity === 'warning'),
  )
}

/** A character for each question, in their order. */
function written(evidence: Readonly<Record<QuestionName, Answer>>): string {
  return QUESTION_NAMES.map((name) => letterOf(evidence[name])).join('')
}

function letterOf({ verdict, missing, awaited }: Answer): string {
  if (verdict === 'bad') return '-'
  if (verdict === 'good') return '+'
  if (awaited === true) return '~'
  return missing === undefined ? '.' : '?'
}
