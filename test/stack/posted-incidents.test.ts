import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { Alertmanagers, type PostableAlert } from '../../src/alerts/alertmanager.ts'
import { PostedIncidents } from '../../src/alerts/posted-incidents.ts'
import type { Incident } from '../../src/observation/incident.ts'
import { freePort } from '../fixtures/ports.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { alertsAt, type Daemon, startStackAlertmanager } from './daemons.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

const MEMBERS = ['main', 'backup', 'third']
const PLACE = { monitor: 'hall', site: 'main-hall' }

function incident(location: 'server' | 'uplink', says: string): Incident {
  const time = new Date().toISOString()
  return {
    ...{ id: 'a1b2', ...PLACE, severity: 'critical', status: 'open', change: 'opened', startsAt: time, time },
    members: MEMBERS.map((target) => ({ kind: 'stream', target, summary: 'No media for 12 s' })),
    diagnosis: { location, cause: 'x', confidence: 'certain', says, evidenceFor: ['all of them are down at once'] },
    ...{ remedy: ['Restart the server.'], timeline: [], via: 'alertmanager' },
  } as unknown as Incident
}

function alertOf(target: string): PostableAlert {
  const labels = { alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target, ...PLACE }
  const [startsAt, endsAt] = [new Date().toISOString(), new Date(Date.now() + 3_600_000).toISOString()]
  return { labels, annotations: { summary: `stream ${target}: No media` }, startsAt, endsAt }
}

describe('incidents that the monitor posts to a real Alertmanager', () => {
  let folder: StackFolder
  let alertmanager: Daemon
  let mail: SmtpSink
  const posted = new PostedIncidents()
  const alerts = MEMBERS.map(alertOf)

  before(async () => {
    mail = await smtpSink()
    folder = configureStack({
      ...{ ALERT_SOURCE: 'direct', SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port) },
      ...{ SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org' },
    })
    alertmanager = await startStackAlertmanager(folder.out, await freePort())
  })
  after(async () => {
    await alertmanager?.stop()
    await mail?.close()
    folder?.remove()
  })

  const post = async (incidents: Incident[]) => {
    const moment = { incidents, alerts, at: Date.now(), dashboardUrl: 'http://127.0.0.1:1880/dashboard' }
    const all = [...posted.postables(moment), ...alerts]
    assert.ok(await new Alertmanagers([alertmanager.url]).post(all, new AbortController().signal))
    posted.accepted(all)
  }
  const subjects = () => mail.mails.map(({ subject }) => subject)

  it('are one message with the cause first, though the alerts come before the incident is known', async () => {
    await post([])
    await delay(1500)
    await post([incident('server', 'The server is down')])
    await until(
      () => mail.mails.length > 0,
      15,
      () => `the email: ${alertmanager.process.output()}`,
    )
    const [{ subject, text } = { subject: '', text: '' }] = mail.mails
    assert.equal(subject, 'CRITICAL: The server is down: stream main, stream backup, stream third (hall at main-hall)')
    assert.match(text, /Probable cause: The server is down \(certain: all of them are down at once\)/)
    assert.match(text, /Since \d{4}-[\s\S]*What to do:\s+1\. Restart the server/)
    // Longer than what keeps silent what has just been raised.
    await delay(8000)
    assert.deepEqual(subjects(), [subject])
    const silent = (await alertsAt(alertmanager)).filter(
      ({ labels, status }) => labels.alertname === 'HmonitorStreamOffline' && status.inhibitedBy.length > 0,
    )
    assert.equal(silent.length, 3)
  })

  it('are told once more where the place is another, without a word that it ended', async () => {
    await post([incident('uplink', 'The line of the venue is cut')])
    await until(() => mail.mails.length > 1, 15, 'the second email')
    assert.match(mail.mails[1]?.subject ?? '', /^CORRECTION, CRITICAL: The line of the venue is cut: /)
    assert.doesNotMatch(mail.mails[1]?.text ?? '', /Ended/)
  })
})
