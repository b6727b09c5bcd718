/**
 * How long an alert takes through the whole stack, and what arrives when a part of it dies:
 * `npm run test:stack:long -- [--tries 10] [--only TEXT] [--at-once 3]`. Ends with 1 where something is late, missing or
 * double.
 */
import { parseArgs } from 'node:util'
import { median, percentile } from '../../bench/statistics.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { knowsAlertmanager } from './daemons.ts'
import { startWholeStack, type WholeStack } from './whole-stack.ts'

interface Scenario {
  title: string
  /** What happens: the publisher dies and the server keeps the reader waiting, or the server ends all connections. */
  failure: 'silence' | 'end'
  /** Seconds within which the critical alert must be there, in each mode that has this scenario. */
  limits: Partial<Record<Mode, number>>
  /** What dies just before the publisher does; resolves with what brings it back once the alert has come. */
  fault?: (stack: WholeStack) => Promise<() => Promise<void>>
  /** What happens once the alert has arrived, before the publisher is back. */
  midway?: (stack: WholeStack) => Promise<void>
  /** How often the alert may arrive; else once. docs/alerting.md says why. */
  atMost?: number
}

type Mode = 'prometheus' | 'direct'

/** Milliseconds without a message. */
const QUIET = 10_000

const nothing = async () => {}

const SCENARIOS: Scenario[] = [
  { title: 'the server falls silent', failure: 'silence', limits: { prometheus: 12, direct: 9 } },
  { title: 'the server ends the stream', failure: 'end', limits: { prometheus: 12, direct: 4 } },
  {
    title: 'Alertmanager dead: the monitor tells',
    failure: 'silence',
    // The monitor takes over 15 s after the last answer.
    limits: { prometheus: 35, direct: 35 },
    fault: async ({ alertmanager }) => {
      await alertmanager.kill()
      return () => alertmanager.restart()
    },
    atMost: 2,
  },
  {
    title: 'Prometheus dead for 10 s',
    failure: 'silence',
    // Through Prometheus it is told when that is back, and not before the first evaluation that knows Alertmanager.
    limits: { prometheus: 90, direct: 9 },
    fault: async ({ prometheus }) => {
      await prometheus.kill()
      const back = new Promise((resolve) => setTimeout(resolve, 10_000)).then(() => prometheus.restart())
      return () => back
    },
  },
  {
    title: 'monitor killed in mid-alert, back after 5 s',
    failure: 'silence',
    limits: { prometheus: 12, direct: 9 },
    midway: ({ monitor }) => monitor.crash(5),
  },
  {
    title: 'mail server refuses for a minute',
    failure: 'silence',
    // Alertmanager waits longer and longer between its tries.
    limits: { prometheus: 120, direct: 120 },
    fault: async ({ mail }) => {
      // As with greylisting. What is refused after its text Alertmanager 0.25 does not try again.
      mail.refuse({ code: 451, message: 'greylisted, try again later', at: 'RCPT' })
      setTimeout(() => mail.refuse(null), 60_000)
      return nothing
    },
  },
]

/** Of the critical alert of the stream, by either of those who write messages. */
const isEnd = ({ subject }: { subject: string }) => /^(ended|over):.*stream main/i.test(subject)
const isFiring = ({ subject }: { subject: string }) => /^critical:.*stream main/i.test(subject)

/** Seconds, one for each try. */
interface Figures {
  told: number[]
  over: number[]
  problems: string[]
}

async function measure(scenario: Scenario, mode: Mode, limit: number, tries: number): Promise<Figures> {
  const { failure, fault = async () => nothing, midway = nothing, atMost = 1 } = scenario
  const figures: Figures = { told: [], over: [], problems: [] }
  let server = await startNginxRtmp()
  let publisher: Publisher = await startPublisher(server.url('live/main'))
  const stack = await startWholeStack({
    SITE: 'main-hall',
    RTMP_STREAMS: `main=${server.url('live/main')}`,
    ALERT_SOURCE: mode,
  })
  const { mails } = stack.mail
  const isUp = async () => (await stack.query('hmonitor_stream_up == 1').catch(() => [])).length === 1
  const secondsUntil = async (is: typeof isEnd, since: number, longest: number) => {
    await until(() => mails.some(is), longest, 'a message').catch(nothing)
    return ((mails.find(is)?.at ?? Number.NaN) - since) / 1000
  }
  try {
    for (let number = 1; number <= tries; number++) {
      const problem = (what: string) => figures.problems.push(`try ${number}: ${what}`)
      await until(isUp, 90, 'the stream is up')
      await until(() => knowsAlertmanager(stack.prometheus), 30, 'Prometheus knows Alertmanager')
      await until(() => Date.now() - (mails.at(-1)?.at ?? 0) > QUIET, 60, 'all is said of the last try')
      mails.length = 0
      const repair = await fault(stack)
      const began = Date.now()
      if (failure === 'end') await server.stop()
      await publisher.kill()
      const told = await secondsUntil(isFiring, began, limit + 60)
      figures.told.push(told)
      if (!(told <= limit)) problem(`told after ${told} s, allowed are ${limit}`)
      await repair()
      await midway(stack)
      if (failure === 'end') server = await startNginxRtmp({ port: server.port })
      const back = Date.now()
      publisher = await startPublisher(server.url('live/main'))
      const over = await secondsUntil(isEnd, back, 120)
      figures.over.push(over)
      if (Number.isNaN(over)) problem('no word that it ended')
      const count = mails.filter(isFiring).length
      if (count > atMost) problem(`${count} messages: ${mails.map(({ subject }) => subject)}`)
    }
  } finally {
    await stack.stop()
    await publisher.kill()
    await server.stop()
  }
  return figures
}

async function report(scenario: Scenario, mode: Mode, limit: number, tries: number): Promise<boolean> {
  const { told, over, problems } = await measure(scenario, mode, limit, tries)
  const shown = [told, over].flatMap((values) => {
    const come = values.filter(Number.isFinite)
    return [median(come), percentile(come, 0.95)].map((value) => `${value.toFixed(1)} s`)
  })
  console.log(`| \`${mode}\`, ${scenario.title} | ${[told.length, ...shown].join(' | ')} | ${limit} s |`)
  for (const problem of problems) console.error(`  ✖ \`${mode}\`, ${scenario.title}: ${problem}`)
  return problems.length === 0
}

const { values } = parseArgs({
  options: {
    tries: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '3' },
  },
})
const waiting = (['prometheus', 'direct'] as const).flatMap((mode) =>
  SCENARIOS.flatMap((scenario) => {
    const limit = scenario.limits[mode]
    const isWanted = `${mode}, ${scenario.title}`.includes(values.only)
    return limit === undefined || !isWanted ? [] : [() => report(scenario, mode, limit, Number(values.tries))]
  }),
)
console.log('| | tries | told: median | 95 % | over: median | 95 % | limit |')
console.log('|---|---|---|---|---|---|---|')
// Most of the time they wait.
const lanes = Array.from({ length: Number(values['at-once']) }, async () => {
  let isFine = true
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) isFine = (await next()) && isFine
  return isFine
})
process.exitCode = (await Promise.all(lanes)).every(Boolean) ? 0 : 1
