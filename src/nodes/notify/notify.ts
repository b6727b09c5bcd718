import type { NodeAPI } from 'node-red'
import { Delivery, outboxProblems } from '../../alerts/delivery.ts'
import { type Message, subjectsOf } from '../../alerts/message.ts'
import { Notices } from '../../alerts/notices.ts'
import type { Notifier } from '../../alerts/notifiers/notifier.ts'
import { notifierFor } from '../../alerts/notifiers/notifiers.ts'
import { isIncident, type News } from '../../alerts/outbox.ts'
import { looksLikeWebhook, parseWebhook } from '../../alerts/webhook.ts'
import { newsInWebhook } from '../../alerts/webhook-news.ts'
import { messageEntry } from '../../history/entries.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { dataFile } from '../../node-red/data-file.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import type { AlertProblem } from '../../observation/alert.ts'
import { systemClock } from '../../observation/clock.ts'
import { MonitorError } from '../../observation/errors.ts'
import { machineTimezone } from '../../observation/local-time.ts'
import { parseAlert, parseIncident } from '../../observation/messages.ts'
import { AlertPictures } from '../../pictures/alert-pictures.ts'
import { parseReportSent, reportKey, reportMessage } from '../../report/report-message.ts'
import type { DamagedFile } from '../../storage/json-file.ts'
import { receiverNode } from '../receiver/receiver.ts'
import { dashboardPath, dashboardUrl } from './dashboard-url.ts'
import { ReceiverSetUp } from './receiver-set-up.ts'

/** What the dialog saves. */
interface NotifyFields {
  receiver?: unknown
  monitor?: unknown
}

/** What people are told of; what was merged takes back what waits of it. */
const TOLD: ReadonlySet<News['change']> = new Set([
  ...(['firing', 'repeated', 'resolved'] as const),
  ...(['opened', 'changed', 'ended', 'merged'] as const),
])

export default function register(RED: NodeAPI): void {
  registerMonitorNode<NotifyFields>(RED, 'hmonitor-notify', ({ node, config, line }) => {
    const receiver = receiverNode(RED, config.receiver)
    const name = receiver?.name || node.name || node.id
    let state: MonitorState | null = null
    const damaged = (file: DamagedFile) => {
      state?.remembered.lose(file, `alerts that wait to be sent to ${name}`)
    }

    let current: { key: string; notifier: Notifier } | null = null
    const notifier = (): Notifier | null => {
      const target = receiver?.read() ?? null
      const key = JSON.stringify(target)
      if (current?.key === key) return current.notifier
      current?.notifier.close()
      current = target === null ? null : { key, notifier: notifierFor(target) }
      return current?.notifier ?? null
    }
    let delivery: Delivery | null = null
    const open = () =>
      new Delivery({
        receiver: name,
        // The monitor of the node may become another one.
        counters: { count: (counter, labels, by) => state?.metrics.count(counter, labels, by) },
        file: dataFile(RED, 'outbox', node.id, damaged),
        notifier,
        perHour: receiver?.perHour ?? 60,
        dashboardUrl: () => dashboardUrl(dashboardPath(RED)),
        timezone: () => state?.timezone ?? machineTimezone(),
        language: () => state?.language ?? 'en',
        pictures: async (alerts) => state?.part(AlertPictures).of(alerts) ?? [],
        clock: systemClock,
        listener: {
          delivered: (message) => {
            state?.history.add(messageEntry(name, message, Date.now()))
            const count = message.alerts.length + message.incidents.length
            line.show('green', 'dot', RED._('status.delivered', { count }))
            node.send([{ topic: name, payload: message }, null])
          },
          failed: (error) => {
            line.show('red', 'ring', RED._('status.failed'))
            node.warn(RED._('failed', { name, error }))
          },
          givenUp: (news, error) => {
            const incidents = news.filter(isIncident)
            const alerts = news.filter((one) => !isIncident(one))
            line.show('red', 'dot', RED._('status.givenUp'))
            node.error(RED._('givenUp', { name, error, count: news.length }))
            node.send([null, { topic: name, payload: { alerts, incidents, error } }])
          },
        },
      })

    const openNotices = () =>
      new Notices({
        file: dataFile(RED, 'outbox', `${node.id}-reports`, damaged),
        notifier,
        wall: () => Date.now(),
        delivered: (message: Message) => {
          line.show('green', 'dot', RED._('status.reported'))
          node.send([{ topic: name, payload: message }, null])
        },
        failed: (error) => {
          line.show('red', 'ring', RED._('status.failed'))
          node.warn(RED._('failed', { name, error }))
        },
        givenUp: ({ subject }, error) => {
          line.show('red', 'dot', RED._('status.givenUp'))
          node.error(RED._('reportGivenUp', { name, error, subject }))
          node.send([null, { topic: name, payload: { alerts: [], incidents: [], error } }])
        },
      })
    let notices: Notices | null = null

    const takesPictures = (): boolean => {
      try {
        return notifier()?.takesPictures === true
      } catch {
        // Said where the receiver is read for a message.
        return false
      }
    }
    /** Whether anything is set up to send with. What cannot be read now may be repaired: messages wait. */
    const isSetUp = (): boolean => {
      try {
        return receiver !== null && receiver.read() !== null
      } catch (error) {
        line.show('red', 'ring', RED._('status.failed'))
        node.error(error instanceof Error ? error.message : String(error))
        return true
      }
    }
    return {
      begin(its, atEnd) {
        state = its
        delivery ??= open()
        notices ??= openNotices()
        const own = delivery
        let unwanted = () => {}
        atEnd(() => unwanted())
        const heed = () => {
          unwanted()
          unwanted = takesPictures() ? its.part(AlertPictures).want() : () => {}
          if (!isSetUp()) line.show('grey', 'ring', RED._('status.notSetUp'))
          else if (own.state.waiting === 0) line.show('green', 'ring', RED._('status.ready'))
        }
        heed()
        const changed = () => {
          heed()
          own.tryNow()
        }
        if (receiver !== null) atEnd(its.part(ReceiverSetUp).join({ name, receiver, changed }))
        const problems = (): AlertProblem[] => outboxProblems(name, own.state, Date.now())
        atEnd(its.problemLog.show(node.id, { problems, oldestWaiting: () => own.state.oldest }))
      },
      take(msg) {
        const report = parseReportSent(msg.payload)
        if (report !== null) {
          if (receiver === null || !isSetUp()) return
          notices?.take(reportKey(report), reportMessage(report, dashboardUrl(dashboardPath(RED))))
          return
        }
        if (looksLikeWebhook(msg.payload)) {
          const told = newsInWebhook(parseWebhook(msg.payload), Date.now())
          if (receiver !== null && isSetUp()) for (const each of told) delivery?.take(each)
          return
        }
        const news = parseIncident(msg.payload) ?? parseAlert(msg.payload)
        if (news === null) throw new MonitorError('invalid-message', RED._('noAlert'))
        if (!TOLD.has(news.change) || news.via !== 'notify' || receiver === null || !isSetUp()) return
        delivery?.take(news)
        if (!takesPictures()) return
        for (const subject of isIncident(news) ? subjectsOf(news) : [news]) state?.part(AlertPictures).prepare(subject)
      },
      close() {
        delivery?.close()
        notices?.close()
        current?.notifier.close()
      },
    }
  })
}
