import type { HealthReason } from '../monitor/health-report.ts'
import type { ToldRejection } from '../monitor/rejections.ts'
import type { StatusDocument } from '../monitor/status.ts'
import type { Alert } from '../observation/alert.ts'
import type { Incident } from '../observation/incident.ts'
import { messagesIn } from '../observation/messages.ts'
import type { Observation } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'

/** The status that a peer answered, with only what is as it should be. Null where it is none. */
export function statusIn(value: Record<string, unknown> | null): StatusDocument | null {
  if (value === null || !isRecord(value.instance) || !Array.isArray(value.targets)) return null
  const { instance, rejected } = value
  return {
    instance: {
      ...{ name: textOf(instance.name), site: textOf(instance.site), version: textOf(instance.version) },
      ...{ startedAt: textOf(instance.startedAt), time: textOf(instance.time) },
    },
    targets: messagesIn<Observation>('observation', value.targets),
    alerts: messagesIn<Alert>('alert', value.alerts),
    incidents: value.incidents === null ? null : messagesIn<Incident>('incident', value.incidents),
    rejected: rejectedIn(isRecord(rejected) ? rejected : {}),
    lasting: (Array.isArray(value.lasting) ? value.lasting : []).filter(isReason),
  }
}

function rejectedIn({ targets, total, entries }: Record<string, unknown>): StatusDocument['rejected'] {
  const told = (Array.isArray(entries) ? entries : []).filter(isRejection)
  return { targets: numberOf(targets), total: numberOf(total), entries: told }
}

function isReason(value: unknown): value is HealthReason {
  if (!isRecord(value) || !Array.isArray(value.remedy)) return false
  return [value.code, value.severity, value.message, ...value.remedy].every((text) => typeof text === 'string')
}

function isRejection(value: unknown): value is ToldRejection {
  if (!isRecord(value)) return false
  const { entry, message, effect, title, summary, remedy } = value
  return [entry, message, effect, title, summary, remedy].every((text) => typeof text === 'string')
}

/** Characters. */
const LONGEST = 1000

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST) : ''
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0
}
