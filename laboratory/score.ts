/** Holds what is said of recorded cases against the truth. Pure. */
import { CAUSES, type Causes } from '../src/diagnosis/causes.ts'
import { judge, type Model, modelOf } from '../src/diagnosis/posterior.ts'
import type { Confidence, Location } from '../src/observation/diagnosis.ts'
import { type RecordedCase, type RecordedSight, rememberedFrom } from './recorded.ts'

/** Seconds after the first alert within which the right location is to be said. */
export const IN_TIME = 10

export interface ScoredSight {
  name: string
  sight: RecordedSight
  /** What is said `IN_TIME` after the first alert; of a healthy stream, what is ever said. */
  location: Location | null
  confidence: Confidence | null
  /** Another location that is named beside it. */
  orElse: Location | null
  outcome: 'right' | 'wrong' | 'silent' | 'not noticed'
  /** Seconds from the first alert until the right location is said and stays; null where it is not. */
  rightAfter: number | null
  /** Whether something wrong was called certain, at whatever time from the first alert on. */
  certainAndWrong: boolean
}

type Said = Pick<ScoredSight, 'location' | 'confidence' | 'orElse'> & { at: number }

const NOTHING_SAID = { location: null, confidence: null, orElse: null }

export function score(cases: readonly RecordedCase[], causes: Causes = CAUSES): ScoredSight[] {
  const model = modelOf(causes)
  return cases.flatMap(({ name, sights }) => sights.map((sight) => scored(name, sight, model)))
}

function scored(name: string, sight: RecordedSight, model: Model): ScoredSight {
  const { truth, firesAt, monitorAt } = sight
  const all = rememberedFrom(sight, firesAt ?? Number.NEGATIVE_INFINITY).map(({ at, known }): Said => {
    const { location, confidence, rival } = judge(model, known, monitorAt)
    const orElse = confidence && rival && model.causes[rival].location
    return { at, location: confidence && location, confidence, orElse }
  })
  const isRight = ({ location }: Pick<Said, 'location'>) => location !== null && truth.includes(location)
  const isWrong = (said: Said) => said.location !== null && !isRight(said)
  if (truth.length === 0) {
    const wrong = all.find(isWrong)
    const { location, confidence, orElse } = wrong ?? NOTHING_SAID
    const certainAndWrong = all.some((said) => isWrong(said) && said.confidence === 'certain')
    const outcome = wrong === undefined ? 'right' : 'wrong'
    return { name, sight, location, confidence, orElse, outcome, rightAfter: null, certainAndWrong }
  }
  if (firesAt === null) {
    return {
      ...{ name, sight, ...NOTHING_SAID, outcome: 'not noticed', rightAfter: null, certainAndWrong: false },
    }
  }
  const atTime = all.findLast(({ at }) => at <= firesAt + IN_TIME)
  const { location, confidence, orElse } = atTime ?? NOTHING_SAID
  const lastWrong = all.findLastIndex((said) => !isRight(said))
  const stays = all[lastWrong + 1]
  return {
    ...{ name, sight, location, confidence, orElse },
    outcome: location === null ? 'silent' : isRight({ location }) ? 'right' : 'wrong',
    rightAfter: stays === undefined ? null : Math.max(0, stays.at - firesAt),
    certainAndWrong: all.some((said) => isWrong(said) && said.confidence === 'certain'),
  }
}
