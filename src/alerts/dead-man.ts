import { type AlertLabels, alertId, alertName } from '../observation/alert.ts'
import type { Issue } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'
import { type AlertBook, NEW_RECORD, withRecord } from './book.ts'
import { endAlert, type Origin } from './follow.ts'
import { type AlertMode, withoutUnconfirmed } from './mode.ts'
import { QUIET_LIMIT, TAKE_OVER_AFTER } from './timing.ts'

/** What tells people of faults and may itself fail without a word. */
type Watched = 'prometheus' | 'alertmanager'

const NAMES: Readonly<Record<Watched, { issue: string; name: string; said: string; remedy: string[] }>> = {
  prometheus: {
    issue: 'prometheusQuiet',
    name: 'Prometheus',
    said: 'its alert Watchdog has not come by Alertmanager',
    remedy: [
      'Open the web page of Prometheus: does it run, and are its rules and its Alertmanager healthy (Status)?',
      'Open the web page of Alertmanager: does it list the alert Watchdog, and does it reach the webhook of this monitor?',
      'Until Watchdog arrives again, this monitor sends its own alerts itself; for the rest, check the dashboard.',
    ],
  },
  alertmanager: {
    issue: 'alertmanagerQuiet',
    name: 'Alertmanager',
    said: 'none of ALERTMANAGER_URLS has answered',
    remedy: [
      'Open the web page of Alertmanager: does it run?',
      'See that the machine of the monitor reaches the addresses in ALERTMANAGER_URLS.',
      'Until it answers, this monitor sends its own alerts itself.',
    ],
  },
}

/**
 * Whether something that is in use has been quiet for too long. A restart counts as a moment at which it was heard, so
 * that it has time to come up, too.
 *
 * @param heard when it was last heard of; null: never
 */
export function isQuiet(heard: number | null, startedAt: number, at: number): boolean {
  return at - Math.max(heard ?? 0, startedAt) >= QUIET_LIMIT
}

/**
 * Brings the alerts that say that Prometheus or Alertmanager is quiet to the level of what was heard of them.
 *
 * @param moment now, and since when this node watches; milliseconds since the epoch
 */
export function followWatched(
  book: AlertBook,
  mode: AlertMode,
  origin: Origin,
  moment: { at: number; since: number },
): { book: AlertBook; isAlertmanagerLost: boolean } {
  if (mode.mode === 'none') return { book, isAlertmanagerLost: false }
  const { at, since } = moment
  const { heard } = book
  const isWatched = mode.mode === 'prometheus' || heard.prometheus !== null
  const prometheus = !isWatched ? 'not-in-use' : isQuiet(heard.prometheus, since, at) ? 'quiet' : 'heard'
  const followed = followQuiet(book, 'prometheus', prometheus, origin, at)
  const ofPrometheus = mode.mode === 'prometheus' && prometheus === 'quiet' ? withoutUnconfirmed(followed) : followed
  if (mode.alertmanagers.length === 0) return { book: ofPrometheus, isAlertmanagerLost: false }
  const alertmanager = isQuiet(heard.alertmanager, since, at) ? 'quiet' : 'heard'
  return {
    book: followQuiet(ofPrometheus, 'alertmanager', alertmanager, origin, at),
    isAlertmanagerLost: at - Math.max(heard.alertmanager ?? 0, since) >= TAKE_OVER_AFTER,
  }
}

/** Raises or ends the alert that says that something is quiet. */
function followQuiet(
  book: AlertBook,
  watched: Watched,
  state: 'quiet' | 'heard' | 'not-in-use',
  origin: Origin,
  at: number,
): AlertBook {
  const { issue: type, name, said, remedy } = NAMES[watched]
  const labels: AlertLabels = {
    alertname: alertName(type),
    severity: 'critical',
    kind: 'monitor',
    target: watched,
    ...origin,
  }
  const record = ownEntry(book.records, alertId(labels))
  if (state !== 'quiet') return record?.status === 'firing' ? withRecord(book, endAlert(record, 'cleared', at)) : book
  if (record?.status === 'firing') return book
  const minutes = QUIET_LIMIT / 60_000
  const since = new Date(at - QUIET_LIMIT).toISOString()
  const summary = `Nothing has been heard of ${name} for ${minutes} min: ${said}. Nobody hears of faults that it reports`
  return withRecord(book, {
    ...NEW_RECORD,
    source: 'monitor',
    id: alertId(labels),
    labels,
    issue: {
      type,
      severity: 'error',
      since,
      measured: `${minutes} min`,
      expected: 'at least once a minute',
      summary,
      remedy,
    } satisfies Issue,
    startsAt: at - QUIET_LIMIT,
    raisedAt: at,
  })
}
