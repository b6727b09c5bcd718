import type { Message } from '../alerts/message.ts'
import type { MessageEntry } from '../alerts/message-entry.ts'
import type { Language } from '../observation/language.ts'
import { parseMessage } from '../observation/messages.ts'
import { isRecord } from '../observation/shape.ts'
import { truncate } from '../observation/words.ts'
import { interruptionsCsv } from './csv.ts'
import { reportHtml } from './html.ts'
import { TEXTS } from './languages.ts'
import type { Cause, Report } from './report.ts'
import { causeSentence, type ReportDigest, verdictSentence, wholeSeconds } from './verdict-sentence.ts'
import { lengthOf, writingOf } from './writing.ts'

/** A report as the `report` node sends it. */
export interface ReportSent {
  notice: 'report'
  target: string
  language: Language
  /** As `notify` reads it. */
  report: Omit<ReportDigest, 'interruptions'> &
    Pick<Report, 'target' | 'from' | 'to' | 'timezone'> & { interruptions: readonly Told[] }
  html: string
  csv: string
}

/** What is told of an interruption. */
interface Told {
  from: string
  to: string
  seconds: number
  cause: Omit<Cause, 'evidence' | 'answers'> | null
}

export function reportSent(report: Report, language: Language): ReportSent {
  const { target } = report
  return {
    ...{ notice: 'report', target, language, report },
    html: reportHtml(report, language),
    csv: interruptionsCsv(report),
  }
}

/** The report that a message holds; null where it holds something else. @throws MonitorError `invalid-message` */
export function parseReportSent(payload: unknown): ReportSent | null {
  if (!isRecord(payload) || payload.notice !== 'report') return null
  return parseMessage<ReportSent>('reportSent', payload, 'report')
}

/** Tells two reports apart, the same after a restart. */
export function reportKey({ target, language, report: { from, to } }: ReportSent): string {
  return JSON.stringify([target, from, to, language])
}

/** Interruptions that a message names; the report has them all. */
const MOST_NAMED = 30
const LONGEST_SUBJECT = 140

/** What people are sent: the verdict and the interruptions, and with an email the whole report. */
export function reportMessage(
  { target, language, report, html, csv }: ReportSent,
  dashboardUrl: string | null,
): Message {
  const texts = TEXTS[language]
  const writing = writingOf(texts, report.timezone, report)
  const verdict = verdictSentence(report, texts)
  const lengths = wholeSeconds(report).interruptions
  const facts: MessageEntry['facts'] = report.interruptions.slice(0, MOST_NAMED).map(({ from, to, cause }, index) => ({
    name: `${writing.time(from)} – ${writing.time(to)}`,
    value: `${lengthOf(lengths[index] ?? 0)}; ${causeText(cause, language)}`,
  }))
  const rest = report.interruptions.length - MOST_NAMED
  if (rest > 0) facts.push({ name: texts.word.more, value: texts.more(rest) })
  const covered = { name: texts.word.covered, value: `${writing.whole(report.from)} – ${writing.whole(report.to)}` }
  const attached = { name: texts.section.report, value: texts.mail.attached }
  const name = `${target.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')}-${report.from.slice(0, 16).replace(':', '-')}`
  return {
    subject: truncate(texts.mail.subject(target, verdict), LONGEST_SUBJECT),
    tone: report.verdict.word === 'clean' || report.verdict.word === 'not-expected' ? 'resolved' : 'warning',
    sections: [
      {
        title: texts.title(target),
        entries: [{ heading: verdict, facts: [covered, ...facts, attached], remedy: [], link: null }],
      },
    ],
    ...{ dashboardUrl, timezone: report.timezone, language, alerts: [], incidents: [] },
    attachments: [
      { filename: `${name}.html`, contentType: 'text/html; charset=utf-8', content: html },
      { filename: `${name}.csv`, contentType: 'text/csv; charset=utf-8', content: csv },
    ],
  }
}

function causeText(cause: Told['cause'], language: Language): string {
  const texts = TEXTS[language]
  if (cause === null) return `${texts.word.cause}: ${texts.word.unknownCause}`
  return `${texts.word.cause}: ${causeSentence(cause, texts)}`
}
