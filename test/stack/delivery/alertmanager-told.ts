import type { HttpSink } from '../../fixtures/sinks.ts'

/** When Alertmanager told a webhook that a stream is off, or was, in milliseconds since the epoch. */
export function alertmanagerToldOf(sink: HttpSink, target: string, status: string): number[] {
  return sink.posts.flatMap(({ body, at }) => {
    const { alerts } = JSON.parse(body) as { alerts: { status: string; labels: Record<string, string> }[] }
    const isIt = (alert: (typeof alerts)[number]) =>
      alert.status === status && alert.labels.target === target && alert.labels.alertname === 'HmonitorStreamOffline'
    return alerts.some(isIt) ? [at] : []
  })
}
