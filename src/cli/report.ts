import type { InspectionAnswer } from '../inspection/inspections.ts'
import type { VerdictWord } from '../inspection/verdict.ts'
import type { Issue, Severity } from '../observation/observation.ts'
import { factsOf } from './stream-facts.ts'
import { printable, wrap } from './text-layout.ts'

/** As `styleText` of node:util names them. */
export type Colour = 'green' | 'yellow' | 'red' | 'blue' | 'bold' | 'dim'

export interface Page {
  /** Characters in a line. */
  width: number
  paint(colour: Colour, text: string): string
}

const LOOKS: Readonly<Record<VerdictWord, { colour: Colour; says: string }>> = {
  pass: { colour: 'green', says: 'Nothing is wrong with this stream.' },
  warn: { colour: 'yellow', says: 'This stream works, and something about it should be better.' },
  fail: { colour: 'red', says: 'This stream is not fit to go on air.' },
  unknown: { colour: 'blue', says: 'Not known: the check could not be completed.' },
}

const COLOURS: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', info: 'blue' }

/** Narrower than that no text can be read. */
const NARROWEST = 40

/** The verdict for a person: what it is, what is wrong and what to do, and what arrives. */
export function reportOf(answer: InspectionAnswer, page: Page): string {
  const { verdict, reason, issues, profile, parameters, measurements } = answer
  const { colour, says } = LOOKS[verdict]
  const subject = `${answer.subject}${profile === null ? '' : `  for ${profile}`}`
  const blocks = [
    [
      `${page.paint(colour, page.paint('bold', verdict.toUpperCase()))}  ${says}`,
      page.paint('dim', printable(subject)),
    ],
    reason === null ? [] : wrap(printable(reason), Math.max(NARROWEST, page.width)),
    ...issues.map((issue) => issueLines(issue, page)),
    measurements === null ? [] : factLines(factsOf(parameters, measurements), page),
  ]
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${shown.join('\n\n')}\n`
}

/**
 *     error    gopSizeOver
 *              Key frames are as far apart as 9 s, where …
 *              1. On the encoder, …
 */
function issueLines({ severity, type, summary, remedy }: Issue, page: Page): string[] {
  const indent = 'warning  '.length
  const width = Math.max(NARROWEST, page.width - indent)
  const shifted = (line: string) => ' '.repeat(indent) + line
  const steps = remedy.flatMap((step, index) => {
    const number = `${index + 1}. `
    const lines = wrap(printable(step), width - number.length)
    return lines.map((line, at) => (at === 0 ? number : ' '.repeat(number.length)) + line)
  })
  return [
    page.paint(COLOURS[severity], severity.padEnd(indent)) + page.paint('bold', type),
    ...wrap(printable(summary), width).map(shifted),
    ...steps.map(shifted),
  ]
}

function factLines(facts: ReturnType<typeof factsOf>, page: Page): string[] {
  const column = Math.max(0, ...facts.map(([name]) => name.length)) + 2
  return facts.flatMap(([name, value]) => {
    const lines = wrap(printable(value), Math.max(NARROWEST, page.width - column))
    return lines.map((line, at) => page.paint('dim', (at === 0 ? name : '').padEnd(column)) + line)
  })
}
