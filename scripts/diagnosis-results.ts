// The part of docs/diagnosis.md that says what came of the laboratory: made from what is in test/diagnosis/recorded.
import { casesOf, halfOf } from '../laboratory/halves.ts'
import { readRecorded } from '../laboratory/recorded.ts'
import { IN_TIME, type ScoredSight, score } from '../laboratory/score.ts'
import { VARIANTS } from '../laboratory/targets.ts'
import type { Confidence } from '../src/observation/diagnosis.ts'
import { tableOfFit } from './diagnosis-fit.ts'
import { counts, percent, table } from './diagnosis-tables.ts'

const WORDS: readonly Confidence[] = ['certain', 'likely', 'possible']

function outcomes(scored: readonly ScoredSight[]): (string | number)[] {
  const of = (outcome: ScoredSight['outcome']) => scored.filter((one) => one.outcome === outcome).length
  const noticed = scored.filter(({ outcome }) => outcome !== 'not noticed')
  const said = of('right') + of('wrong')
  return [
    scored.length,
    percent(of('right'), noticed.length),
    percent(of('right'), said),
    of('wrong'),
    of('silent'),
    of('not noticed'),
  ]
}

const HEAD = ['sights', 'right', 'right where something is said', 'wrong', 'silent', 'nothing fired']

function accuracy(scored: readonly ScoredSight[]): string {
  const told = scored.filter(counts)
  const complete = told.filter(({ sight }) => sight.variant === 'complete')
  const rows = [
    ...VARIANTS.map((variant) => [variant, ...outcomes(told.filter(({ sight }) => sight.variant === variant))]),
    ...(['venue', 'server', 'elsewhere'] as const).map((place) => [
      `complete, seen from ${place === 'elsewhere' ? place : `the ${place}`}`,
      ...outcomes(complete.filter(({ sight }) => sight.place === place)),
    ]),
  ]
  return table(['what is configured', ...HEAD], rows)
}

function reliability(scored: readonly ScoredSight[]): string {
  const rows = WORDS.map((word) => {
    const said = scored.filter(({ confidence, sight }) => confidence === word && sight.truth.length > 0)
    const right = said.filter(({ outcome }) => outcome === 'right').length
    return [word, said.length, percent(right, said.length), said.length - right]
  })
  return table(['word', 'said', 'right', 'wrong'], rows)
}

function otherPlaces(scored: readonly ScoredSight[]): string {
  const both = scored.filter(({ orElse, sight }) => orElse !== null && sight.truth.length > 0)
  const wrong = both.filter(({ outcome }) => outcome === 'wrong')
  const isNamed = wrong.filter(({ orElse, sight }) => orElse !== null && sight.truth.includes(orElse))
  return `In ${both.length} of these sights only the priors told the first location from a second, which was named as well: the first was right in ${both.length - wrong.length}, and the second in ${isNamed.length} of the other ${wrong.length}.`
}

/** Against what is to be reached. */
function goals(scored: readonly ScoredSight[]): string {
  const rows = VARIANTS.map((variant) => {
    const told = scored.filter(({ sight }) => sight.variant === variant)
    const fired = told.filter((one) => counts(one) && one.sight.firesAt !== null)
    const inTime = fired.filter(({ rightAfter }) => rightAfter !== null && rightAfter <= IN_TIME)
    const healthy = told.filter(({ sight }) => sight.truth.length === 0)
    return [
      ...[variant, `${percent(inTime.length, fired.length)} (${inTime.length} of ${fired.length})`],
      told.filter(({ certainAndWrong }) => certainAndWrong).length,
      `${healthy.filter(({ outcome }) => outcome === 'wrong').length} of ${healthy.length}`,
    ]
  })
  const head = [`right within ${IN_TIME} s of the first alert, and so to the end`, 'certain and wrong at any moment']
  return table(['what is configured', ...head, 'said of healthy streams'], rows)
}

function times(scored: readonly ScoredSight[]): string {
  const complete = scored.filter((one) => counts(one) && one.sight.variant === 'complete' && one.sight.firesAt !== null)
  const known = complete.flatMap(({ rightAfter }) => rightAfter ?? []).sort((one, other) => one - other)
  const at = (share: number) => (known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? 0).toFixed(1)
  const inTime = known.filter((seconds) => seconds <= IN_TIME).length
  return `With everything configured, the right location is said, and stays, ${percent(inTime, complete.length)} of the time within ${IN_TIME} s of the first alert: half of those that are said after ${at(0.5)} s at the most, nine of ten after ${at(0.9)} s, the last after ${at(1)} s.`
}

