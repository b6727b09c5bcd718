import type { NodeAPI } from 'node-red'
import { PictureFiles } from '../../history/picture-files.ts'
import { historySettings } from '../../history/settings.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { textIn } from '../../node-red/config.ts'
import { dataPath } from '../../node-red/data-file.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { MonitorError } from '../../observation/errors.ts'
import { type Language, parseLanguage } from '../../observation/language.ts'
import { parseTimezone } from '../../observation/local-time.ts'
import { parseMessage } from '../../observation/messages.ts'
import { EventPictures } from '../../pictures/event-pictures.ts'
import { EventEnds } from '../../report/event-ends.ts'
import { lastEvent } from '../../report/gather.ts'
import { ReportFiles } from '../../report/report-files.ts'
import { reportSent } from '../../report/report-message.ts'
import { parseReportQuery } from '../../report/report-query.ts'
import { type ReportRequest, Reports } from '../../report/reports.ts'

/** What the dialog saves. */
interface ReportFields {
  monitor?: unknown
  language?: unknown
  hour?: unknown
  timezone?: unknown
}

interface ReportSettings {
  /** Null: that of the monitor. */
  language: Language | null
  /** `06:00`, or null: channels that are always on have none by themselves. */
  hour: string | null
  /** IANA name; null: that of the monitor. */
  timezone: string | null
}

/** Milliseconds of which a channel that is always on has a report. */
const DAY = 86_400_000
/** Milliseconds for which a stream must have been expected to be such a channel. */
const ALWAYS = 20 * 3_600_000

export default function register(RED: NodeAPI): void {
  registerMonitorNode<ReportFields>(RED, 'hmonitor-report', ({ node, config, line }) => {
    let state: MonitorState | null = null
    let settings: ReportSettings = { language: null, hour: null, timezone: null }
    const closing = new AbortController()

    const failed = (error: unknown) => {
      if (closing.signal.aborted) return
      line.show('red', 'ring', RED._('status.failed'))
      node.error(error instanceof Error ? error.message : String(error))
    }
    /** Of what nobody asked for by a message: it is kept, and sent on. */
    const makeAndKeep = async (its: MonitorState, request: ReportRequest) => {
      const reports = its.part(Reports)
      const report = await reports.make(request, closing.signal)
      if (report.verdict.word === 'not-expected') return
      const language = settings.language ?? its.language
      const problem = await reports.files.keep(report, language)
      if (problem !== null) node.warn(problem)
      line.show('green', 'dot', RED._('status.made', { target: report.target }))
      node.send({ topic: report.target, payload: reportSent(report, language) })
    }
    const ended = (its: MonitorState, target: string) => {
      makeAndKeep(its, { target, from: null, to: null, timezone: settings.timezone }).catch(failed)
    }
    /** One after the other: a hundred channels at once would keep everything else waiting. */
    const hourCame = async (its: MonitorState) => {
      const now = its.clock.wall()
      for (const { name: target } of its.directory.list('stream')) {
        const event = await lastEvent(its, target, now)
        if (event === null || event.to < now - 60_000 || event.to - event.from < ALWAYS) continue
        await makeAndKeep(its, { target, from: now - DAY, to: now, timezone: settings.timezone })
      }
    }

    return {
      begin(its, atEnd) {
        settings = settingsFrom(config)
        state = its
        its.part(Reports).files = new ReportFiles(dataPath(RED, 'reports'))
        const days = historySettings(process.env).bounds?.days ?? 0
        its.part(PictureFiles).keepIn(dataPath(RED, 'pictures', its.id.replace(/[^\w-]/g, '_')), days)
        atEnd(its.part(EventPictures).want())
        const ends = new EventEnds(its, {
          hour: settings.hour,
          timezone: settings.timezone ?? its.timezone,
          ended: (target) => ended(its, target),
          hourCame: () => {
            hourCame(its).catch(failed)
          },
        })
        atEnd(() => ends.close())
        line.show('green', 'ring', RED._('status.ready'))
      },
      async take(msg, { send, signal }) {
        if (state === null) return
        const asked = parseMessage<Record<string, unknown>>('report', msg.payload)
        const language = settings.language ?? state.language
        const query = parseReportQuery({ language, timezone: settings.timezone, ...asked })
        const report = await state.part(Reports).make(query, signal)
        send(Object.assign(msg, { topic: report.target, payload: reportSent(report, query.language) }))
      },
      close: () => closing.abort(),
    }
  })
}

/** @throws MonitorError `invalid-message`, `invalid-language`, `invalid-timezone` that names the field */
function settingsFrom(fields: ReportFields): ReportSettings {
  const [said, hour, timezone] = [textIn(fields.language), textIn(fields.hour), textIn(fields.timezone)]
  const language = said === '' ? null : parseLanguage(said, 'The language of reports')
  if (hour !== '' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(hour)) {
    throw new MonitorError('invalid-message', `The hour of reports must be a time such as 06:00, not "${hour}".`)
  }
  if (timezone !== '') parseTimezone(timezone, 'The time zone of reports')
  return { language, hour: hour || null, timezone: timezone || null }
}
