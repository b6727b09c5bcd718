import { composeMessage, type Message } from '../../alerts/message.ts'
import type { Alert } from '../../observation/alert.ts'

/** What the test button sends: it looks like any other message and says that it is a test. */
export function testMessage(at: number, dashboardUrl: string | null): Message {
  const time = new Date(at).toISOString()
  const alert: Alert = {
    id: 'test',
    alertname: 'HmonitorTest',
    severity: 'warning',
    kind: 'monitor',
    target: 'test',
    monitor: '',
    site: '',
    status: 'firing',
    change: 'firing',
    startsAt: time,
    time,
    labels: {},
    effects: [],
    via: 'notify',
    issue: {
      type: 'test',
      severity: 'warning',
      since: time,
      measured: 'this message has arrived',
      expected: 'that it arrives',
      summary: 'This is a test. Nothing is wrong: somebody pressed the test button of this receiver',
      remedy: ['Nothing has to be done. Messages about real faults will look like this one.'],
    },
  }
  return { ...composeMessage([alert], dashboardUrl), subject: 'Test of RTMP HMonitor: nothing is wrong' }
}
