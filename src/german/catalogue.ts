import { CAUSE_NAMES, CAUSES } from '../diagnosis/causes.ts'
import { CAUSE_STEPS } from './cause-steps.ts'
import { CONTENT_STEPS } from './content-steps.ts'
import { DEVICE_STEPS } from './device.ts'
import { ADVICE_IN_GERMAN, ANSWERS_IN_GERMAN, CAUSES_IN_GERMAN } from './diagnosis.ts'
import { ISSUES } from './issues.ts'
import { NETWORK_STEPS } from './network.ts'
import { SETTING_STEPS } from './setting-steps.ts'
import { STREAM_STEPS } from './stream-steps.ts'
import { valueInGerman } from './values.ts'

/** Sentences that stand in tables, by the English one: what is kept of an earlier version is found by it, too. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  ...[STREAM_STEPS, SETTING_STEPS, CONTENT_STEPS, NETWORK_STEPS, DEVICE_STEPS, CAUSE_STEPS, ADVICE_IN_GERMAN].flatMap(
    Object.entries,
  ),
  ...CAUSE_NAMES.map((name): [string, string] => [CAUSES[name].says, CAUSES_IN_GERMAN[name]]),
])

/** A step, a cause, or what would tell more, in German; null where it is in none of the tables. */
export function sentenceInGerman(english: string): string | null {
  return SENTENCES.get(english) ?? null
}

/** What a check finds, in a few words; null where there is no such check. */
export function issueInGerman(type: string): string | null {
  return Object.hasOwn(ISSUES, type) ? (ISSUES[type] ?? null) : null
}

/** What an answer to a question of the diagnosis says; null where there is no such question. */
export function answerInGerman(question: string, verdict: 'bad' | 'good'): string | null {
  const answers: Readonly<Record<string, { bad: string; good: string }>> = ANSWERS_IN_GERMAN
  return Object.hasOwn(answers, question) ? (answers[question]?.[verdict] ?? null) : null
}

/** What was measured and what was expected, behind the title of an issue; empty where neither is known. */
export function measuredInGerman(measured: string | undefined, expected: string | undefined): string {
  const parts = [
    ...(measured === undefined ? [] : [`gemessen: ${valueInGerman(measured)}`]),
    ...(expected === undefined ? [] : [`erwartet: ${valueInGerman(expected)}`]),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
