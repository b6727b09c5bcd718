import { CHOSEN, type Row } from './dashboards.ts'

const NONE = 'no event of planned length is on'

/** What the event that is on may miss, and what of it is gone: what a month says of it is said months later. */
export const EVENT_BUDGET: Row = {
  title: 'The event that is on',
  panels: [
    {
      ...{ look: 'number', title: 'Event budget gone', unit: 'percentunit', width: 6, height: 7, decimals: 0 },
      description:
        'Share of the seconds that this event may miss. From half on have the backup ready; from 100 % on the objective is missed, and an alert says so.',
      queries: [{ expr: `hmonitor_stream_event_budget_used_ratio{${CHOSEN}}`, legend: '{{target}}' }],
      steps: [
        { value: null, color: 'green' },
        { value: 0.5, color: 'orange' },
        { value: 1, color: 'red' },
      ],
      noValue: NONE,
    },
    {
      ...{ look: 'lines', title: 'Off air, and what the event may miss', unit: 's', width: 9, height: 7, min: 0 },
      description:
        'Seconds in which the stream was expected and off air. It never falls; each step is an interruption.',
      queries: [
        { expr: `hmonitor_stream_event_seconds{${CHOSEN},time="bad"}`, legend: '{{target}} off air' },
        { expr: `hmonitor_stream_event_budget_seconds{${CHOSEN}}`, legend: '{{target}} may miss' },
      ],
      noValue: NONE,
    },
    {
      ...{ look: 'lines', title: 'Expected and measured', unit: 's', width: 9, height: 7, min: 0 },
      description:
        'Seconds of the event so far. Where what is measured stays behind, the monitor did not know: that is neither up nor down.',
      queries: [
        { expr: `hmonitor_stream_event_seconds{${CHOSEN},time="expected"}`, legend: '{{target}} expected' },
        { expr: `hmonitor_stream_event_seconds{${CHOSEN},time="measured"}`, legend: '{{target}} measured' },
      ],
      noValue: NONE,
    },
  ],
}
