/** What `elk watch` finds in the log, at a real Alertmanager with the configuration of the stack. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { elkWatch } from '../../src/cli/elk-watch.ts'
import { LOG_RULES } from '../../src/elk/log-rules.ts'
import { StubCluster } from '../elk/stub-cluster.ts'
import { freePort } from '../fixtures/ports.ts'
import { until } from '../fixtures/wait.ts'
import { alertsAt, type Daemon, startStackAlertmanager } from './daemons.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

const ASKED = 'POST /_query?format=json&allow_partial_results=false'
const NONE = { status: 200, body: { columns: [], values: [] } }
const COLUMNS = ['target', 'monitor', 'site', 'lines', 'usual'].map((name) => ({ name }))

describe('an alert out of the log, at Alertmanager', () => {
  const cluster = new StubCluster()
  const stopping = new AbortController()
  let folder: StackFolder
  let alertmanager: Daemon
  let watching: Promise<void> = Promise.resolve()

  before(async () => {
    folder = configureStack({})
    alertmanager = await startStackAlertmanager(folder.out, await freePort())
    const rows = [
      ['main', 'RTMP HMonitor', null, 40, 3],
      ['backup / 2', 'RTMP HMonitor', 'north', 12, 0],
    ]
    cluster.instead.set(ASKED, [
      { status: 200, body: { columns: COLUMNS, values: rows } },
      ...LOG_RULES.slice(1).map(() => NONE),
    ])
    const environment = { ELASTICSEARCH_URL: await cluster.start(), ALERTMANAGER_URLS: alertmanager.url }
    const line = { command: 'elk watch', url: null, every: 60, once: false, listen: null } as const
    watching = elkWatch(line, environment, stopping.signal, () => {})
  })
  after(async () => {
    stopping.abort()
    await watching
    cluster.stop()
    await alertmanager?.stop()
    folder?.remove()
  })

  it('is taken, with its labels, and told to people: nothing keeps it silent', async () => {
    const listed = async () => (await alertsAt(alertmanager)).filter(({ labels }) => labels.kind === 'log')
    await until(async () => (await listed()).length === 2, 20, 'both are there')
    const alerts = await listed()
    assert.deepEqual(alerts.map(({ labels: { target, site, alertname } }) => [alertname, target, site]).sort(), [
      ['HmonitorLogUnusual', 'backup / 2', 'north'],
      ['HmonitorLogUnusual', 'main', undefined],
    ])
    for (const { status } of alerts) assert.deepEqual(status.inhibitedBy, [])
  })
})
