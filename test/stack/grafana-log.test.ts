/** The log beside the metrics: Grafana's data source for Elasticsearch, and the rows that ask it. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Dashboard, Panel } from '@grafana/schema'
import { parse } from 'yaml'
import { FIELDS } from '../../deploy/elk/source/fields.ts'
import { DATA_VIEW } from '../../deploy/elk/source/kibana.ts'
import { DASHBOARDS, dashboardOf } from '../../scripts/generate-grafana-dashboards.ts'
import { root } from '../runtime.ts'
import { configureStack } from './stack-folder.ts'

const BUILT = DASHBOARDS.map((spec) => dashboardOf(spec) as unknown as Dashboard)
const MAPPED = new Set([...Object.keys(FIELDS), '@timestamp'])

/** All panels, those within closed rows as well. */
const panelsIn = ({ panels = [] }: Dashboard): Panel[] =>
  panels.flatMap((panel) => [panel as Panel, ...(((panel as { panels?: Panel[] }).panels ?? []) as Panel[])])
const ofLog = (dashboard: Dashboard) => panelsIn(dashboard).filter(({ datasource }) => datasource?.uid === '${log}')

describe('the log in Grafana', () => {
  for (const dashboard of BUILT) {
    it(`is below ${dashboard.title}, asked for fields that are mapped and variables that are there`, () => {
      const panels = ofLog(dashboard)
      assert.ok(panels.length > 0)
      const variables = dashboard.templating?.list?.map(({ name }) => name) ?? []
      for (const { title, type, targets = [], description } of panels) {
        assert.equal(type, 'logs', title)
        assert.ok(description?.endsWith('.'))
        for (const target of targets) {
          const { query, timeField } = target as { query: string; timeField: string }
          assert.equal(timeField, '@timestamp')
          // All is `.*`, which only a regular expression takes; a value stands for itself, whatever signs it has.
          const CHOSEN = /:\(\/\$\{(\w+):lucene\}\/ OR \$\{\1:lucene\}\)/g
          const named = [...query.matchAll(CHOSEN)].map(([, name = '']) => name)
          for (const name of named) assert.ok(variables.includes(name), `${title}: ${name}`)
          const rest = query.replaceAll(CHOSEN, ':x')
          assert.equal(rest.includes('$'), false, query)
          for (const [, field = ''] of rest.matchAll(/([\w.]+):/g)) {
            if (field !== '_exists_') assert.ok(MAPPED.has(field), `${title}: ${field}`)
          }
        }
      }
    })
  }

  it('asks nothing until somebody opens its row, but on the dashboard that is for it', () => {
    for (const dashboard of BUILT) {
      const open = (dashboard.panels ?? []).filter((panel) => (panel as Panel).datasource?.uid === '${log}')
      assert.equal(open.length > 0, dashboard.uid === 'hmonitor-log', dashboard.title)
    }
  })

  it('is a click away from each panel, of its time, and of its target where it shows one', () => {
    for (const dashboard of BUILT) {
      for (const panel of panelsIn(dashboard)) {
        if (panel.type === 'row' || panel.datasource?.uid === '${log}') continue
        const ofPanel = (panel.links ?? []).map(({ url }) => url)
        assert.ok(ofPanel.includes('/d/hmonitor-log?${__url_time_range}'), `${dashboard.title}: ${panel.title}`)
        const legends = (panel.targets ?? []).map((target) => String(target.legendFormat))
        if (
          panel.type === 'table' ||
          panel.title === undefined ||
          !legends.every((each) => /^\{\{target\}\}/.test(each))
        )
          continue
        const links = (panel.fieldConfig?.defaults.links ?? []) as { url: string }[]
        assert.ok(
          links.some(({ url }) => url.startsWith('/d/hmonitor-log?var-target=${__field.labels.target:percentencode}&')),
          `${dashboard.title}: ${panel.title}`,
        )
      }
    }
  })
})

describe('the data source of the log', () => {
  const folder = configureStack({})
  after(() => folder.remove())
  const { datasources } = parse(
    readFileSync(join(root, 'deploy/grafana/provisioning/datasources/hmonitor.yaml'), 'utf8'),
  ) as {
    datasources: {
      uid: string
      basicAuthUser?: string
      jsonData: { index?: string; dataLinks?: { field: string; url: string }[] }
      secureJsonData?: Record<string, string>
    }[]
  }
  const source = datasources.find(({ uid }) => uid === 'hmonitor-log')
  assert.ok(source)

  it('is chosen by the dashboards, and reads what Kibana reads, as who can only read', () => {
    for (const { templating } of BUILT) {
      const log = templating?.list?.find(({ name }) => name === 'log') as { current?: { value?: string } } | undefined
      assert.equal(log?.current?.value, 'hmonitor-log')
    }
    assert.equal(source.jsonData.index, DATA_VIEW.title)
    assert.equal(source.basicAuthUser, 'hmonitor_reader')
  })

  it('has its files in every stack, because Grafana does not start without them', () => {
    const files = Object.values(source.secureJsonData ?? {})
    assert.equal(files.length, 2)
    for (const file of files) {
      const [, name = ''] = /^\$__file\{\/run\/hmonitor\/(\w+(?:\.pem)?)\}$/.exec(file) ?? []
      assert.ok(existsSync(join(folder.out, 'grafana', name)), file)
    }
    const read = (path: string) => readFileSync(join(folder.out, path), 'utf8')
    const password = read('elk-setup/hmonitor_reader_password')
    for (const part of ['grafana', 'elk-watch']) assert.equal(read(`${part}/hmonitor_reader_password`), password)
  })

  it('leads from a line to its target, its incident and Kibana, with values encoded', () => {
    const links = source.jsonData.dataLinks ?? []
    assert.deepEqual(
      links.map(({ field }) => field.replace(/[\\^$]/g, '')),
      ['hmonitor.target', 'hmonitor.incident.id', 'event.id'],
    )
    const uids = BUILT.map(({ uid }) => uid)
    for (const { field, url } of links) {
      assert.ok(MAPPED.has(field.replace(/[\\^$]/g, '')))
      assert.match(url, /\$\$\{__value\.raw:percentencode\}/)
      assert.equal(
        url.replace(/\$\$/g, '').replace('$KIBANA_URL', '').includes('$'),
        false,
        'all but one $ are escaped',
      )
      const [, uid] = /^\/d\/([\w-]+)\?/.exec(url) ?? []
      assert.ok(
        uid === undefined ? url.startsWith('$KIBANA_URL/') && url.includes(DATA_VIEW.id) : uids.includes(uid),
        url,
      )
    }
  })
})
