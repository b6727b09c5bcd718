import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Dashboard, Panel } from '@grafana/schema'
import { DASHBOARDS, dashboardOf } from '../../scripts/generate-grafana-dashboards.ts'
import { FLOORS } from '../../src/baselines/floors.ts'
import { measuresOf } from '../../src/history/measures.ts'
import type { KindDescriptor } from '../../src/kinds/kind.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { expressionsIn, filledIn, panelsOf } from './grafana-panels.ts'
import { failedCases, SITE, seriesOf } from './rule-cases.ts'

const PANELS = DASHBOARDS.flatMap((spec) => panelsOf(dashboardOf(spec) as unknown as Dashboard))
const BANDS = PANELS.filter((panel) => expressionsIn(panel).some(({ expr }) => /_usual\{/.test(expr)))

const stream = (metric: string, target: string, labels: Record<string, string> = {}) =>
  seriesOf(`hmonitor_stream_${metric}`, { target, ...labels, ...SITE })
const usual = (target: string, bound: string) => stream('usual', target, { measure: 'videoBytesPerSecond', bound })

const find = (title: string) => {
  const found = PANELS.find((panel) => panel.title === title)
  assert.ok(found, title)
  return found
}

const queryWith = (panel: Panel, legend: string) => {
  const target = (panel.targets ?? []).find((each) => each.legendFormat === legend)
  assert.ok(target, `${panel.title}: ${legend}`)
  return filledIn(String(target.expr))
}

describe('what is usual, on the charts of Grafana', () => {
  it('is a band on the chart of every measure that is shown by itself', () => {
    const measures = BANDS.map((panel) => /measure="(\w+)"/.exec(queryWith(panel, 'usual, to'))?.[1]).sort()
    // Until a service answers is a sum, and its chart has the phases.
    const known = Object.values<KindDescriptor>(KINDS).flatMap(({ kind }) =>
      measuresOf(KINDS, kind).map(({ name }) => name),
    )
    const expected = known.filter((name) => name in FLOORS && name !== 'connectDuration').sort()
    assert.deepEqual(measures, expected)
  })

  it('is shaded from the lowest to the highest, by the names that its lines have', () => {
    for (const panel of BANDS) {
      const overrides = panel.fieldConfig?.overrides ?? []
      const of = (name: string) => overrides.find(({ matcher }) => matcher.options === name)?.properties ?? []
      const fill = of('usual, to').find(({ id }) => id === 'custom.fillBelowTo')
      assert.equal(fill?.value, 'usual, from', panel.title)
      assert.ok(of('usual, from').length > 0, panel.title)
      assert.ok(queryWith(panel, 'usual, from').includes('bound="low"'), panel.title)
    }
  })

  it('is there where one target is chosen, and not where the bands of several would hide one another', async () => {
    const panel = find('Video, measured and declared')
    const [low, high] = [queryWith(panel, 'usual, from'), queryWith(panel, 'usual, to')]
    const of = (target: string) => ({
      [stream('expected', target)]: '1x9',
      [usual(target, 'low')]: '700000x9',
      [usual(target, 'high')]: '775000x9',
    })
    const none = { at: 5, expression: low, samples: {} }
    const cases = [
      {
        name: 'one target',
        series: of('main'),
        expect: [
          { at: 5, expression: low, samples: { '{}': 700_000 } },
          { at: 5, expression: high, samples: { '{}': 775_000 } },
        ],
      },
      { name: 'two targets', series: { ...of('main'), ...of('backup') }, expect: [none] },
      { name: 'nothing is known yet', series: { [stream('expected', 'main')]: '1x9' }, expect: [none] },
    ]
    assert.equal(await failedCases([], cases), '')
  })

  it('says which measure was not as usual, and only while it was not', async () => {
    const panel = PANELS.find(
      ({ title, targets }) => title === 'Not as usual' && /stream/.test(String(targets?.[0]?.expr)),
    )
    assert.ok(panel)
    const expression = queryWith(panel, '{{target}}: {{measure}}')
    const anomaly = stream('anomaly', 'main', { measure: 'drift' })
    const samples = { [seriesOf('', { target: 'main', measure: 'drift', ...SITE })]: 1 }
    const expect = [
      { at: 2, expression, samples: {} },
      { at: 7, expression, samples },
    ]
    assert.equal(await failedCases([], [{ name: 'drift', series: { [anomaly]: '0x4 1x9' }, expect }]), '')
  })
})

describe('the event that is on, on the charts of Grafana', () => {
  it('shows what of its budget is gone, and the seconds of which that is a share', async () => {
    const series = {
      [stream('event_budget_used_ratio', 'main')]: '0.5x9',
      [stream('event_budget_seconds', 'main')]: '27x9',
      [stream('event_seconds', 'main', { time: 'bad' })]: '13.5x9',
    }
    const lines = find('Off air, and what the event may miss')
    const expect = [
      {
        at: 5,
        expression: queryWith(find('Event budget gone'), '{{target}}'),
        samples: { [stream('event_budget_used_ratio', 'main')]: 0.5 },
      },
      {
        at: 5,
        expression: queryWith(lines, '{{target}} off air'),
        samples: { [stream('event_seconds', 'main', { time: 'bad' })]: 13.5 },
      },
      {
        at: 5,
        expression: queryWith(lines, '{{target}} may miss'),
        samples: { [stream('event_budget_seconds', 'main')]: 27 },
      },
    ]
    assert.equal(await failedCases([], [{ name: 'half is gone', series, expect }]), '')
  })
})
