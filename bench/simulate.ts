/** Works out what a fleet of monitors does with many streams, and prints it as Markdown: `npm run simulate -- --help`. */
import { parseArgs } from 'node:util'
import { simulate } from './fleet/tables.ts'
import { markdown } from './section.ts'

const HELP = `npm run simulate [-- OPTIONS]

  --sites N     sites, each with a gateway and an ingest (40)
  --streams N   streams of each site (250)
  --room N      streams of a room (10)
  --shards N    monitors, at least 2 (40)
  --help        shows this

Nothing is started: what is watched where, what moves and what is one incident is found by the monitor's own code.
`

const { values } = parseArgs({
  options: {
    sites: { type: 'string', default: '40' },
    streams: { type: 'string', default: '250' },
    room: { type: 'string', default: '10' },
    shards: { type: 'string', default: '40' },
    help: { type: 'boolean', default: false },
  },
})

function positive(name: 'sites' | 'streams' | 'room' | 'shards', least = 1): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number >= least) return number
  console.error(`--${name} is "${values[name]}" and must be a whole number from ${least} on\n\n${HELP}`)
  process.exit(2)
}

if (values.help) console.log(HELP)
else {
  const fleet = {
    sites: positive('sites'),
    streamsPerSite: positive('streams'),
    streamsPerRoom: positive('room'),
  }
  console.log(simulate(fleet, positive('shards', 2)).map(markdown).join('\n'))
}
