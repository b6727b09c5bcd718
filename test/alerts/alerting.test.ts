import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Alerting } from '../../src/alerts/alerting.ts'
import { foreignIn } from '../../src/alerts/book.ts'
import { readMode } from '../../src/alerts/mode.ts'
import { DEFAULT_TIMING } from '../../src/alerts/timing.ts'
import { parseWebhook } from '../../src/alerts/webhook.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Issue, Observation, State } from '../../src/observation/observation.ts'
import { JsonFile } from '../../src/storage/json-file.ts'
import { iso, issue, ORIGIN, START, targetsOf } from './world.ts'

const AM = { ALERTMANAGER_URLS: 'http://127.0.0.1:9093' }
const PROMETHEUS = { ...AM, ALERT_SOURCE: 'prometheus' }

describe('who tells people', () => {
  let folder: string
  let at: number
  let sent: Alert[]
  let counted: string[]
  let alerting: Alerting
  let writes: number
  /** Alerts that the monitor judges itself. */
  let judged: string[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-alerting-'))
    at = START
    sent = []
    counted = []
    writes = 0
    judged = []
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const countedFile = () => {
    const file = new JsonFile(join(folder, 'alerts.json'))
    const write = file.write.bind(file)
    file.write = (value) => {
      writes++
      return write(value)
    }
    return file
  }
  const begin = (variables: Record<string, string>) => {
    alerting = new Alerting({
      mode: readMode(variables),
      file: countedFile(),
      book: null,
      timing: DEFAULT_TIMING,
      origin: () => ORIGIN,
      diagnose: () => null,
      judges: ({ alertname }) => judged.includes(alertname),
      targets: () =>
        targetsOf(
          ['main', 'backup'].map((name) => ({ kind: 'stream', name, interval: 1, state: 'ok', measuredAt: at })),
        ),
      dashboardUrl: () => null,
      clock: { wall: () => at },
      send: (alert) => void sent.push(alert),
      counters: { count: ({ name }, labels) => void counted.push([name, ...Object.values(labels)].join(' ')) },
      postNow: () => {},
    })
    alerting.start()
  }
  /** Lets seconds pass. `heard`: whether an Alertmanager answers meanwhile. */
  const pass = (seconds: number, heard = false) => {
    for (let second = 0; second < seconds; second += 1) {
      at += 1000
      if (heard) alerting.alertmanagerHeard(null)
      alerting.tick()
    }
  }
  const observe = (target: string, state: State, issues: Issue[] = []) =>
    alerting.observe({
      ...{ kind: 'stream', target, labels: {}, time: iso(at), sequence: at, state, expected: true },
      ...{ score: null, measurements: {}, issues },
    } satisfies Observation)
  const down = (target = 'main') => observe(target, 'down', [issue('streamOffline', 'error', at)])
  const webhook = (status: string, labels: Record<string, string>, isAuthenticated = true) => {
    const alerts = parseWebhook({ version: '4', alerts: [{ status, labels, startsAt: iso(at), annotations: {} }] })
    alerting.hear(alerts, isAuthenticated)
    alerting.tick()
  }
  const offline = {
    alertname: 'HmonitorStreamOffline',
    severity: 'critical',
    kind: 'stream',
    target: 'main',
    ...ORIGIN,
  }
  const watchdog = () => webhook('firing', { alertname: 'Watchdog' })
  const said = () => sent.map(({ via, change, target }) => `${via} ${change} ${target}`)
  const posted = () => alerting.postables().map(({ labels, endsAt }) => [labels.target, Date.parse(endsAt) > at])

  it('without Alertmanager: notify', () => {
    begin({})
    down()
    observe('main', 'ok')
    assert.deepEqual(said(), ['notify firing main', 'notify resolved main'])
    assert.deepEqual(alerting.postables(), [])
    assert.deepEqual(counted, ['hmonitor_alerts_total critical firing', 'hmonitor_alerts_total critical resolved'])
  })

  it('counts neither a repetition nor a command', () => {
    begin({})
    down()
    alerting.command({ action: 'acknowledge', id: sent[0]?.id ?? '', by: 'Ada' })
    assert.equal(sent.at(-1)?.change, 'acknowledged')
    assert.equal(counted.length, 1)
  })

  it('writes its book at once only where it tells somebody, and once a second otherwise', () => {
    begin({})
    const low = () => [issue('bitrateLow', 'warning', at)]
    observe('main', 'degraded', low())
    observe('backup', 'degraded', low())
    assert.deepEqual([sent.length, writes], [0, 0])
    alerting.tick()
    assert.equal(writes, 1)
    down()
    assert.deepEqual([sent.length, writes], [1, 2])
  })

  describe('without Alertmanager', () => {
    it('refuses a webhook, and what one has said before silences nothing', () => {
      begin(PROMETHEUS)
      webhook('firing', offline)
      webhook('firing', { ...offline, target: 'backup' })
      down('backup')
      sent = []
      begin({})
      assert.throws(() => webhook('firing', offline), { code: 'not-in-use', message: /ALERTMANAGER_URLS/ })
      sent = []
      down()
      down('backup')
      assert.deepEqual(said().sort(), ['notify firing backup', 'notify firing main'])
    })
  })

  describe('directly through Alertmanager', () => {
    it('Alertmanager does, and is told again until it has taken the end', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      assert.deepEqual(said(), ['alertmanager firing main'])
      assert.deepEqual(posted(), [['main', true]])
      alerting.accepted(alerting.postables())
      assert.deepEqual(posted(), [['main', true]], 'what fires is posted on')
      observe('main', 'ok')
      assert.deepEqual(posted(), [['main', false]])
      alerting.accepted(alerting.postables())
      assert.deepEqual(posted(), [])
      assert.deepEqual(said(), ['alertmanager firing main', 'alertmanager resolved main'])
    })

    it('notify does after 15 s in which none answered, of what none has taken', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      pass(14)
      assert.deepEqual(said(), ['alertmanager firing main'])
      pass(1)
      assert.deepEqual(said(), ['alertmanager firing main', 'notify firing main'])
      down('backup')
      assert.equal(said().at(-1), 'notify firing backup')
      observe('main', 'ok')
      assert.equal(said().at(-1), 'notify resolved main')
    })

    it('notify stays with what it has told when Alertmanager is back', () => {
      begin(AM)
      pass(16)
      down()
      alerting.alertmanagerHeard([])
      pass(5, true)
      assert.deepEqual(posted(), [])
      down('backup')
      assert.deepEqual(said(), ['notify firing main', 'alertmanager firing backup'])
    })

    it('notify tells again of what Alertmanager took just before it died, but not of what it took long before', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      alerting.accepted(alerting.postables())
      pass(60, true)
      down('backup')
      alerting.accepted(alerting.postables())
      pass(20)
      assert.deepEqual(said(), ['alertmanager firing main', 'alertmanager firing backup', 'notify firing backup'])
    })

    it('nor of what its webhook said that it has told', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      alerting.accepted(alerting.postables())
      webhook('firing', offline)
      pass(20)
      assert.deepEqual(said(), ['alertmanager firing main'])
    })

    it('but for a webhook without the token: anybody may have sent that', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      alerting.accepted(alerting.postables())
      webhook('firing', offline, false)
      pass(20)
      assert.deepEqual(said(), ['alertmanager firing main', 'notify firing main'])
    })

    it('posts what it sees although a webhook has spoken of it before, also after a restart', () => {
      for (const isAuthenticated of [true, false]) {
        begin(AM)
        alerting.alertmanagerHeard([])
        webhook('firing', offline, isAuthenticated)
        assert.deepEqual(posted(), [], 'it is not of this monitor')
        sent = []
        begin(AM)
        alerting.alertmanagerHeard([])
        down()
        assert.deepEqual(posted(), [['main', true]])
        observe('main', 'ok')
        alerting.accepted(alerting.postables())
      }
    })

    it('a webhook of an alert that none has taken yet does not keep notify from telling it', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      webhook('firing', offline)
      pass(16)
      assert.deepEqual(said(), ['alertmanager firing main', 'notify firing main'])
    })

    it('no webhook is a sign of life of an Alertmanager that does not answer', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      for (let second = 0; second < 20; second += 1) {
        webhook('firing', { alertname: 'Watchdog' }, false)
        pass(1)
      }
      assert.deepEqual(said(), ['alertmanager firing main', 'notify firing main'])
    })

    it('a forged alert mutes neither what depends on its target nor the warnings of it', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      webhook('firing', offline, false)
      observe('main', 'degraded', [issue('streamStalled', 'warning', at)])
      pass(12, true)
      assert.deepEqual(said().at(-1), 'alertmanager firing main')
      assert.equal(sent.at(-1)?.alertname, 'HmonitorStreamStalled')
    })

    it('honours the silences that were known, and tells of what outlasts them', () => {
      begin(AM)
      const matchers = [{ name: 'target', value: 'ma.*', isRegex: true, isEqual: true }]
      alerting.alertmanagerHeard([{ id: 'x', matchers, startsAt: START, endsAt: START + 60_000 }])
      pass(16)
      down()
      pass(30)
      assert.deepEqual(said(), [])
      assert.equal(alerting.firing[0]?.silencedUntil, new Date(START + 60_000).toISOString())
      pass(20)
      assert.deepEqual(said(), ['notify firing main'])
      assert.equal(alerting.firing[0]?.silencedUntil, undefined)
    })

    it('goes on over a restart: the same alert is posted on, and its end is posted once it was measured', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      down()
      alerting.accepted(alerting.postables())
      const [before] = alerting.postables()
      at += 5000
      sent = []
      begin(AM)
      const [after] = alerting.postables()
      assert.deepEqual([after?.labels, after?.startsAt], [before?.labels, before?.startsAt])
      down()
      observe('main', 'ok')
      assert.deepEqual(posted(), [['main', false]])
      at += 1000
      begin(AM)
      assert.deepEqual(posted(), [['main', false]], 'an end that none has taken is posted after the next restart')
      alerting.accepted(alerting.postables())
      assert.deepEqual(posted(), [])
    })

    it('is an alert of its own after three minutes of silence, which notify tells', () => {
      begin(AM)
      alerting.alertmanagerHeard([])
      pass(179)
      assert.deepEqual(said(), [])
      pass(1)
      assert.deepEqual(said(), ['notify firing alertmanager'])
      alerting.alertmanagerHeard([])
      pass(1, true)
      assert.deepEqual(said(), ['notify firing alertmanager', 'notify resolved alertmanager'])
    })
  })

  describe('through Prometheus', () => {
    it('Alertmanager does; its webhook is shown, and what is observed is not told twice', () => {
      begin(PROMETHEUS)
      watchdog()
      down()
      pass(5, true)
      assert.deepEqual(said(), [])
      webhook('firing', offline)
      webhook('firing', offline)
      assert.deepEqual(said(), ['alertmanager firing main'])
      assert.deepEqual(alerting.postables(), [])
      observe('main', 'ok')
      webhook('resolved', offline)
      assert.deepEqual(said(), ['alertmanager firing main', 'alertmanager resolved main'])
    })

    it('nobody says of what this monitor judges that it fires still, as Prometheus does after a restart', () => {
      begin(PROMETHEUS)
      judged = [offline.alertname]
      webhook('firing', offline)
      pass(5, true)
      assert.deepEqual([said(), alerting.firing], [[], []])
      down()
      webhook('firing', offline)
      observe('main', 'ok')
      webhook('firing', offline)
      pass(1, true)
      assert.deepEqual(said(), ['alertmanager firing main', 'alertmanager resolved main'])
    })

    it('what came of it before its target was watched ends as soon as it is', () => {
      begin(PROMETHEUS)
      webhook('firing', offline)
      assert.deepEqual(
        [...foreignIn(alerting.book)],
        alerting.firing.map(({ id }) => id),
      )
      judged = [offline.alertname]
      pass(1, true)
      assert.deepEqual([alerting.firing, [...foreignIn(alerting.book)]], [[], []])
      assert.deepEqual(said(), ['alertmanager firing main', 'alertmanager resolved main'])
    })

    it('shows what only Prometheus can say', () => {
      begin(PROMETHEUS)
      webhook('firing', { alertname: 'HmonitorMonitorDown', severity: 'critical', kind: 'monitor', target: 'hall' })
      webhook('resolved', { alertname: 'HmonitorMonitorDown', severity: 'critical', kind: 'monitor', target: 'hall' })
      assert.deepEqual(said(), ['alertmanager firing hall', 'alertmanager resolved hall'])
    })

    it('does not show for ever what Alertmanager said once', () => {
      begin(PROMETHEUS)
      const gone = { alertname: 'HmonitorMonitorDown', severity: 'critical', kind: 'monitor', target: 'hall' }
      webhook('firing', gone)
      at += 20 * 3_600_000
      webhook('firing', gone)
      at += 20 * 3_600_000
      watchdog()
      alerting.alertmanagerHeard(null)
      pass(1, true)
      assert.deepEqual(
        said().filter((word) => word.endsWith('hall')),
        ['alertmanager firing hall'],
      )
      at += 6 * 3_600_000
      watchdog()
      pass(1, true)
      assert.ok(sent.some(({ target, endedBy }) => target === 'hall' && endedBy === 'not-watched'))
    })

    it('notify does after 15 s in which no Alertmanager answered', () => {
      begin(PROMETHEUS)
      watchdog()
      alerting.alertmanagerHeard([])
      down()
      pass(14)
      assert.deepEqual(said(), [])
      pass(1)
      assert.deepEqual(said(), ['notify firing main'])
    })

    it('notify does, and says so, when Watchdog has not come for three minutes', () => {
      begin(PROMETHEUS)
      watchdog()
      pass(179, true)
      down()
      assert.deepEqual(said(), [])
      pass(1, true)
      assert.deepEqual(said().sort(), ['notify firing main', 'notify firing prometheus'])
      watchdog()
      pass(1, true)
      assert.equal(said().at(-1), 'notify resolved prometheus')
    })

    it('notify tells then also what only a webhook without the token said was told', () => {
      begin(PROMETHEUS)
      watchdog()
      down()
      webhook('firing', offline, false)
      pass(170, true)
      down('backup')
      webhook('firing', { ...offline, target: 'backup' })
      sent = []
      pass(10, true)
      assert.deepEqual(said().sort(), ['notify firing main', 'notify firing prometheus'])
    })

    it('keeps at most 500 alerts of others, each of them short', () => {
      begin(PROMETHEUS)
      const long = 'x'.repeat(4000)
      const alerts = Array.from({ length: 900 }, (_, index) => ({
        ...{ status: 'firing', startsAt: iso(at), labels: { alertname: `A${index}`, more: long } },
        annotations: { summary: long, description: long, remedy: `${long}\n`.repeat(1), runbook_url: 'javascript:x' },
      }))
      assert.equal(alerting.hear(parseWebhook({ version: '4', alerts }), true), 400)
      assert.equal(alerting.hear(parseWebhook({ version: '4', alerts }), true), 400)
      alerting.tick()
      assert.equal(alerting.firing.length, 500)
      assert.ok(JSON.stringify(alerting.book).length < 4_000_000)
      assert.equal(alerting.firing[0]?.runbookUrl, undefined)
    })

    it('Watchdog itself is no alert', () => {
      begin(PROMETHEUS)
      watchdog()
      assert.deepEqual(said(), [])
      assert.deepEqual(alerting.firing, [])
    })
  })

  it('says over a restart again what may have been lost, by the same key', () => {
    begin({})
    down()
    const [before] = sent
    sent = []
    at += 1000
    begin({})
    assert.deepEqual(sent, [before])
    down()
    assert.equal(sent.length, 1)
  })

  it('follows thousands of targets that are down without looking at all of them for each', () => {
    begin({})
    const before = process.cpuUsage()
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 3000; index += 1) {
        observe(`target ${index}`, 'down', [issue('streamOffline', 'error', START)])
      }
      pass(1)
    }
    const { user, system } = process.cpuUsage(before)
    assert.equal(alerting.firing.length, 3000)
    observe('target 7', 'ok')
    assert.equal(alerting.firing.length, 2999, 'who asks hears of what came last')
    // Copying the book for each of them takes some twenty seconds, whatever else the machine does.
    assert.ok(user + system < 5e6, `${(user + system) / 1e6} s of processor time`)
  })

  it('goes on in memory where the folder cannot be written', () => {
    const file = new JsonFile(join(import.meta.filename, 'alerts.json'))
    assert.equal(file.write({}), false)
    assert.match(file.problem ?? '', /cannot be written/)
  })

  it('refuses settings that make no sense', () => {
    assert.throws(() => readMode({ ALERT_SOURCE: 'both' }), { code: 'invalid-alerting' })
    assert.throws(() => readMode({ ALERTMANAGER_URLS: 'alertmanager:9093' }), { code: 'invalid-alerting' })
    assert.deepEqual(readMode({ ALERTMANAGER_URLS: 'http://a:1, http://b:2/x' }), {
      mode: 'direct',
      alertmanagers: ['http://a:1', 'http://b:2/x'],
    })
  })
})
