import { fork } from 'node:child_process'
import { parseExposition } from '../test/exposition.ts'
import { end, nextMessage } from './child.ts'
import { type Scrape, Scraper } from './scrape.ts'
import type { Section } from './section.ts'
import { percentile } from './statistics.ts'

const STREAMS = 250
/** Seconds, DESIGN.md section 11. */
const GOAL = 0.1

interface Delay {
  p50: number
  p99: number
  max: number
}

/** `/metrics` with 250 streams, scraped once a second, and the delay of the event loop meanwhile. */
export async function scraping(seconds: number): Promise<Section> {
  const child = fork(new URL('./scraping.child.ts', import.meta.url), [String(STREAMS)])
  const { port } = await nextMessage<{ port: number }>(child)
  const scraper = new Scraper(`http://127.0.0.1:${port}/metrics`)
  const ask = async (): Promise<Delay> => {
    child.send('delay')
    return nextMessage<Delay>(child)
  }
  const scrapes: Scrape[] = []
  try {
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await scraper.scrape()
    await ask()
    for (let second = 0; second < seconds; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      scrapes.push(await scraper.scrape())
    }
    return sectionOf(scrapes, await ask())
  } finally {
    scraper.close()
    await end(child)
  }
}

function sectionOf(scrapes: readonly Scrape[], delay: Delay): Section {
  const last = scrapes.at(-1)
  const series = parseExposition(last?.body ?? '').filter(({ labels }) => labels.target !== undefined).length
  const times = scrapes.map(({ seconds }) => seconds)
  const p99 = percentile(times, 0.99)
  const ms = (value: number) => `${(value * 1000).toFixed(1)} ms`
  return {
    title: '/metrics under a 1 s scrape',
    how: `${STREAMS} streams, ${series} series, ${((last?.bytes ?? 0) / 1e6).toFixed(2)} MB each, ${scrapes.length} scrapes.`,
    header: ['what', 'p50', 'p99', 'longest'],
    rows: [
      ['scrape', ms(percentile(times, 0.5)), ms(p99), ms(Math.max(...times))],
      ['delay of the event loop', ms(delay.p50), ms(delay.p99), ms(delay.max)],
    ],
    goals: [
      { what: 'p99 of the scrape at most 100 ms', measured: ms(p99), reached: p99 <= GOAL },
      { what: 'nothing else delayed by more than 100 ms', measured: ms(delay.max), reached: delay.max <= GOAL },
    ],
  }
}
