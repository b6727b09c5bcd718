import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { PostableAlert } from '../../src/alerts/alertmanager.ts'
import { PostedIncidents } from '../../src/alerts/posted-incidents.ts'
import type { Location } from '../../src/observation/diagnosis.ts'
import type { Incident } from '../../src/observation/incident.ts'
import { iso, START } from './world.ts'

function incident(location: Location | null, changes: Partial<Incident> = {}): Incident {
  const member = (target: string) => ({
    ...{ kind: 'stream', target, severity: 'critical', status: 'firing', since: iso(START) },
    ...{ alerts: ['HmonitorStreamOffline'], summary: 'No media for 12 s' },
  })
  return {
    ...{ id: 'a1b2', monitor: 'hall', site: 'main-hall', severity: 'critical', status: 'open', change: 'opened' },
    ...{ startsAt: iso(START), members: [member('main'), member('backup')], remedy: ['Restart the server.'] },
    diagnosis: location && {
      ...{ location, cause: 'serverDown', probability: 0.95, confidence: 'certain', says: 'The server is down' },
      ...{ evidenceFor: ['other streams are down, too'], evidenceAgainst: [], wouldDecide: null, remedy: [] },
    },
    ...{ timeline: [], via: 'alertmanager', time: iso(START), labels: {} },
    ...changes,
  } as Incident
}

const alert: PostableAlert = {
  labels: { alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target: 'main', monitor: 'hall' },
  annotations: {},
  startsAt: iso(START),
  endsAt: iso(START + 24 * 3_600_000),
}

describe('incidents as the monitor posts them to an Alertmanager', () => {
  let posted: PostedIncidents
  let at = START
  beforeEach(() => {
    posted = new PostedIncidents()
    at = START
  })
  const post = (incidents: Incident[], alerts: PostableAlert[] = []) =>
    posted.postables({ incidents, alerts, at, dashboardUrl: 'http://monitor/dashboard' })
  const last = (alerts: PostableAlert[]): PostableAlert => {
    const found = alerts.at(-1)
    assert.ok(found)
    return found
  }
  const said = (alerts: PostableAlert[]) =>
    alerts.map(({ labels, endsAt }) => {
      const what = labels.alertname === 'HmonitorIncident' ? `incident ${labels.location}` : `silent ${labels.target}`
      return Date.parse(endsAt) <= at ? `${what} is over` : what
    })

  it('are one alert, which begins with the cause, and one for each member that is to be silent', () => {
    const alerts = post([incident('server')])
    assert.deepEqual(said(alerts), ['silent main', 'silent backup', 'incident server'])
    const { labels, annotations } = last(alerts)
    assert.deepEqual(labels, {
      ...{ alertname: 'HmonitorIncident', severity: 'critical', kind: 'incident', target: 'a1b2', incident: 'a1b2' },
      ...{ monitor: 'hall', site: 'main-hall', location: 'server' },
    })
    assert.equal(annotations.summary, 'The server is down: stream main, stream backup')
    assert.equal(annotations.cause, 'The server is down (certain: other streams are down, too)')
    assert.equal(annotations.remedy, '1. Restart the server.')
    const { labels: silent } = alerts[0] ?? { labels: {} }
    assert.deepEqual(silent, {
      ...{ alertname: 'HmonitorIncidentMember', severity: 'none', kind: 'stream', target: 'main' },
      ...{ monitor: 'hall', site: 'main-hall' },
    })
  })

  it('say nothing of the cause while nothing is known', () => {
    const { annotations, labels } = last(post([incident(null)]))
    assert.match(annotations.summary ?? '', /^Stream main: .+ and 1 more$/)
    assert.ok(!('cause' in annotations) && labels.location === 'unknown')
  })

  it('end where the place is another one, until that was taken', () => {
    post([incident('server')])
    at += 5000
    const alerts = post([incident('uplink')])
    const now = ['silent main', 'silent backup', 'incident uplink', 'incident server is over']
    assert.deepEqual(said(alerts), now)
    assert.deepEqual(said(post([incident('uplink')])), now)
    posted.accepted(alerts)
    assert.deepEqual(said(post([incident('uplink')])), now.slice(0, 3))
  })

  it('end with their members when they are over, or when `notify` tells of them', () => {
    post([incident('server')])
    at += 5000
    const over = ['silent main is over', 'silent backup is over', 'incident server is over']
    assert.deepEqual(said(post([incident('server', { via: 'notify' })])), over)
  })

  it('are not posted where another monitor tells people of the same fault, and their members are silent', () => {
    for (const toldBy of [null, 'hall-0']) {
      assert.deepEqual(said(post([incident('server', { toldBy })])), ['silent main', 'silent backup'])
    }
    assert.deepEqual(said(post([incident('server')])), ['silent main', 'silent backup', 'incident server'])
  })

  it('go on where they were posted before another monitor told people, until they are over', () => {
    post([incident('server')])
    const told = incident('uplink', { toldBy: 'hall-0' })
    assert.ok(said(post([told])).includes('incident uplink'))
    posted.accepted(post([told]))
    assert.ok(said(post([])).includes('incident uplink is over'))
  })

  it('name what is affected at other monitors', () => {
    const [member] = incident('server').members
    assert.ok(member)
    const { annotations } = last(post([incident('server', { elsewhere: [{ ...member, target: 'third' }] })]))
    assert.equal(annotations.summary, 'The server is down: stream main, stream backup, stream third')
  })

  it('let the members of a monitor that is gone speak within two minutes, and go on themselves', () => {
    const alerts = post([incident('server')])
    const lasts = alerts.map(({ endsAt }) => (Date.parse(endsAt) - at) / 1000)
    assert.deepEqual(lasts, [90, 90, 86_400])
  })

  it('keep an alert silent for the seconds in which its incident is found, and no longer', () => {
    assert.deepEqual(said(post([], [alert])), ['silent main'])
    at += 7000
    assert.deepEqual(said(post([], [alert])), ['silent main is over'])
  })
})
