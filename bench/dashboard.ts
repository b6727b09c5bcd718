import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../test/e2e/browser.ts'
import { freePort } from '../test/fixtures/ports.ts'
import { issue } from '../test/metrics/observations.ts'
import { type FlowNode, root } from '../test/runtime.ts'
import { flowOfMadeStreams } from './flow-of-50-series.ts'
import { type LoopDelay, type MonitorStart, type MonitorUnderTest, startMonitor } from './monitor.ts'
import type { Section } from './section.ts'
import { percentile } from './statistics.ts'

/** Seconds. Above it a person sees that a page hangs. */
const LONGEST_TASK = 0.1
/** Seconds: of the runtime, as for the scrape. */
const LATEST = 0.1
/** Share of the seconds in which an update came. */
const FEWEST_UPDATES = 0.95
/** Counts of targets of which pictures are taken, and the widths of the screens. */
const COUNTS = [1, 4, 30, 200]
const SCREENS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

/** Pages that are measured, and the names of their widgets. */
const PAGES = { overview: 'all targets, worst first', 'stream?target=stream-0': 'one stream' }

interface Found {
  name: string
  /** Updates of the page's widget that came over its web socket. */
  updates: number
  seconds: number
  /** Of the page's main thread, 50 ms and longer, seconds. */
  longTasks: number[]
  /** Bytes of the page's JavaScript heap after garbage collection, at the begin and the end. */
  heap: [number, number]
  delay: LoopDelay
}

/** The dashboard with many streams, whose observations are made: how often it updates and what that costs both ends. */
export async function dashboard(start: MonitorStart, streams: number, seconds: number): Promise<Section> {
  const browser = await startBrowser()
  const monitor = await startMonitor(start, await targetsOf(streams), flows())
  try {
    await monitor.untilSteady(streams)
    const { page, newUpdates } = await open(browser, monitor)
    await page.goto('about:blank')
    await monitor.loopDelay()
    await page.waitForTimeout((seconds * 1000) / 2)
    const quiet = await monitor.loopDelay()
    const found: Found[] = []
    for (const [address, widget] of Object.entries(PAGES)) {
      found.push(await look(monitor, page, () => newUpdates().get(widgetOf(widget)) ?? 0, address, seconds))
    }
    return sectionOf(streams, quiet, found)
  } finally {
    await browser.close()
    await monitor.stop()
  }
}

/** Pictures of the overview with few and with many targets, as a telephone and a desk show it. */
export async function overviews(start: MonitorStart, folder: string): Promise<void> {
  const browser = await startBrowser()
  try {
    for (const count of COUNTS) {
      const monitor = await startMonitor(start, await targetsOf(count), flows())
      try {
        await monitor.untilSteady(count)
        for (const viewport of SCREENS) {
          const { page } = await open(browser, monitor, viewport)
          await page
            .locator('.hm-card')
            .nth(count - 1)
            .waitFor()
          await page.screenshot({ path: join(folder, `overview-${count}-${viewport.width}.png`) })
          await page.context().close()
        }
      } finally {
        await monitor.stop()
      }
    }
  } finally {
    await browser.close()
  }
}

/** Nothing listens there: a stream of each name is watched, and costs no process. */
async function targetsOf(count: number): Promise<{ name: string; url: string }[]> {
  const url = `rtmp://127.0.0.1:${await freePort()}/live/bench`
  return Array.from({ length: count }, (_, index) => ({ name: `stream-${index}`, url }))
}

/** The id of the widget of that name. */
function widgetOf(name: string): string {
  const nodes = JSON.parse(readFileSync(join(root, 'flows/dashboard.json'), 'utf8')) as FlowNode[]
  return nodes.find((node) => node.type === 'ui-template' && node.name === name)?.id ?? ''
}

/** All shipped flows, with made observations of which some have a fault: about one in ten. */
function flows(): FlowNode[] {
  const shipped = ['alerts', 'dashboard'].flatMap(
    (name) => JSON.parse(readFileSync(join(root, 'flows', `${name}.json`), 'utf8')) as FlowNode[],
  )
  const made = flowOfMadeStreams().map((node) =>
    node.name === '50 series' ? { ...node, func: withStates(node) } : node,
  )
  const ids = new Set(made.map(({ id }) => id))
  return [...made, ...shipped.filter(({ id }) => !ids.has(id))]
}

