/** Runs the benchmark or parts of it and prints what it found as Markdown. `npm run bench -- --help` says how. */
import { parseArgs } from 'node:util'
import { content } from './content.ts'
import { cpu } from './cpu.ts'
import { dashboard, overviews } from './dashboard.ts'
import { environment, findStaticFfprobe } from './environment.ts'
import { history } from './history.ts'
import { latency } from './latency.ts'
import type { MonitorStart } from './monitor.ts'
import { outage } from './outage.ts'
import { picture } from './picture.ts'
import { scraping, scrapingLive } from './scraping.ts'
import { markdown, type Section } from './section.ts'
import { surroundings } from './surroundings.ts'
import { truth } from './truth.ts'

const HELP = `npm run bench [-- PART… OPTIONS]

Parts (all of them without any, but not live-scrape): cpu, content, picture, latency, scrape, live-scrape,
  surroundings, dashboard, history, outage, truth
  --streams LIST     streams of the part cpu (10,50,100)
  --reader NAME      what the monitor reads with in the part cpu: auto or ffprobe (auto)
  --checks LIST      depths of the part content (content,full,auto)
  --series-streams N streams of scrape and live-scrape, of 50 series each (250)
  --dashboard-streams N  streams of the part dashboard (50)
  --pictures FOLDER  only takes pictures of the overview with 1, 4, 30 and 200 targets, and puts them there
  --outage-streams N streams of the part outage (1000)
  --hosts N          hosts of the part surroundings (200)
  --services N       services of the part surroundings (50)
  --seconds N        length of each slice of cpu and content (10), of the other parts (60)
  --tries N          tries of the parts latency and picture (20)
  --ffprobe PATH     what the monitor watches with (the static build that the application brings)
  --ffmpeg PATH      the bare reader of the part cpu (ffmpeg from PATH)
  --profile FOLDER   puts CPU profiles of the monitor's processes there (cpu and scrape); profiling itself costs CPU
  --help             shows this

It prints Markdown, and exits with 1 when a goal is missed.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', default: '10,50,100' },
    reader: { type: 'string', default: 'auto' },
    checks: { type: 'string', default: 'content,full,auto' },
    'series-streams': { type: 'string', default: '250' },
    'dashboard-streams': { type: 'string', default: '50' },
    pictures: { type: 'string' },
    'outage-streams': { type: 'string', default: '1000' },
    hosts: { type: 'string', default: '200' },
    services: { type: 'string', default: '50' },
    seconds: { type: 'string' },
    tries: { type: 'string', default: '20' },
    ffprobe: { type: 'string' },
    ffmpeg: { type: 'string', default: 'ffmpeg' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const ffmpeg = values.ffmpeg
const start: MonitorStart = { ffprobe: values.ffprobe ?? findStaticFfprobe(), profiles: values.profile }
const PARTS: Readonly<Record<string, () => Promise<Section>>> = {
  cpu: () =>
    cpu(start, {
      ffmpeg,
      reader: readerOf(values.reader),
      counts: values.streams
        .split(',')
        .map(positive)
        .sort((a, b) => a - b),
      seconds: seconds(10),
    }),
  content: () => content(start, { ffmpeg, seconds: seconds(10), checks: values.checks.split(',') }),
  picture: () => picture(positive(values.tries)),
  latency: () => latency(start, positive(values.tries)),
  scrape: () => scraping(start, positive(values['series-streams']), seconds(60)),
  'live-scrape': () => scrapingLive(start, positive(values['series-streams']), seconds(60)),
  surroundings: () =>
    surroundings(start, { hosts: positive(values.hosts), services: positive(values.services), seconds: seconds(60) }),
  dashboard: () => dashboard(start, positive(values['dashboard-streams']), seconds(60)),
  history: () => history([100, 1000], seconds(60)),
  outage: () => outage(positive(values['outage-streams']), seconds(60)),
  truth: () => truth(start, seconds(60)),
}

/** It measures the machine: that many ffprobes fill it. */
const NOT_BY_ITSELF: ReadonlySet<string> = new Set(['live-scrape'])

function readerOf(name: string): 'auto' | 'ffprobe' {
  if (name === 'auto' || name === 'ffprobe') return name
  return fail(`There is no reader "${name}"`)
}

function seconds(usual: number): number {
  return values.seconds === undefined ? usual : positive(values.seconds)
}

function positive(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) fail(`"${text}" is not a whole number above 0`)
  return number
}

function fail(why: string): never {
  console.error(`${why}\n\n${HELP}`)
  process.exit(2)
}

async function run(): Promise<void> {
  const unknown = positionals.find((name) => !(name in PARTS))
  if (unknown !== undefined) fail(`There is no part "${unknown}"`)
  console.log(
    environment(start.ffprobe, ffmpeg)
      .map((line) => `- ${line}`)
      .join('\n'),
  )
  let missed = false
  for (const [name, part] of Object.entries(PARTS)) {
    if (positionals.length > 0 ? !positionals.includes(name) : NOT_BY_ITSELF.has(name)) continue
    console.error(`${name} …`)
    const section = await part()
    missed ||= section.goals.some(({ reached }) => !reached)
    console.log(`\n${markdown(section)}`)
  }
  process.exitCode = missed ? 1 : 0
}

if (values.help) console.log(HELP)
else if (values.pictures !== undefined) await overviews(start, values.pictures)
else await run()
