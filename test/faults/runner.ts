/** Plays rows side by side and says of each what was found. */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, type Healthy, isFault, type Reader, readersOf, withReader } from './case.ts'
import { deadlineOf } from './deadline.ts'
import { type Servers, Stage } from './stage.ts'
import { monotonic, type Said } from './watched-stream.ts'

export interface Found {
  type: string
  /** Seconds from the fault. */
  after: number
  /** Seconds that the table of checks allows. */
  within: number
}

/** A row, and with what it is played. */
export interface Play {
  row: Fault | Healthy
  reader: Reader
}

/** Each row with each of its readers. */
export function playsOf(rows: readonly (Fault | Healthy)[]): Play[] {
  return rows.flatMap((row) => readersOf(row).map((reader) => ({ row, reader })))
}

export interface Result extends Play {
  ok: boolean
  found: Found[]
  missed: string[]
  late: Found[]
  /** Issues that nobody expects, each with its summary. */
  wrong: string[]
  /** Issues of severity info on a healthy stream: no fault, but worth a look. */
  informed: string[]
  /** Why the row could not be played. */
  error: string | null
  /** Part of the time for which some process waited for a processor, 0 to 1; null where the kernel does not tell. */
  pressure: number | null
  /** The first result of a row that was played a second time, because the first time the machine was saturated. */
  first?: Result
}

type Outcome = Omit<Result, keyof Play | 'pressure'>

/** Seconds after the last expected issue in which a wrong one would still show. */
const AFTERWARDS = 3
const HEALTHY = 45
/** Part of the time: above it a publisher, the server or the monitor may each be seconds late. */
const SATURATED = 0.85

/**
 * Plays all of them. What failed while other processes had all processors is played once more at the end: then nobody
 * can tell who was late.
 */
export async function playAll(
  plays: readonly Play[],
  servers: Servers,
  { concurrency, done }: { concurrency: number; done(result: Result): void },
): Promise<Result[]> {
  const results = await playEach(plays, servers, concurrency, done)
  const again = results.filter(isWorthASecondTime)
  if (again.length === 0) return results
  const second = await playEach(again, servers, Math.ceil(concurrency / 4), (result) =>
    done({ ...result, first: result }),
  )
  return results.map((first) => {
    const other = second.find(({ row, reader }) => row === first.row && reader === first.reader)
    return other ? { ...other, first } : first
  })
}

/** It failed while other processes had all processors. */
export function isWorthASecondTime({ ok, pressure }: Result): boolean {
  return !ok && pressure !== null && pressure > SATURATED
}

async function playEach(
  plays: readonly Play[],
  servers: Servers,
  concurrency: number,
  done: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = [...plays]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await play(next, servers)
      results.push(result)
      done(result)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const place = ({ row, reader }: Play) => plays.findIndex((one) => one.row === row && one.reader === reader)
  return results.sort((a, b) => place(a) - place(b))
}

/** Plays one row with one reader. */
export async function play({ row, reader }: Play, servers: Servers): Promise<Result> {
  const [began, waited] = [monotonic(), await processorWait()]
  const outcome = await playOnce(withReader(row, reader), `${row.id}-${reader}`, servers)
  const now = await processorWait()
  return {
    row,
    reader,
    ...outcome,
    pressure: waited === null || now === null ? null : (now - waited) / (monotonic() - began),
  }
}

/** Seconds since the machine started for which some process waited for a processor (Linux, pressure stall information). */
async function processorWait(): Promise<number | null> {
  const text = await readFile('/proc/pressure/cpu', 'utf8').catch(() => '')
  const total = /^some .*total=(\d+)/m.exec(text)?.[1]
  return total === undefined ? null : Number(total) / 1e6
}

/** @param name that nothing else has that is played now */
async function playOnce(row: Fault | Healthy, name: string, servers: Servers): Promise<Outcome> {
  const stage = new Stage(name, row.target ?? {}, servers)
  try {
    await row.play(stage)
    return isFault(row) ? await judgeFault(row, stage) : await judgeHealthy(row, stage)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { ok: false, found: [], missed: [], late: [], wrong: [], informed: [], error: text }
  } finally {
    await stage.end()
  }
}

async function judgeFault(row: Fault, stage: Stage): Promise<Outcome> {
  const faultAt = stage.faultAt
  if (faultAt === null) throw new Error(`${row.id} made no fault`)
  const { watched } = stage
  const raised = (type: string) => watched.said.find(({ event, issue }) => event === 'raised' && issue.type === type)
  const deadlines = row.expects.map((type) => ({ type, within: deadlineOf(type, row) }))
  // What comes late is told apart from what never comes.
  const last = faultAt + Math.max(...deadlines.map(({ within }) => within)) + 10
  while (monotonic() < last && !deadlines.every(({ type }) => raised(type))) await sleep(100)
  const unsaid = row.says ? await untilSaid(row.says, faultAt, stage) : []
  await sleep(AFTERWARDS * 1000)
  const found = deadlines.flatMap(({ type, within }): Found[] => {
    const said = raised(type)
    return said ? [{ type, after: said.at - faultAt, within }] : []
  })
  const missed = row.expects.filter((type) => !raised(type))
  const early = watched.said.filter(({ event, at, issue }) => {
    return event === 'raised' && at < faultAt && row.expects.includes(issue.type)
  })
  const late = found.filter(({ after, within }) => after > within)
  const expected = new Set([...row.expects, ...(row.allowed ?? [])])
  const wrong = [
    ...watched.said.filter(({ event, issue }) => event === 'raised' && !expected.has(issue.type)).map(told),
    ...early.map((said) => `before the fault: ${told(said)}`),
    ...stage.inaccuracies,
    ...unsaid,
    ...row.expects.flatMap((type) => {
      const times = watched.said.filter(({ event, issue }) => event === 'raised' && issue.type === type).length
      return times > 1 ? [`${type} was raised ${times} times`] : []
    }),
  ]
  const ok = missed.length + late.length + wrong.length === 0
  return { ok, found, missed, late, wrong, informed: [], error: null }
}

/** What is wrong with what an issue says; nothing when it says what it has to in time. */
async function untilSaid(
  { type, text, within }: NonNullable<Fault['says']>,
  faultAt: number,
  stage: Stage,
): Promise<string[]> {
  const summaries = () => stage.watched.issues().flatMap((issue) => (issue.type === type ? [issue.summary] : []))
  for (;;) {
    if (summaries().some((summary) => text.test(summary))) return []
    if (monotonic() > faultAt + within) return [`${type} says after ${within} s: ${summaries().join() || 'nothing'}`]
    await sleep(100)
  }
}

async function judgeHealthy(row: Healthy, stage: Stage): Promise<Outcome> {
  const { watched } = stage
  const began = watched.presentSince()
  if (began === null) throw new Error(`${row.id} showed no media`)
  while (monotonic() < began + (row.watched ?? HEALTHY)) await sleep(200)
  const raised = watched.said.filter(({ event, issue }) => event === 'raised' && !row.allowed?.includes(issue.type))
  const wrong = [
    ...raised.filter(({ issue }) => issue.severity !== 'info').map(told),
    ...(watched.state() === (row.state ?? 'ok') ? [] : [`the state is ${watched.state()}`]),
    ...stage.inaccuracies,
  ]
  const informed = raised.filter(({ issue }) => issue.severity === 'info').map(({ issue }) => issue.type)
  return { ok: wrong.length === 0, found: [], missed: [], late: [], wrong, informed, error: null }
}

function told({ issue }: Said): string {
  return `${issue.type} (${issue.summary})`
}
