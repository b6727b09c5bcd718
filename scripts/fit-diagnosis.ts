/**
 * `npm run fit-diagnosis` fits the weights of the causes to one half of the recorded cases, judges them by the other, and says
 * which would move, and what would come of it; docs/diagnosis.md publishes the same. It changes no table: that is for a person, who
 * writes the number beside its source. `--stiffness` tries how freely weights may move, by the fitting half alone.
 */
import { parseArgs } from 'node:util'
import { fit, STIFFNESS } from '../laboratory/fit.ts'
import { casesOf, partOf } from '../laboratory/halves.ts'
import { lossOf } from '../laboratory/loss.ts'
import { readRecorded } from '../laboratory/recorded.ts'
import { samplesOf } from '../laboratory/samples.ts'
import { score } from '../laboratory/score.ts'
import { withWeights } from '../laboratory/weights.ts'
import { CAUSES } from '../src/diagnosis/causes.ts'
import { tableOfFit } from './diagnosis-fit.ts'

const STIFFNESSES = [0.03, 0.1, 0.3, 1, 3, 10]
/** Of the fitting half: each is left out once. */
const PARTS = 4

const { values } = parseArgs({ options: { stiffness: { type: 'boolean', default: false } } })
const cases = readRecorded()

function tryStiffness(stiffness: number): string {
  let loss = 0
  let certain = 0
  const own = casesOf(cases, 'fitting')
  for (let part = 0; part < PARTS; part += 1) {
    const others = samplesOf(own.filter((one) => partOf(one, PARTS) !== part))
    const left = own.filter((one) => partOf(one, PARTS) === part)
    const table = withWeights(CAUSES, fit(CAUSES, others, stiffness))
    loss += lossOf(table, samplesOf(left), []).loss
    certain += score(left, table).filter(({ certainAndWrong }) => certainAndWrong).length
  }
  return `stiffness ${stiffness}: loss ${loss.toFixed(2)} over what was left out, ${certain} certain and wrong`
}

if (values.stiffness) {
  for (const stiffness of STIFFNESSES) console.log(tryStiffness(stiffness))
} else {
  console.log(`${tableOfFit(cases)}\n\nWith a stiffness of ${STIFFNESS}, these move:\n`)
  for (const { cause, question, places, value } of fit(CAUSES, samplesOf(casesOf(cases, 'fitting')))) {
    console.log(`${cause} ${question} (${places.join(', ')}): ${value}`)
  }
}
