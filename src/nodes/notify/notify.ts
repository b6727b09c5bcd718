import type { Node, NodeAPI, NodeDef } from 'node-red'
import { Delivery, outboxProblems } from '../../alerts/delivery.ts'
import type { Notifier } from '../../alerts/notifiers/notifier.ts'
import { notifierFor } from '../../alerts/notifiers/notifiers.ts'
import { handleClose } from '../../node-red/close.ts'
import { dataFile } from '../../node-red/data-file.ts'
import { handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor } from '../../node-red/monitors.ts'
import { usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import type { AlertProblem } from '../../observation/alert.ts'
import { systemClock } from '../../observation/clock.ts'
import { MonitorError } from '../../observation/errors.ts'
import { parseAlert } from '../../observation/messages.ts'
import type { DamagedFile } from '../../storage/json-file.ts'
import { receiverNode } from '../receiver/receiver.ts'
import { dashboardPath, dashboardUrl } from './dashboard-url.ts'
import type { NotifyFields } from './notify.types.ts'

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Notify(this: Node, config: NodeDef & NotifyFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    const receiver = receiverNode(RED, config.receiver)
    const name = receiver?.name || this.name || this.id
    let monitor: string | MonitorError = ''
    let takeDown = () => {}
    followMonitor(RED, this, config.monitor, (id) => {
      monitor = usableMonitor(RED, this, config, id, line)
      takeDown()
      if (typeof monitor !== 'string') return
      const problems = (): AlertProblem[] => outboxProblems(name, delivery.state, Date.now())
      takeDown = monitorState(monitor).noticeboard.show(this.id, {
        problems,
        oldestWaiting: () => delivery.state.oldest,
      })
    })
    const count = (result: 'delivered' | 'failed' | 'given-up', times = 1) => {
      if (typeof monitor === 'string') monitorState(monitor).metrics.countNotification(name, result, times)
    }

    const damaged = (file: DamagedFile) => {
      if (typeof monitor === 'string')
        monitorState(monitor).remembered.lose(file, `alerts that wait to be sent to ${name}`)
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
    const idle = () => line.show('green', 'ring', RED._('status.ready'))

    const delivery = new Delivery({
      file: dataFile(RED, 'outbox', this.id, damaged),
      notifier,
      perHour: receiver?.perHour ?? 60,
      dashboardUrl: () => dashboardUrl(dashboardPath(RED)),
      clock: systemClock,
      listener: {
        delivered: (message) => {
          count('delivered')
          line.show('green', 'dot', RED._('status.delivered', { count: message.alerts.length }))
          this.send([{ topic: name, payload: message }, null])
        },
        failed: (error) => {
          count('failed')
          line.show('red', 'ring', RED._('status.failed'))
          this.warn(RED._('failed', { name, error }))
        },
        givenUp: (alerts, error) => {
          count('given-up')
          line.show('red', 'dot', RED._('status.givenUp'))
          this.error(RED._('givenUp', { name, error, count: alerts.length }))
          this.send([null, { topic: name, payload: { alerts, error } }])
        },
      },
    })

    /** Whether anything is set up to send with. What cannot be read now may be repaired: messages wait. */
    const isSetUp = (): boolean => {
      try {
        return receiver !== null && receiver.read() !== null
      } catch (error) {
        line.show('red', 'ring', RED._('status.failed'))
        this.error(error instanceof Error ? error.message : String(error))
        return true
      }
    }
    if (isSetUp()) {
      if (delivery.state.waiting === 0) idle()
    } else line.show('grey', 'ring', RED._('status.notSetUp'))

    handleInput(this, (msg) => {
      if (monitor instanceof MonitorError) throw monitor
      const alert = parseAlert(msg.payload)
      if (alert === null) throw new MonitorError('invalid-message', RED._('noAlert'))
      const isNews = alert.change === 'firing' || alert.change === 'repeated' || alert.change === 'resolved'
      if (!isNews || alert.via !== 'notify' || receiver === null || !isSetUp()) return
      delivery.take(alert)
    })

    handleClose(this, () => {
      takeDown()
      delivery.close()
      current?.notifier.close()
    })
  }

  RED.nodes.registerType('hmonitor-notify', Notify)
}
