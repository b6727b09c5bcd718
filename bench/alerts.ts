/**
 * How long it takes from a publisher's death to a message, over real streams, a real mail server and a real
 * Alertmanager: `npm run test:alerts -- --tries 10 alone direct killed refused`. It takes about twenty minutes.
 */
import { parseArgs } from 'node:util'
import { httpSink } from '../test/fixtures/sinks.ts'
import { until } from '../test/fixtures/wait.ts'
import { alertmanagerToldOf } from '../test/stack/delivery/alertmanager-told.ts'
import { type Stage, setStage, startAlertmanager } from '../test/stack/delivery/stage.ts'
import { median, percentile } from './statistics.ts'

/** Seconds from the death of the publisher, by what its server does then. */
const LIMITS = { ended: 4, silent: 9 } as const
/** Seconds. */
const REFUSED_FOR = 60
type Stream = keyof typeof LIMITS
const STREAMS: Stream[] = ['ended', 'silent']

interface Figure {
  what: string
  limit: number
  seconds: number[]
  /** Messages that came more than once. */
  doubles: number
}

const figure = (what: string, limit: number): Figure => ({ what, limit, seconds: [], doubles: 0 })
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

async function alone(tries: number): Promise<Figure[]> {
  const stage = await setStage({ streams: { ended: 'ends', silent: 'silent' } })
  const figures = {
    ended: figure('no Alertmanager: the server ends the stream, email and webhook', LIMITS.ended),
    silent: figure('no Alertmanager: the stream falls silent, email and webhook', LIMITS.silent),
  }
  try {
    await stage.monitor()
    for (let turn = 0; turn < tries; turn += 1) {
      stage.forget()
      const killed = await Promise.all(STREAMS.map(async (name) => ({ name, at: await stage.kill(name) })))
      for (const { name, at } of killed) {
        const { mail, post } = await stage.untilTold(name, 'firing', at, 60)
        figures[name].seconds.push(Math.max(mail, post))
      }
      await comeBack(stage)
      for (const name of STREAMS) {
        await stage.untilTold(name, 'resolved', 0, 60)
        for (const what of ['firing', 'resolved'] as const) {
          figures[name].doubles += stage.mailsOf(name, what).length - 1 + stage.postsOf(name, what).length - 1
        }
      }
      await pause(11)
    }
  } finally {
    await stage.stop()
  }
  return Object.values(figures)
}

async function direct(tries: number): Promise<Figure[]> {
  const receiver = await httpSink()
  const alertmanager = await startAlertmanager([{ url: receiver.url, send_resolved: true }])
  const env = { ALERTMANAGER_URLS: alertmanager.url }
  const stage = await setStage({ streams: { ended: 'ends', silent: 'silent' }, env })
  const figures = {
    ended: figure('direct, through Alertmanager: the server ends the stream', LIMITS.ended),
    silent: figure('direct, through Alertmanager: the stream falls silent', LIMITS.silent),
  }
  const dead = figure('direct, Alertmanager dead: the stream falls silent, email and webhook', LIMITS.silent)
  const told = (name: string, status: string) => alertmanagerToldOf(receiver, name, status)
  try {
    await stage.monitor()
    for (let turn = 0; turn < tries; turn += 1) {
      receiver.posts.length = 0
      const killed = await Promise.all(STREAMS.map(async (name) => ({ name, at: await stage.kill(name) })))
      for (const { name, at } of killed) {
        await until(() => told(name, 'firing').length > 0, 60, `${name} fires`)
        figures[name].seconds.push(((told(name, 'firing')[0] ?? 0) - at) / 1000)
      }
      await comeBack(stage)
      for (const name of STREAMS) {
        await until(() => told(name, 'resolved').length > 0, 60, `${name} is over`)
        figures[name].doubles += told(name, 'firing').length - 1 + told(name, 'resolved').length - 1
      }
    }
    await alertmanager.process.kill()
    await pause(20)
    for (let turn = 0; turn < tries; turn += 1) {
      stage.forget()
      const at = await stage.kill('silent')
      const { mail, post } = await stage.untilTold('silent', 'firing', at, 60)
      dead.seconds.push(Math.max(mail, post))
      await stage.publish('silent')
      await stage.untilTold('silent', 'resolved', 0, 60)
      dead.doubles += stage.mailsOf('silent', 'firing').length - 1 + stage.mailsOf('silent', 'resolved').length - 1
      await pause(11)
    }
  } finally {
    await stage.stop()
    await alertmanager.stop()
    await receiver.close()
  }
  return [...Object.values(figures), dead]
}

