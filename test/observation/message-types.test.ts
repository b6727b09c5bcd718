/** The types of messages are written by hand, for the compiler; here they are held to the schema, which is published. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Alert } from '../../src/observation/alert.ts'
import type { Incident, IncidentEvent } from '../../src/observation/incident.ts'
import type { Issue, MonitorEvent, Observation } from '../../src/observation/observation.ts'

/** Every key of a type, and whether it may be absent. A key too many, too few or of the other sort does not compile. */
type Keys<T> = { readonly [K in keyof T]-?: object extends Pick<T, K> ? 'optional' : 'always' }

const ISSUE: Keys<Issue> = {
  ...{ type: 'always', severity: 'always', since: 'always', summary: 'always', remedy: 'always' },
  ...{ measured: 'optional', expected: 'optional', unit: 'optional', supersedes: 'optional', explains: 'optional' },
}
const OBSERVATION: Keys<Observation> = {
  ...{ kind: 'always', target: 'always', labels: 'always', time: 'always', sequence: 'always', state: 'always' },
  ...{ expected: 'always', score: 'always', measurements: 'always', issues: 'always', absence: 'optional' },
  ...{ usual: 'optional', budget: 'optional', error: 'optional' },
}
const EVENT: Keys<MonitorEvent> = {
  ...{ event: 'always', kind: 'always', target: 'always', labels: 'always', time: 'always' },
  ...{ from: 'optional', to: 'optional', issue: 'optional', duration: 'optional', endedBy: 'optional' },
}
const ALERT: Keys<Alert> = {
  ...{ id: 'always', alertname: 'always', severity: 'always', kind: 'always', target: 'always', monitor: 'always' },
  ...{ site: 'always', status: 'always', change: 'always', startsAt: 'always', time: 'always', labels: 'always' },
  ...{
    issue: 'always',
    diagnosis: 'optional',
    effects: 'always',
    via: 'always',
    endsAt: 'optional',
    endedBy: 'optional',
  },
  ...{ supersedes: 'optional', acknowledgedBy: 'optional', silencedUntil: 'optional', runbookUrl: 'optional' },
  dashboardUrl: 'optional',
}
const INCIDENT: Keys<Incident> = {
  ...{ id: 'always', monitor: 'always', site: 'always', severity: 'always', status: 'always', change: 'always' },
  ...{ because: 'optional', correctedFrom: 'optional', startsAt: 'always', endsAt: 'optional', members: 'always' },
  ...{ diagnosis: 'always', remedy: 'always', acknowledgedBy: 'optional', silencedUntil: 'optional' },
  ...{ labels: 'always', endedBy: 'optional', assessments: 'optional', toldBy: 'optional', elsewhere: 'optional' },
  ...{ mergedInto: 'optional', timeline: 'always', via: 'always', time: 'always' },
}
const INCIDENT_EVENT: Keys<IncidentEvent> = {
  ...{ incident: 'always', event: 'always', says: 'always', by: 'optional', time: 'always', monitor: 'always' },
  ...{ site: 'always', severity: 'always', status: 'always', startsAt: 'always', endsAt: 'optional' },
  ...{ members: 'always', location: 'optional', cause: 'optional', confidence: 'optional' },
}

/** `filled`: what a message from a flow may lack, and is filled in. */
const TYPES: Readonly<Record<string, { keys: Readonly<Record<string, 'always' | 'optional'>>; filled: string[] }>> = {
  issue: { keys: ISSUE, filled: ['severity', 'since', 'summary', 'remedy'] },
  observation: { keys: OBSERVATION, filled: [] },
  event: { keys: EVENT, filled: [] },
  incident: { keys: INCIDENT, filled: ['labels'] },
  incidentEvent: { keys: INCIDENT_EVENT, filled: [] },
  alert: { keys: ALERT, filled: ['labels', 'effects', 'via'] },
}

const { $defs } = JSON.parse(
  readFileSync(new URL('../../src/observation/messages.schema.json', import.meta.url), 'utf8'),
) as { $defs: Record<string, { properties: object; required: string[] }> }

describe('the type of a message', () => {
  for (const [name, { keys, filled }] of Object.entries(TYPES)) {
    const { properties = {}, required = [] } = $defs[name] ?? {}

    it(`has the keys that the schema has of ${name}`, () => {
      assert.deepEqual(Object.keys(keys).sort(), Object.keys(properties).sort())
    })

    it(`lets those of ${name} be absent that the schema does not require`, () => {
      const always = Object.keys(keys).filter((key) => keys[key] === 'always')
      assert.deepEqual(always.filter((key) => !filled.includes(key)).sort(), [...required].sort())
    })
  }
})