function misses(scored: readonly ScoredSight[]): string {
  const missed = scored.filter(
    (one) => one.outcome === 'wrong' || (counts(one) && one.sight.variant === 'complete' && one.outcome !== 'right'),
  )
  if (missed.length === 0) return 'None.'
  const rows = missed.map(({ name, sight, location, confidence, orElse, outcome }) => [
    `\`${name}\``,
    halfOf({ name }),
    `${sight.place}, ${sight.variant}`,
    sight.truth.join(' or ') || 'nothing',
    location === null ? outcome : `${location} (${confidence})${orElse === null ? '' : `, or ${orElse}`}`,
    sight.blind ?? '',
  ])
  return table(['case', 'half', 'seen from, with', 'truth', 'said', 'the evidence cannot tell, because'], rows)
}

const FITTING =
  'The weights in use are not fitted. `npm run fit-diagnosis` moves those of which two cases of the fitting half speak at least (not the priors: how often a fault is made in a laboratory tells nothing of how often it happens) so that the right location becomes more probable and a wrong one less, and holds them to where they were. In the half by which that is judged, the fitted ones are right less often, wrong more often, and certain and wrong in some; so they were not taken. Sights of all four kinds together, in which the evidence can tell; in the loss, healthy streams weigh more:'

/** One section. */
export function resultsOfLaboratory(): string {
  const cases = readRecorded()
  const scored = score(cases)
  const judging = score(casesOf(cases, 'judging'))
  const healthy = scored.filter(({ sight }) => sight.truth.length === 0)
  const faults = cases.filter(({ sights }) => sights.some(({ truth }) => truth.length > 0))
  const loads = cases.map(({ machine }) => machine.load)
  const [machine] = cases.map((one) => one.machine)
  const certain = scored.filter(({ certainAndWrong }) => certainAndWrong)
  return [
    '## What came of it in the laboratory',
    '',
    `\`npm run laboratory\` makes faults for real, in networks of their own: a venue with an encoder (ffmpeg, and a simulated device that tells what it really does), a gateway and its line, a server (nginx-rtmp), a platform (its API simulated, its ingest real), a name service, and monitors at two of three places, each with everything configured and without its hosts; what they know without the encoder or without the platform is the same without these. Recorded were ${faults.length} faults and ${cases.length - faults.length} healthy streams, ${scored.length} sights in all, on a machine with ${machine?.cores ?? 0} cores (${machine?.kernel ?? ''}) which others used as well: its load was ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}. The questions, and some weights by hand, were mended by what the first of these showed, so the numbers say how well the table describes these faults and not how well it will do with others. A run in which the machine was late, or the stream of another server suffered, was made again. The numbers below are made from \`test/diagnosis/recorded\`; \`npm test\` holds them.`,
    '',
    `A sight counts as right where the location that is said ${IN_TIME} s after the first alert is the true one. Those in which the evidence cannot tell count for no accuracy.`,
    '',
    accuracy(scored),
    '',
    'To be reached, where the evidence suffices: 95 % within 10 s, and nothing *certain* and wrong at any moment from the first alert on.',
    '',
    goals(scored),
    '',
    'How often each word was right, over all sights of a fault, also those that lack something or cannot tell:',
    '',
    reliability(scored),
    '',
    otherPlaces(scored),
    '',
    certain.length === 0
      ? 'Nothing was called *certain* and was wrong, at any time from the first alert on.'
      : `*Certain* and wrong at some time from the first alert on: ${certain.map(({ name, sight }) => `\`${name}\` (${sight.place}, ${sight.variant})`).join(', ')}.`,
    '',
    `Of ${healthy.length} sights in which nothing is wrong, something was said in ${healthy.filter(({ outcome }) => outcome === 'wrong').length}.`,
    '',
    times(scored),
    '',
    '### The judging half alone',
    '',
    'A hash of its name puts each case into one of two halves (`laboratory/halves.ts`): weights are fitted to one and judged by the other. The questions, causes, and weights by hand, were mended by what cases of both halves showed (of this one `server-sends-slowly`, `wifi-loses`, `encoder-starved`, `picture-track-gone`, `rtmp-forbidden`, `certificate-of-nobody` and `uplink-flaps`), so this half is no stranger to them either.',
    '',
    accuracy(judging),
    '',
    reliability(judging),
    '',
    times(judging),
    '',
    '### What fitting would bring',
    '',
    FITTING,
    '',
    tableOfFit(cases),
    '',
    '### Misses',
    '',
    'Whatever was wrong, and with everything configured also what was not said:',
    '',
    misses(scored),
    '',
  ].join('\n')
}
