// Writes docs/diagnosis.md from the tables in src/diagnosis. Run it after a change to one; a test holds the page to them.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Cause, Weight } from '../src/diagnosis/cause.ts'
import { CAUSE_NAMES, CAUSES } from '../src/diagnosis/causes.ts'
import { evidenceOf, QUESTION_NAMES, QUESTIONS } from '../src/diagnosis/evidence.ts'
import { MONITOR_PLACES } from '../src/diagnosis/situation.ts'
import { LOCATIONS, type Location } from '../src/observation/diagnosis.ts'
import { wordsOf } from '../src/observation/words.ts'
import { PacketMeter } from '../src/stream/meter.ts'
import { resultsOfLaboratory } from './diagnosis-results.ts'
import { PLACES } from './location-texts.ts'

export const DIAGNOSIS_PAGE = fileURLToPath(new URL('../docs/diagnosis.md', import.meta.url))

const INTRODUCTION = `# Where the fault is

<!-- Made from the tables in src/diagnosis by scripts/generate-diagnosis-doc.ts. Change the tables, not this page. -->

When something fires, the monitor says where the fault most probably is: in the message ("Probable cause"), and as \`diagnosis\` of the alert. It only adds words: who is told of what is decided without it.

It asks the questions below. Each is answered *bad*, *good* or not at all; what is not known counts for nothing. Each cause makes an answer bad with its own probability (*noisy-OR*, with a leak for what happens without any cause), and nothing, every cause alone and every pair of them are weighed against one another. What comes out is said in one of three words: *certain* from 0.9 and with four answers at least, *likely* from 0.6, *possible* from 0.5; below that nothing is said, but what would decide it. With *certain* and *likely* the steps to take are those of the cause.

Nothing is *certain* as long as an answer is awaited by which another location could become the likeliest: what was answered before the stream went away says nothing of now, and is asked anew within a poll or two. Where two causes look the same but for one answer, theirs waits for that one.

Where all the answers together speak less than three to one for the likeliest cause against that of a second location, which has a fifth of the probability at least, only the priors tell the two apart. Then it is *possible* at the most, both are named, the steps to take are those of both in turn, and what is asked for is what would tell them apart: something to watch, or a second monitor elsewhere.

What was bad counts for a minute in the same incident, though it is well at this moment: faults come and go. What was well while nothing arrived counts when nothing arrives again, until it is answered anew. Between two such times, what the stream shows says nothing of them.

What is *unusual* for a host on the way or a line ([baselines](baselines.md)) is evidence as well, and a weak one.

The numbers come from published experience.

## What helps it

- Name what a stream needs under \`dependsOn\`: its encoder, the gateway of the venue, the ingest. A host or a service at the stream's server is known by its address.
- Say where a host or a service stands, where its address does not tell: \`"at": "venue"\`, \`"way"\` (beyond the line of the venue) or \`"server"\`. What an encoder depends on stands at the venue.
- Make one host near the monitor a control host (\`"control": true\`), so that its own network is never taken for the stream's.
- Watch a second stream of the same server, and one of another.

The monitor stands at the venue where it reaches an encoder by a private address, beside the server where it reaches that by one, and elsewhere otherwise: what its own way cannot reach is not blamed.
`

function weightOf(weight: Weight): string {
  if (typeof weight === 'number') return String(weight)
  return MONITOR_PLACES.flatMap((place) => (weight[place] === undefined ? [] : `${weight[place]} (${place})`)).join(
    ', ',
  )
}

function causesAt(location: Location): string {
  const rows = CAUSE_NAMES.filter((name) => CAUSES[name].location === location).map((name) => {
    const { says, prior, makesBad, certainWith, remedy, source }: Cause = CAUSES[name]
    const weights = Object.entries(makesBad).map(([question, weight]) => `${wordsOf(question)} ${weightOf(weight)}`)
    const proof = certainWith === undefined ? '' : ` Certain only where ${wordsOf(certainWith)} is bad.`
    return [
      `**${says}** (\`${name}\`, prior ${prior}). ${source}.`,
      ...['', `Makes bad: ${weights.join(', ')}.${proof}`, ''],
      ...remedy.map((step, index) => `${index + 1}. ${step}`),
    ].join('\n')
  })
  return [`## ${location}`, '', `${PLACES[location]}.`, '', rows.join('\n\n'), ''].join('\n')
}

const NO_STREAMS = { known: 0, well: 0, late: 0, down: 0 }

/** What is known where a stream alone is watched, and nothing has come of it yet. */
const NOTHING = evidenceOf({
  monitorAt: 'elsewhere',
  stream: {
    ...{ kind: 'stream', target: '', labels: {}, time: '', sequence: 0, state: 'unknown', expected: true },
    ...{ score: null, issues: [], measurements: new PacketMeter({ stallAfter: 2 }).measure(0) },
  },
  ...{ encoders: [], hosts: [], services: [], bandwidth: [], platforms: [] },
  others: { onServer: NO_STREAMS, elsewhere: NO_STREAMS },
})

function questions(): string {
  const rows = QUESTION_NAMES.map((name) => {
    const { missing = '' } = NOTHING[name]
    return `| ${wordsOf(name)} | ${QUESTIONS[name].leak} | ${missing} |`
  })
  return [
    '## The questions',
    '',
    '| question | bad without a cause | where it is not answered |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The whole page. */
export function diagnosisPage(): string {
  return [INTRODUCTION, resultsOfLaboratory(), ...LOCATIONS.map(causesAt), questions()].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DIAGNOSIS_PAGE, diagnosisPage())