function withStates({ func }: FlowNode): string {
  const [low, offline] = ['bitrateLow', 'streamOffline'].map((type) => JSON.stringify([issue(type)]))
  return String(func).replace(
    /return msg$/,
    `const number = Number(msg.payload.target.split('-')[1])
const state = number % 29 === 7 ? 'down' : number % 13 === 4 ? 'degraded' : 'ok'
const issues = { down: ${offline}, degraded: ${low}, ok: [] }[state]
return Object.assign(msg.payload, { state, issues, score: { down: 0, degraded: 80, ok: 100 }[state] }), msg`,
  )
}

/** A browser of its own that has logged in, on the overview. */
async function open(browser: Browser, monitor: MonitorUnderTest, viewport = SCREENS[0]) {
  const context = await browser.newContext({ viewport: viewport ?? null })
  const page = await context.newPage()
  /** Of each widget: those of other pages come too. */
  let updates = new Map<string, number>()
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const [, widget] = /"msg-input:([0-9a-f]+)"/.exec(String(payload)) ?? []
      if (widget !== undefined) updates.set(widget, (updates.get(widget) ?? 0) + 1)
    }),
  )
  await page.goto(monitor.url('/dashboard'))
  await page.fill('#password', monitor.password)
  await page.click('button')
  await page.waitForURL(/\/dashboard(?!\/login)/)
  const newUpdates = () => {
    const since = updates
    updates = new Map()
    return since
  }
  return { page, newUpdates }
}

async function look(
  monitor: MonitorUnderTest,
  page: Page,
  newUpdates: () => number,
  name: string,
  seconds: number,
): Promise<Found> {
  await page.goto(monitor.url(`/dashboard/${name}`))
  await page.locator('.hm').first().waitFor()
  // What it costs to open the page is not in it.
  await page.waitForTimeout(5000)
  const session = await page.context().newCDPSession(page)
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
  const before = await heap()
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { tasks })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration / 1000)
    }).observe({ type: 'longtask' })
  })
  newUpdates()
  await monitor.loopDelay()
  await page.waitForTimeout(seconds * 1000)
  const delay = await monitor.loopDelay()
  const updates = newUpdates()
  const longTasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks)
  return { name: name.split('?')[0] ?? name, updates, seconds, longTasks, heap: [before, await heap()], delay }
}

function sectionOf(streams: number, quiet: LoopDelay, found: readonly Found[]): Section {
  const ms = (value: number) => `${(value * 1000).toFixed(1)} ms`
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  const spread = ({ p50, p99, max }: LoopDelay) => `${ms(p50)}, ${ms(p99)}, ${ms(max)}`
  return {
    title: `The dashboard with ${streams} streams`,
    how:
      `${streams} streams whose observations are made, one a second each, about one in ten with a fault; one browser ` +
      `on the same machine. Delay of Node-RED's event loop (p50, p99, longest) without a browser: ${spread(quiet)}.`,
    header: ['page', 'updates', 'tasks over 50 ms', 'longest', 'heap', "Node-RED's delay: p50, p99, longest"],
    rows: found.map(({ name, updates, seconds, longTasks, heap: [before, after], delay }) => [
      ...[name, `${updates} in ${seconds} s`, String(longTasks.length)],
      ...[
        longTasks.length === 0 ? 'none' : ms(Math.max(...longTasks)),
        `${mb(before)}, then ${mb(after)}`,
        spread(delay),
      ],
    ]),
    goals: found.flatMap(({ name, updates, seconds, longTasks, delay }) => {
      const share = updates / seconds
      const longest = longTasks.length === 0 ? 0 : percentile(longTasks, 1)
      return [
        { what: `${name}: an update each second`, measured: share.toFixed(2), reached: share >= FEWEST_UPDATES },
        { what: `${name}: no task over 100 ms`, measured: ms(longest), reached: longest <= LONGEST_TASK },
        { what: `${name}: p99 of Node-RED's delay 100 ms`, measured: ms(delay.p99), reached: delay.p99 <= LATEST },
      ]
    }),
  }
}
