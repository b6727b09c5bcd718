import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Alert } from '../../../src/observation/alert.ts'
import { freePort } from '../../fixtures/ports.ts'
import { type HttpSink, httpSink } from '../../fixtures/sinks.ts'
import { until } from '../../fixtures/wait.ts'
import { nodeOf } from '../../watching.ts'
import { alertmanagerToldOf } from './alertmanager-told.ts'
import { alertingFlows, BUSY, type RunningAlertmanager, type Stage, setStage, startAlertmanager } from './stage.ts'

const TOKEN = 'a token of the webhook'

/** The monitor posts to a real Alertmanager, which is killed then. */
export const withAlertmanager = () => {
  let stage: Stage
  let alertmanager: RunningAlertmanager
  let receiver: HttpSink
  before(async () => {
    const port = await freePort()
    receiver = await httpSink()
    alertmanager = await startAlertmanager([
      { url: `${receiver.url}/alertmanager`, send_resolved: true },
      {
        url: `http://127.0.0.1:${port}/api/v1/alerts`,
        send_resolved: true,
        http_config: { authorization: { credentials: TOKEN } },
      },
    ])
    stage = await setStage({
      streams: { first: 'ends', second: 'silent', quiet: 'ends' },
      env: { ALERTMANAGER_URLS: alertmanager.url, ALERT_WEBHOOK_TOKEN: TOKEN },
      port,
    })
    await stage.monitor()
  })
  after(async () => {
    await stage?.stop()
    await alertmanager?.stop()
    await receiver?.close()
  })
  const ofAlert = (port: number) =>
    stage.watching.runtime
      .from(nodeOf(alertingFlows(), 'hmonitor-alert').id, port)
      .map(({ payload }) => payload as Alert)

  it('Alertmanager tells of it soon, once, and the monitor shows it and tells nobody', async () => {
    const at = await stage.kill('first')
    await until(() => alertmanagerToldOf(receiver, 'first', 'firing').length > 0, 20, 'Alertmanager tells its receiver')
    const took = ((alertmanagerToldOf(receiver, 'first', 'firing')[0] ?? 0) - at) / 1000
    assert.ok(took <= 4 + BUSY, `${took} s`)
    await stage.publish('first')
    await until(() => alertmanagerToldOf(receiver, 'first', 'resolved').length > 0, 30, 'and that it is over')
    assert.equal(alertmanagerToldOf(receiver, 'first', 'firing').length, 1)
    assert.equal(alertmanagerToldOf(receiver, 'first', 'resolved').length, 1)
    assert.deepEqual(stage.mailbox.mails, [])
    const shown = [...ofAlert(0), ...ofAlert(1)].filter(({ target }) => target === 'first')
    assert.ok(shown.every(({ via }) => via === 'alertmanager'))
    assert.deepEqual(new Set(shown.map(({ change }) => change)), new Set(['firing', 'resolved']))
  })

  it('when it is dead, notify tells as soon, and honours the silences that it knew', async () => {
    await alertmanager.api('/silences', {
      matchers: [{ name: 'target', value: 'qu.et', isRegex: true, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      ...{ createdBy: 'test', comment: 'known' },
    })
    await until(() => stage.book.silences.length === 1, 10, 'the monitor has asked for silences')
    await alertmanager.process.kill()
    const { id } = nodeOf(alertingFlows(), 'hmonitor-alert')
    await until(() => stage.watching.runtime.status.get(id)?.shape === 'dot', 25, 'notify has taken over')
    const [at] = await Promise.all([stage.kill('second'), stage.kill('quiet')])
    const took = await stage.untilTold('second', 'firing', at, 20)
    assert.ok(Math.max(took.mail, took.post) <= 9 + BUSY, JSON.stringify(took))
    await stage.untilFiring('quiet', true, 5)
    // They share a server, so they may be one incident: then what is silenced is named, and nobody is told of it alone.
    const told = stage.mailsOf('second', 'firing')
    assert.deepEqual(
      ['quiet', 'first'].flatMap((name) => stage.mailsOf(name, 'firing')).filter((mail) => !told.includes(mail)),
      [],
    )
  })
}
