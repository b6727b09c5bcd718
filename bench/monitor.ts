import { fork } from 'node:child_process'
import { parseExposition, type Sample, valuesOf } from '../test/exposition.ts'
import { until } from '../test/fixtures/wait.ts'
import { end, nextMessage } from './child.ts'
import { Scraper } from './scrape.ts'

export interface StreamUnderTest {
  name: string
  url: string
}

/** A running monitor that is measured from outside. */
export interface MonitorUnderTest {
  readonly pid: number
  samples(): Promise<Sample[]>
  stop(): Promise<void>
}

/** Starts the monitor and waits until it answers. */
export async function startMonitor(ffprobe: string, streams: readonly StreamUnderTest[]): Promise<MonitorUnderTest> {
  const args = [ffprobe, ...streams.map(({ name, url }) => `${name}=${url}`)]
  const child = fork(new URL('./monitor.child.ts', import.meta.url), args)
  const { port } = await nextMessage<{ port: number }>(child)
  const scraper = new Scraper(`http://127.0.0.1:${port}/metrics`)
  const { pid } = child
  if (pid === undefined) throw new Error('The monitor was not started')
  return {
    pid,
    samples: async () => parseExposition((await scraper.scrape()).body),
    stop: async () => {
      scraper.close()
      await end(child)
    },
  }
}

/** Waits until that many streams are up. */
export async function untilUp(monitor: MonitorUnderTest, streams: number): Promise<void> {
  const isUp = async () => valuesOf(await monitor.samples(), 'hmonitor_stream_up').filter((up) => up === 1).length
  await until(async () => (await isUp()) === streams, 60, `${streams} streams are up`)
}
