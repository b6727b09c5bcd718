/**
 * How long an alert takes through the whole stack, and what arrives when a part of it dies: `npm run test:stack:long`,
 * `-- 3` for three tries of each. Ends with 1 where something is late, missing or double.
 */
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { knowsAlertmanager } from './daemons.ts'
import { startWholeStack, type WholeStack } from './whole-stack.ts'

const TRIES = Number(process.argv[2] ?? 10)

interface Scenario {
  title: string
  /** What happens: the publisher dies and the server keeps the reader waiting, or the server ends all connections. */
  failure: 'silence' | 'end'
  env?: Record<string, string>
  /** Milliseconds within which the critical alert must be there. */
  limit: number
  /** What dies just before the publisher does; resolves with what brings it back. */
  fault?: (stack: WholeStack) => Promise<() => Promise<void>>
  /** What happens once the alert has arrived, before the publisher is back. */
  midway?: (stack: WholeStack) => Promise<void>
  /** How often the alert may arrive. */
  atMost: number
}

const killed = (part: 'prometheus' | 'alertmanager') => async (stack: WholeStack) => {
  await stack[part].kill()
  return () => stack[part].restart()
}

const SCENARIOS: Scenario[] = [
  { title: 'Prometheus, server falls silent', failure: 'silence', limit: 12_000, atMost: 1 },
  { title: 'Prometheus, server ends the stream', failure: 'end', limit: 12_000, atMost: 1 },
  {
    title: 'direct, server falls silent',
    failure: 'silence',
    env: { ALERT_SOURCE: 'direct' },
    limit: 9000,
    atMost: 1,
  },
  {
    title: 'direct, server ends the stream',
    failure: 'end',
    env: { ALERT_SOURCE: 'direct' },
    limit: 4000,
    atMost: 1,
  },
  // The monitor takes over 15 s after the last answer. docs/alerts.md allows a double when Alertmanager is back.
  {
    title: 'Prometheus, Alertmanager dead',
    failure: 'silence',
    limit: 35_000,
    fault: killed('alertmanager'),
    atMost: 2,
  },
  // It is told when Prometheus is back, and not before the first evaluation that knows Alertmanager.
  {
    title: 'Prometheus dead for 10 s',
    failure: 'silence',
    limit: 90_000,
    fault: async (stack) => {
      await stack.prometheus.kill()
      setTimeout(() => void stack.prometheus.restart(), 10_000)
      return async () => {}
    },
    atMost: 1,
  },
  {
    title: 'Prometheus, monitor killed mid-alert',
    failure: 'silence',
    limit: 12_000,
    midway: (stack) => stack.monitor.crash(5),
    atMost: 1,
  },
]

/** Of the critical alert of the stream, by either of those who write messages. */
const isEnd = (subject: string) => /^(ended|over):.*stream main/i.test(subject)
const isFiring = (subject: string) => /^critical:.*stream main/i.test(subject)

async function measure(scenario: Scenario): Promise<string[]> {
  const problems: string[] = []
  const firing: number[] = []
  const ended: number[] = []
  let server = await startNginxRtmp()
  let publisher: Publisher = await startPublisher(server.url('live/main'))
  const stack = await startWholeStack({
    SITE: 'main-hall',
    RTMP_STREAMS: `main=${server.url('live/main')}`,
    ...scenario.env,
  })
  const { mails } = stack.mail
  const isUp = async () => (await stack.query('hmonitor_stream_up == 1')).length === 1
  try {
    for (let number = 1; number <= TRIES; number++) {
      await until(isUp, 60, 'the stream is up')
      await until(() => knowsAlertmanager(stack.prometheus), 30, 'Prometheus knows Alertmanager')
      mails.length = 0
      const repair = await scenario.fault?.(stack)
      const began = Date.now()
      if (scenario.failure === 'end') await server.stop()
      await publisher.kill()
      try {
        await until(() => mails.some(({ subject }) => isFiring(subject)), scenario.limit / 1000 + 60, 'the alert')
      } catch {
        problems.push(`try ${number}: nothing arrived`)
      }
      const arrived = (mails.find(({ subject }) => isFiring(subject))?.at ?? Number.NaN) - began
      firing.push(arrived)
      if (!(arrived <= scenario.limit)) problems.push(`try ${number}: ${arrived} ms, allowed are ${scenario.limit}`)
      await repair?.()
      await scenario.midway?.(stack)
      if (scenario.failure === 'end') server = await startNginxRtmp({ port: server.port })
      const back = Date.now()
      publisher = await startPublisher(server.url('live/main'))
      try {
        await until(() => mails.some(({ subject }) => isEnd(subject)), 120, 'the end')
        ended.push((mails.find(({ subject }) => isEnd(subject))?.at ?? Number.NaN) - back)
      } catch {
        problems.push(`try ${number}: no word that it ended`)
      }
      const count = mails.filter(({ subject }) => isFiring(subject)).length
      if (count > scenario.atMost)
        problems.push(`try ${number}: ${count} messages: ${mails.map((each) => each.subject)}`)
    }
  } finally {
    await stack.stop()
    await publisher.kill()
    await server.stop()
  }
  console.log(`${scenario.title.padEnd(38)} alert ${figures(firing)}   end ${figures(ended)}   ${firing.length} tries`)
  for (const problem of problems) console.log(`  ✖ ${problem}`)
  return problems
}

/** Median and 95th percentile, nearest rank, in seconds. */
function figures(values: readonly number[]): string {
  const sorted = values.filter(Number.isFinite).sort((one, other) => one - other)
  const at = (share: number) =>
    ((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN) / 1000).toFixed(1)
  return `median ${at(0.5)} s, 95 % ${at(0.95)} s`
}

const wanted = process.argv[3]
let failed = 0
for (const scenario of SCENARIOS) {
  if (wanted === undefined || scenario.title.includes(wanted)) failed += (await measure(scenario)).length
}
process.exitCode = failed === 0 ? 0 : 1
