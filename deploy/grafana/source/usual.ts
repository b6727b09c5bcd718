import type { Kind } from '../../../src/observation/observation.ts'
import { CHOSEN } from './dashboards.ts'
import type { Band, PanelSpec } from './panel.ts'

const SAYS = ' The grey band is what is usual for it, where one target is chosen and enough is known.'

/** What is usual, as a band behind a chart. Bands of several targets would hide one another: one alone has it. */
function usualBand(kind: Kind, measure: string): Band {
  const bound = (name: 'low' | 'high') => {
    const usual = `hmonitor_${kind}_usual{${CHOSEN},measure="${measure}",bound="${name}"}`
    return `max(${usual}) and on () count(hmonitor_${kind}_expected{${CHOSEN}}) == 1`
  }
  return {
    low: { expr: bound('low'), legend: 'usual, from' },
    high: { expr: bound('high'), legend: 'usual, to' },
  }
}

/**
 * A panel of lines with the band, and what the band is.
 *
 * @param measure of `src/baselines/floors.ts`; the panel is in its unit
 */
export function withUsual(kind: Kind, measure: string, panel: PanelSpec): PanelSpec {
  return { ...panel, description: panel.description + SAYS, band: usualBand(kind, measure) }
}

/** When a measure of targets of these kinds was not as usual. */
export function unusualPanel(kinds: readonly Kind[], place: { width: number; height: number }): PanelSpec {
  return {
    ...{ look: 'states', title: 'Not as usual', unit: 'none', ...place },
    description:
      'When a measure was not as it usually is for this target. It is information and nobody is told; after a fault it says what changed first.',
    queries: [
      {
        expr: `max by (target, measure, site, monitor) ({__name__=~"hmonitor_(${kinds.join('|')})_anomaly",${CHOSEN}}) == 1`,
        legend: '{{target}}: {{measure}}',
      },
    ],
    steps: [{ value: null, color: 'blue' }],
    noValue: 'as usual, or too little is known',
  }
}
