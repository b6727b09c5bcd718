import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LinePlace } from '../../src/logs/log-line.ts'
import type { LogOrigin } from '../../src/logs/log-record.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Diagnosis } from '../../src/observation/diagnosis.ts'
import type { IncidentEvent } from '../../src/observation/incident.ts'
import type { Issue, MonitorEvent } from '../../src/observation/observation.ts'

export const TIME = '2026-03-01T10:00:00.000Z'
export const ORIGIN: LogOrigin = { monitor: 'hall', site: 'main-hall', version: '1.2.3', host: 'watcher' }
/** The first line of a file. */
export const PLACE: LinePlace = { opening: '0f1e2d3c4b5a6978', sequence: 1 }

export const OFFLINE: Issue = {
  type: 'streamOffline',
  severity: 'error',
  since: '2026-03-01T09:59:57.000Z',
  measured: 3,
  expected: 0,
  unit: 's',
  summary: 'No data from the stream for 3 s: the server has ended it',
  remedy: ['Check the encoder.', 'Start the stream on the encoder again.'],
  supersedes: ['streamStalled'],
}

export function monitorEvent(more: Partial<MonitorEvent> = {}): MonitorEvent {
  const labels = { programme: 'sunday' }
  return { event: 'state', kind: 'stream', target: 'main', labels, time: TIME, from: 'ok', to: 'down', ...more }
}

export const raised = () => {
  const { from: _from, to: _to, ...rest } = monitorEvent({ event: 'raised', issue: OFFLINE })
  return rest
}

export function firing(more: Partial<Alert> = {}): Alert {
  return {
    ...{ id: '0123456789abcdef', alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream' },
    ...{ target: 'main', monitor: 'hall', site: 'main-hall', status: 'firing', change: 'firing' },
    ...{ startsAt: OFFLINE.since, time: TIME, labels: { programme: 'sunday' }, effects: [], via: 'notify' },
    issue: OFFLINE,
    ...more,
  }
}

export const resolved = () =>
  firing({ status: 'resolved', change: 'resolved', endsAt: '2026-03-01T10:04:09.000Z', endedBy: 'cleared' })

export const UPLINK_CUT: Diagnosis = {
  ...{ location: 'uplink', cause: 'uplinkCut', probability: 0.95, confidence: 'certain', says: 'The line is cut' },
  ...{ evidenceFor: ['a', 'b', 'c', 'd'], evidenceAgainst: [], wouldDecide: null, remedy: ['Call the provider.'] },
}

export function incidentEvent(more: Partial<IncidentEvent> = {}): IncidentEvent {
  return {
    ...{ time: TIME, event: 'assessed', says: 'The line of the venue is cut', incident: '89abcdef01234567' },
    ...{ monitor: 'hall', site: 'main-hall', severity: 'critical', status: 'open', startsAt: OFFLINE.since },
    ...{ members: ['stream main', 'ping gateway'], location: 'uplink', cause: 'uplinkCut', confidence: 'certain' },
    ...more,
  }
}

/** A folder of the test's own, and what is in it. */
export class LogFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'hmonitor-logs-'))

  file(name = 'hmonitor.ndjson'): string {
    return join(this.path, 'logs', name)
  }

  names(): string[] {
    return readdirSync(join(this.path, 'logs')).sort()
  }

  /** Whole lines of a file; none where it is not there. */
  lines(name = 'hmonitor.ndjson'): string[] {
    try {
      return readFileSync(this.file(name), 'utf8').split('\n').slice(0, -1)
    } catch {
      return []
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
