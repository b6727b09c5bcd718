import type { Alert } from '../observation/alert.ts'

/** What is asked of an alert that may be the cause of another. */
type Linked = Pick<Alert, 'kind' | 'target' | 'severity' | 'effects'>

/**
 * Gives the alert from which one follows in the end, so that nobody is told of this one; null where there is none, and of
 * a circle. What affects what is noted once, because it is asked of each alert.
 */
export function causesOf<A extends Linked>(firing: readonly A[]): (alert: A) => A | null {
  const causes = new Map<string, A>()
  for (const alert of firing) {
    if (alert.severity !== 'critical') continue
    for (const effect of alert.effects ?? []) if (!causes.has(effect)) causes.set(effect, alert)
  }
  return (alert) => {
    const seen = new Set([alert])
    for (let at = alert; ; ) {
      const cause = causes.get(`${at.kind} ${at.target}`)
      if (cause === undefined) return at === alert ? null : at
      if (seen.has(cause)) return null
      seen.add(cause)
      at = cause
    }
  }
}
