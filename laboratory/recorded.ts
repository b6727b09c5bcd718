/** What is kept of the laboratory's cases: `test/diagnosis/recorded/NAME.json`, one file for each. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { evidenceBy, QUESTION_NAMES } from '../src/diagnosis/evidence.ts'
import { NO_MEMORY, recall } from '../src/diagnosis/memory.ts'
import { type Known, knownOf } from '../src/diagnosis/posterior.ts'
import { type Answer, bad, good, UNKNOWN } from '../src/diagnosis/question.ts'
import type { MonitorPlace } from '../src/diagnosis/situation.ts'
import type { Location } from '../src/observation/diagnosis.ts'
import type { Variant } from './targets.ts'

/** One case as one monitor saw it. */
export interface RecordedSight {
  place: MonitorPlace
  /** Where the monitor itself takes itself to stand, by the addresses at which it reaches what. */
  monitorAt: MonitorPlace
  variant: Variant
  /** Each of these is right; empty: nothing is wrong. */
  truth: readonly Location[]
  /** Why the evidence cannot tell from there; absent where it can. */
  blind?: string
  /** Seconds from the fault to the first that fires, of the stream or what it needs; null where nothing did. */
  firesAt: number | null
  /**
   * Seconds from the fault, and a character for each question: `+` good, `-` bad, `~` not known yet, `.` not known, `?` not
   * configured. A line for each change.
   */
  answers: readonly (readonly [at: number, answers: string])[]
}

/** On which it was made. */
export interface Machine {
  cores: number
  kernel: string
  /** Mean over a minute of the programs that want to run. */
  load: number
  /** ISO 8601, a day. */
  date: string
}

export interface RecordedCase {
  name: string
  what: string
  machine: Machine
  sights: readonly RecordedSight[]
}

interface RecordedFile extends RecordedCase {
  /** What was asked, in the order of the characters. */
  questions: readonly string[]
}

const FOLDER = fileURLToPath(new URL('../test/diagnosis/recorded/', import.meta.url))

export function readRecorded(): RecordedCase[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => {
    const { questions, ...found } = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as RecordedFile
    const places = QUESTION_NAMES.map((name) => questions.indexOf(name))
    const inOrder = (text: string) => places.map((place) => text[place] ?? '.').join('')
    const sights = found.sights.map((sight) => ({
      ...sight,
      answers: sight.answers.map(([at, text]) => [at, inOrder(text)] as const),
    }))
    return { ...found, sights }
  })
}

/** A line for each sight's answers, so that a change shows. */
export function writeRecorded({ name, what, machine, sights }: RecordedCase): void {
  const lines = sights.map((sight) => `    ${JSON.stringify(sight)}`).join(',\n')
  const head = `  "name": ${JSON.stringify(name)},\n  "what": ${JSON.stringify(what)},\n  "machine": ${JSON.stringify(machine)},`
  const questions = `  "questions": ${JSON.stringify(QUESTION_NAMES)},`
  writeFileSync(path.join(FOLDER, `${name}.json`), `{\n${head}\n${questions}\n  "sights": [\n${lines}\n  ]\n}\n`)
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  '+': good(''),
  '-': bad(''),
  '~': { ...UNKNOWN, awaited: true },
}

export interface Remembering {
  /** Seconds from the fault. */
  at: number
  known: Known
}

/** What a monitor knew by each line of answers, with what it remembered of those before, from a second on. */
export function rememberedFrom({ answers }: RecordedSight, from: number): Remembering[] {
  let memory = NO_MEMORY
  const first = answers.findLastIndex(([at]) => at <= from)
  return answers.slice(Math.max(0, first)).map(([at, text]) => {
    const places = new Map(QUESTION_NAMES.map((name, index) => [name, text[index] ?? '']))
    const now = recall(
      memory,
      evidenceBy((name) => ANSWERS[places.get(name) ?? ''] ?? UNKNOWN),
      at,
    )
    memory = now.memory
    return { at, known: knownOf(now.evidence) }
  })
}
