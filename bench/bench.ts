/** Runs the benchmark or parts of it and prints what it found as Markdown. `npm run bench -- --help` says how. */
import { parseArgs } from 'node:util'
import { cpu } from './cpu.ts'
import { environment } from './environment.ts'
import { latency } from './latency.ts'
import { scraping } from './scraping.ts'
import { markdown, type Section } from './section.ts'
import { truth } from './truth.ts'

const HELP = `npm run bench [-- PART… OPTIONS]

Parts (all of them without any): cpu, latency, scrape, truth
  --streams LIST     streams of the part cpu (10,50,100)
  --series-streams N streams of the part scrape, of 50 series each (250)
  --seconds N        length of each slice of cpu (20), of scrape (60) and of truth (60)
  --tries N          tries of the part latency (20)
  --profile FOLDER   puts CPU profiles of the monitor's processes there (cpu and scrape)
  --help             shows this

It prints Markdown, and exits with 1 when a goal is missed.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', default: '10,50,100' },
    'series-streams': { type: 'string', default: '250' },
    seconds: { type: 'string' },
    tries: { type: 'string', default: '20' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const FFMPEG = 'ffmpeg'
const { profile: profiles } = values
const PARTS: Readonly<Record<string, () => Promise<Section>>> = {
  cpu: () => cpu({ ffmpeg: FFMPEG, counts: values.streams.split(',').map(positive), seconds: seconds(20), profiles }),
  latency: () => latency(positive(values.tries)),
  scrape: () => scraping(positive(values['series-streams']), seconds(60), profiles),
  truth: () => truth(seconds(60)),
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
    environment(FFMPEG)
      .map((line) => `- ${line}`)
      .join('\n'),
  )
  let missed = false
  for (const [name, part] of Object.entries(PARTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    console.error(`${name} …`)
    const section = await part()
    missed ||= section.goals.some(({ reached }) => !reached)
    console.log(`\n${markdown(section)}`)
  }
  process.exitCode = missed ? 1 : 0
}

if (values.help) console.log(HELP)
else await run()
