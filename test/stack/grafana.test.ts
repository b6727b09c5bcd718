import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Dashboard, Panel } from '@grafana/schema'
import { DASHBOARDS, dashboardOf, FOLDER, text } from '../../scripts/generate-grafana-dashboards.ts'
import { expressionsIn, filledIn, panelsOf } from './grafana-panels.ts'
import { KNOWN, TARGET_LABELS } from './known-series.ts'
import { rangesIn, selectorsIn } from './promql.ts'

/** Grafana's own types, apart from those that the SDK brings. */
const BUILT = DASHBOARDS.map((spec) => ({ uid: spec.uid, dashboard: dashboardOf(spec) as unknown as Dashboard }))

const UNITS = new Set('bool Bps bytes none ops percentunit s short suffix:fps suffix:LUFS'.split(' '))

/** What a panel shows in figures and what the units of its metrics are. */
const UNIT_OF_METRIC: [RegExp, string][] = [
  [/_bytes_per_second|received_bytes_total/, 'Bps'],
  [/_resident_memory_bytes/, 'bytes'],
  [/_loudness_lufs/, 'suffix:LUFS'],
  [/_frames_per_second/, 'suffix:fps'],
  [/_seconds(_bucket)?\{|_seconds \{/, 's'],
  [/_ratio(1h|1d)?\{/, 'percentunit'],
]

describe('the dashboards of Grafana', () => {
  it('are what their source makes: else run node scripts/generate-grafana-dashboards.ts', () => {
    const files = readdirSync(FOLDER).sort()
    assert.deepEqual(files, DASHBOARDS.map(({ uid }) => `${uid}.json`).sort())
    for (const spec of DASHBOARDS) assert.equal(readFileSync(join(FOLDER, `${spec.uid}.json`), 'utf8'), text(spec))
  })

  for (const { uid, dashboard } of BUILT) {
    const panels = panelsOf(dashboard)
    const variables = dashboard.templating?.list?.map(({ name }) => name) ?? []

    describe(uid, () => {
      it('is classic JSON that nobody changes in the browser, and says what it is for', () => {
        assert.equal(dashboard.schemaVersion, 42)
        assert.equal(dashboard.editable, false)
        assert.ok(dashboard.title && dashboard.description)
        assert.ok(uid.length <= 40)
      })

      it('lets a person choose the data source, the site and the monitor, all of them at first', () => {
        assert.deepEqual(variables.slice(0, 3), ['datasource', 'site', 'monitor'])
        for (const variable of dashboard.templating?.list ?? []) {
          if (variable.type === 'datasource') continue
          assert.equal(variable.multi, true, variable.name)
          assert.equal(variable.includeAll, true, variable.name)
          assert.equal(variable.allValue, '.*', variable.name)
          assert.equal(variable.refresh, 2, `${variable.name} is read anew with the time range`)
        }
      })

      it('has a title, a description, a unit and the chosen data source on every panel', () => {
        for (const panel of panels) {
          assert.ok(panel.title, `panel ${panel.id}`)
          assert.ok((panel.description ?? '').endsWith('.'), `${panel.title}: description`)
          assert.equal(panel.datasource?.uid, '${datasource}', panel.title)
          const unit = panel.fieldConfig?.defaults.unit ?? ''
          assert.ok(UNITS.has(unit), `${panel.title}: unit ${unit}`)
          assert.ok((panel.targets ?? []).length > 0, `${panel.title}: no query`)
        }
      })

      it('has units that fit what is asked for', () => {
        for (const panel of panels) {
          if (panel.type === 'table' || panel.type === 'state-timeline') continue
          for (const { expr } of expressionsIn(panel)) {
            // The share of two, and the count of something, have no unit of theirs.
            if (/ \/ /.test(expr) || /^(rate|sum by \(.*\) \(rate)\(process_cpu/.test(expr)) continue
            const [, unit] = UNIT_OF_METRIC.find(([metric]) => metric.test(expr)) ?? []
            if (unit !== undefined && !expr.includes('process_cpu')) {
              assert.equal(panel.fieldConfig?.defaults.unit, unit, `${panel.title}: ${expr}`)
            }
          }
        }
      })

      it('has panels that do not lie on each other, each with a number of its own', () => {
        const all = (dashboard.panels ?? []) as Panel[]
        assert.equal(new Set(all.map(({ id }) => id)).size, all.length)
        for (const [at, one] of all.entries()) {
          const { x, y, w, h } = one.gridPos ?? { x: 0, y: 0, w: 0, h: 0 }
          assert.ok(w > 0 && h > 0 && x + w <= 24, `${one.title}`)
          for (const other of all.slice(at + 1)) {
            const place = other.gridPos ?? { x: 0, y: 0, w: 0, h: 0 }
            const apart = x + w <= place.x || place.x + place.w <= x || y + h <= place.y || place.y + place.h <= y
            assert.ok(apart, `${one.title} lies on ${other.title}`)
          }
        }
      })

      it('asks only for metrics and labels that there are, of the chosen site and monitor', () => {
        for (const panel of panels) {
          for (const { expr, refId } of expressionsIn(panel)) {
            assert.match(refId, /^[A-Z]$/)
            for (const { names, labels } of selectorsIn(filledIn(expr), [...KNOWN.keys()])) {
              assert.ok(names.length > 0, `${panel.title}: ${expr}`)
              for (const name of names) {
                const known = KNOWN.get(name)
                assert.ok(known, `${panel.title}: ${name} is no metric`)
                for (const label of Object.keys(labels)) {
                  assert.ok(
                    [...known, ...TARGET_LABELS].includes(label),
                    `${panel.title}: ${name} has no label ${label}`,
                  )
                }
              }
              assert.ok('site' in labels && 'monitor' in labels, `${panel.title}: ${expr}`)
              if (variables.includes('target') && names.every((name) => KNOWN.get(name)?.includes('target'))) {
                assert.ok('target' in labels, `${panel.title} does not follow the choice: ${expr}`)
              }
            }
          }
        }
      })

      it('takes rates of counters, over windows that hold four scrapes', () => {
        for (const panel of panels) {
          for (const { expr } of expressionsIn(panel)) {
            const counters = expr.match(/\w+_total\b/g) ?? []
            if (counters.length > 0) assert.match(expr, /(rate|increase)\(/, `${panel.title}: ${expr}`)
            if (!/\$__(rate_interval|range)/.test(expr)) {
              for (const { seconds } of rangesIn(expr)) assert.ok(seconds >= 60, `${panel.title}: ${expr}`)
            }
          }
        }
      })

      it('marks on its time axis what fires and the incidents', () => {
        const annotations = dashboard.annotations?.list ?? []
        assert.deepEqual(
          annotations.map(({ name }) => name),
          ['Alerts', 'Incidents'],
        )
        for (const { expr } of annotations as unknown as { expr: string }[]) {
          for (const { names, labels } of selectorsIn(filledIn(expr), [...KNOWN.keys()])) {
            assert.ok(names.length > 0 && 'site' in labels && 'monitor' in labels, expr)
          }
        }
      })

      it('leads to dashboards that there are, by variables that they have', () => {
        for (const panel of panels) {
          const links = [...(panel.fieldConfig?.defaults.links ?? []), ...(panel.links ?? [])] as { url: string }[]
          for (const { url } of links) {
            // What a person has called a target may have any character.
            assert.doesNotMatch(url, /\$\{__(field|data)\.[\w.]+\}/, 'a label in a link is encoded')
            const [, to = ''] = /^\/d\/([\w-]+)\?/.exec(url) ?? []
            const found = BUILT.find((other) => other.uid === to)
            assert.ok(found, url)
            for (const [, name] of url.matchAll(/var-(\w+)=/g)) {
              assert.ok(
                found.dashboard.templating?.list?.some((variable) => variable.name === name),
                url,
              )
            }
          }
        }
      })
    })
  }
})
