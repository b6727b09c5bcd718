import { apportion, sum } from './accounting.ts'
import type { Cause, Report } from './report.ts'
import type { Texts } from './texts.ts'
import { lengthOf, shareOf } from './writing.ts'

/** What of a report its verdict is made from. */
export interface ReportDigest extends Pick<Report, 'verdict' | 'account'> {
  interruptions: readonly { seconds: number; cause: Pick<Cause, 'location' | 'confidence' | 'orElse'> | null }[]
}

/** Whole seconds that add up: of what the time is made up, and of the interruptions within it. */
export interface WholeSeconds {
  expected: number
  up: number
  degraded: number
  down: number
  unknown: number
  /** In the order of the report; they add up to `down`. */
  interruptions: number[]
}

export function wholeSeconds({ account, interruptions }: ReportDigest): WholeSeconds {
  const parts = apportion([account.up, account.degraded, account.down, account.unknown])
  const [up = 0, degraded = 0, down = 0, unknown = 0] = parts
  const lengths = apportion(
    interruptions.map(({ seconds }) => seconds),
    down,
  )
  return { expected: sum(parts), up, degraded, down, unknown, interruptions: lengths }
}

/** What happened, in one sentence. */
export function verdictSentence(report: ReportDigest, texts: Texts): string {
  const { word } = report.verdict
  const { verdict } = texts
  const { expected, up, degraded, down, unknown } = wholeSeconds(report)
  if (word === 'not-expected') return verdict.notExpected
  if (word === 'unmeasured') return verdict.nothingKnown(lengthOf(expected))
  const onAir = up + degraded
  if (word === 'clean' && unknown === 0) return verdict.clean(lengthOf(onAir))
  const measured = onAir + down
  const own = report.account
  const share = (own.up + own.degraded) / (own.up + own.degraded + own.down)
  const parts = [
    word === 'down'
      ? verdict.down(lengthOf(measured))
      : verdict.onAir(lengthOf(onAir), lengthOf(measured), shareOf(share, texts)),
  ]
  if (word === 'interrupted') parts.push(verdict.interruptions(report.interruptions.length, lengthOf(down)))
  if (degraded > 0) parts.push(verdict.degraded(lengthOf(degraded)))
  if (unknown > 0) parts.push(verdict.unmeasured(lengthOf(unknown)))
  const cause = causeText(report, texts)
  return `${parts.join(', ')}${cause === null ? '' : `; ${cause}`}.`
}

/** The cause of the longest interruption that has one. */
function causeText({ interruptions }: ReportDigest, texts: Texts): string | null {
  const longest = [...interruptions]
    .sort((one, other) => other.seconds - one.seconds)
    .find(({ cause }) => cause !== null)
  if (!longest?.cause) return null
  const { cause } = longest
  return texts.verdict.cause(placesOf(cause, texts), texts.confidence[cause.confidence])
}

/** `Uplink (likely): The line of the venue to the internet is cut`. */
export function causeSentence(cause: Omit<Cause, 'evidence' | 'answers'>, texts: Texts): string {
  const says = [cause, ...(cause.orElse ? [cause.orElse] : [])].map((one) => texts.sentence(one.says))
  return `${placesOf(cause, texts)} (${texts.confidence[cause.confidence]}): ${says.join(`; ${texts.word.or}: `)}`
}

function placesOf({ location, orElse }: Pick<Cause, 'location' | 'orElse'>, texts: Texts): string {
  const places = [location, ...(orElse ? [orElse.location] : [])]
  return places.map((place) => texts.location[place]).join(` ${texts.word.or} `)
}
