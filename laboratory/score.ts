/** Holds what is said of recorded cases against the truth. Pure. */
import { CAUSES, type Causes } from '../src/diagnosis/causes.ts'
import { judge, type Model, modelOf, posteriorOf } from '../src/diagnosis/posterior.ts'
import type { Confidence, Diagnosis, Location } from '../src/observation/diagnosis.ts'
import { type RecordedCase, type RecordedSight, verdictsIn } from './recorded.ts'

/** Seconds after the first alert within which the right location is to be said. */
export const IN_TIME = 10

export interface ScoredSight {
  name: string
  sight: RecordedSight
  /** What is said `IN_TIME` after the first alert; of a healthy stream, what is ever said. */
  location: Location | null
  confidence: Confidence | null
  outcome: 'right' | 'wrong' | 'silent' | 'not noticed'
  /** Seconds from the first alert until the right location is said and stays; null where it is not. */
  rightAfter: number | null
  /** Whether something wrong was called certain, at whatever time from the first alert on. */
  certainAndWrong: boolean
}

type Said = Pick<Diagnosis, 'location' | 'confidence'> & { at: number }

export function score(cases: readonly RecordedCase[], causes: Causes = CAUSES): ScoredSight[] {
  const model = modelOf(causes)
  return cases.flatMap(({ name, sights }) => sights.map((sight) => scored(name, sight, model)))
}

function scored(name: string, sight: RecordedSight, model: Model): ScoredSight {
  const { truth, firesAt, monitorAt, answers } = sight
  const all = answers.map(([at, text]): Said => {
    const verdicts = verdictsIn(text)
    const { location, confidence } = judge(posteriorOf(model, verdicts, monitorAt), verdicts)
    return { at, location: confidence && location, confidence }
  })
  const isRight = ({ location }: Pick<Said, 'location'>) => location !== null && truth.includes(location)
  const isWrong = (said: Said) => said.location !== null && !isRight(said)
  if (truth.length === 0) {
    const wrong = all.find(isWrong)
    const { location = null, confidence = null } = wrong ?? {}
    const certainAndWrong = all.some((said) => isWrong(said) && said.confidence === 'certain')
    const outcome = wrong === undefined ? 'right' : 'wrong'
    return { name, sight, location, confidence, outcome, rightAfter: null, certainAndWrong }
  }
  if (firesAt === null) {
    return {
      ...{ name, sight, location: null, confidence: null, outcome: 'not noticed' },
      ...{ rightAfter: null, certainAndWrong: false },
    }
  }
  const told = toldFrom(all, firesAt)
  const atTime = told.findLast(({ at }) => at <= firesAt + IN_TIME)
  const { location, confidence } = atTime ?? { location: null, confidence: null }
  const lastWrong = told.findLastIndex((said) => !isRight(said))
  const stays = told[lastWrong + 1]
  return {
    ...{ name, sight, location, confidence },
    outcome: location === null ? 'silent' : isRight({ location }) ? 'right' : 'wrong',
    rightAfter: stays === undefined ? null : Math.max(0, stays.at - firesAt),
    certainAndWrong: told.some((said) => isWrong(said) && said.confidence === 'certain'),
  }
}

/** What is said when the first alert comes, and from then on. */
function toldFrom(all: readonly Said[], firesAt: number): Said[] {
  const first = all.findLastIndex(({ at }) => at <= firesAt)
  return all.slice(Math.max(0, first))
}
