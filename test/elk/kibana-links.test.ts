import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DASHBOARDS, DATA_VIEW } from '../../deploy/elk/source/kibana.ts'
import { DASHBOARDS as IN_GRAFANA } from '../../scripts/generate-grafana-dashboards.ts'
import { placesOf, withPlaces } from '../../src/elk/kibana-links.ts'
import { LOG_FIELDS } from '../../src/logs/log-fields.ts'

const KNOWN = { GRAFANA_URL: 'https://grafana.example', DASHBOARD_URL: 'https://monitor.example/dashboard' }
const NOBODY = { GRAFANA_URL: null, DASHBOARD_URL: null }
const texts = (value: unknown) => JSON.stringify(value)

describe('links out of Kibana', () => {
  it('lead from a target and an incident to Grafana, and from the incidents to both pages', () => {
    const { fieldFormats } = withPlaces(DATA_VIEW, KNOWN)
    for (const field of ['hmonitor.target', 'hmonitor.incident.id'] as const) {
      assert.ok(field in LOG_FIELDS)
      // {{value}} is encoded by Kibana, {{rawValue}} is not.
      const { urlTemplate } = fieldFormats[field].params
      const [, uid, variable] =
        /^https:\/\/grafana\.example\/d\/([\w-]+)\?var-(\w+)=\{\{value\}\}/.exec(urlTemplate) ?? []
      const there = IN_GRAFANA.find((each) => each.uid === uid)
      assert.ok(there, urlTemplate)
      assert.equal(variable, there.incidents ? 'incident' : 'target')
    }
    const incidents = texts(withPlaces(DASHBOARDS, KNOWN).find(({ id }) => id === 'hmonitor-incidents'))
    assert.match(incidents, /\(https:\/\/grafana\.example\/d\/hmonitor-incident\)/)
    assert.match(incidents, /\(https:\/\/monitor\.example\/dashboard\)/)
    assert.doesNotMatch(incidents, /\$\{/)
  })

  it('are left out where nobody has said where the pages are', () => {
    const { fieldFormats } = withPlaces(DATA_VIEW, NOBODY)
    assert.deepEqual(Object.keys(fieldFormats), ['event.duration'])
    const dashboards = withPlaces(DASHBOARDS, NOBODY)
    assert.doesNotMatch(texts(dashboards), /\$\{|grafana|http/i)
    assert.match(texts(dashboards), /app\/discover/)
  })

  it('lead to pages only, and show no login', () => {
    const hidden = { GRAFANA_URL: 'https://me:secret@grafana.example/a)b/', DASHBOARD_URL: '' }
    assert.deepEqual(placesOf(hidden), { GRAFANA_URL: 'https://grafana.example/a%29b', DASHBOARD_URL: null })
    for (const url of ['javascript:alert(1)', 'grafana.example', 'file:///etc/passwd']) {
      assert.throws(() => placesOf({ DASHBOARD_URL: url }), /DASHBOARD_URL has to begin with http/)
    }
  })
})