/** The monitor is killed when it has told, and begins again 5 s later. */
function killed(tries: number): Promise<Figure[]> {
  const told = figure('no Alertmanager, monitor killed in mid-alert: email and webhook', LIMITS.silent)
  return withSilentStream(tries, told, async (stage) => {
    const { mail, post } = await stage.untilTold('silent', 'firing', await stage.kill('silent'), 60)
    // Between what a receiver has taken and its being on disk are milliseconds, of which docs/alerting.md tells.
    await pause(1)
    await stage.crash()
    await pause(5)
    await stage.monitorAlone()
    return Math.max(mail, post)
  })
}

/** The mail server refuses every message for a minute. */
function refused(tries: number): Promise<Figure[]> {
  // The last try within the minute may be followed by a pause of as long.
  const told = figure('no Alertmanager, mail server refuses for a minute: email', REFUSED_FOR * 2 + LIMITS.silent)
  return withSilentStream(tries, told, async (stage) => {
    stage.mailbox.refuse({ code: 451, message: 'greylisted, try again later' })
    const accepting = pause(REFUSED_FOR).then(() => stage.mailbox.refuse(null))
    const { mail } = await stage.untilTold('silent', 'firing', await stage.kill('silent'), 180)
    await accepting
    return mail
  })
}

/** @param fail kills the publisher of the stream and answers after how many seconds it was told of */
async function withSilentStream(
  tries: number,
  told: Figure,
  fail: (stage: Stage) => Promise<number>,
): Promise<Figure[]> {
  const stage = await setStage({ streams: { silent: 'silent' } })
  try {
    await stage.monitor()
    for (let turn = 0; turn < tries; turn += 1) {
      stage.forget()
      told.seconds.push(await fail(stage))
      await stage.publish('silent')
      await stage.untilTold('silent', 'resolved', 0, 120)
      await pause(11)
      told.doubles += doublesOf(stage)
    }
  } finally {
    await stage.stop()
  }
  return [told]
}

function doublesOf(stage: Stage): number {
  return (['firing', 'resolved'] as const).reduce(
    (sum, what) => sum + stage.mailsOf('silent', what).length - 1 + stage.postsOf('silent', what).length - 1,
    0,
  )
}

async function comeBack(stage: Stage): Promise<void> {
  await Promise.all(STREAMS.map((name) => stage.publish(name)))
}

const PARTS = { alone, direct, killed, refused }
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tries: { type: 'string', default: '10' } },
})
const wanted = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name))
// Side by side: most of the time they wait.
const figures = (await Promise.all(wanted.map(([, part]) => part(Number(values.tries))))).flat()
console.log('| from the death of the publisher to the message | tries | median | 95 % within | limit | doubles |')
console.log('|---|---|---|---|---|---|')
for (const { what, limit, seconds, doubles } of figures) {
  const [middle, most] = [median(seconds), percentile(seconds, 0.95)].map((value) => `${value.toFixed(1)} s`)
  console.log(`| ${what} | ${seconds.length} | ${middle} | ${most} | ${limit} s | ${doubles} |`)
}
const isMissed = figures.some(({ limit, seconds, doubles }) => percentile(seconds, 0.95) > limit || doubles > 0)
process.exitCode = isMissed ? 1 : 0
