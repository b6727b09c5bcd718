import { askHttp } from '../connection/http-request.ts'
import type { Alert } from '../observation/alert.ts'
import { remedyOf } from '../observation/diagnosis.ts'
import { guarded } from '../observation/internal-errors.ts'
import { withUnit } from '../observation/words.ts'
import { causeIn } from './message.ts'
import { type KnownSilence, parseSilences } from './silence.ts'

/** Seconds that one request may take. */
const TRY_LIMIT = 4

/** Bytes of an answer: ten thousand silences. */
const LONGEST_ANSWER = 5_000_000

/**
 * Milliseconds after which Alertmanager takes an alert for ended that nobody posts again. Long, so that a monitor that
 * is gone does not resolve what it raised; one that comes back takes up what it had and ends it itself.
 */
const LASTS = 24 * 3_600_000

/** An alert as `POST /api/v2/alerts` takes it. */
export interface PostableAlert {
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
  endsAt: string
  generatorURL?: string
}

/** All Alertmanagers of a monitor: each is told everything, because they find out by themselves what is double. */
export class Alertmanagers {
  /** Each without a slash at its end. */
  readonly #bases: readonly string[]
  readonly #labels: () => Readonly<Record<string, string>>

  /**
   * @param urls of their web pages, as in a browser; may hold a login
   * @param labels that each alert has beside its own, as those of Prometheus have its `external_labels`
   */
  constructor(urls: readonly string[], labels: () => Readonly<Record<string, string>> = () => ({})) {
    this.#bases = urls.map(baseOf)
    this.#labels = labels
  }

  get count(): number {
    return this.#bases.length
  }

  /**
   * Those of which nobody is told come first and by themselves: of one request Alertmanager may tell an alert before it has
   * seen what inhibits it there.
   *
   * @returns whether at least one has taken all of them
   */
  async post(alerts: readonly PostableAlert[], signal: AbortSignal): Promise<boolean> {
    const isQuiet = ({ labels }: PostableAlert) => labels.severity === 'none'
    const requests = [alerts.filter(isQuiet), alerts.filter((alert) => !isQuiet(alert))]
    const labelled = (alert: PostableAlert) => ({ ...alert, labels: { ...this.#labels(), ...alert.labels } })
    const bodies = requests.filter(({ length }) => length > 0).map((request) => JSON.stringify(request.map(labelled)))
    const taken = await Promise.all(this.#bases.map((base) => this.#postInTurn(base, bodies, signal)))
    return taken.includes(true)
  }

  async #postInTurn(base: string, bodies: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (const body of bodies) if ((await this.#try(base, '/api/v2/alerts', signal, body)) === null) return false
    return true
  }

  /** The silences of all that answer; null where none does. */
  async silences(signal: AbortSignal): Promise<KnownSilence[] | null> {
    const answers = await Promise.all(this.#bases.map((base) => this.#try(base, '/api/v2/silences', signal)))
    const lists = answers.filter((answer) => answer !== null).map((text) => parseSilences(parseJson(text)))
    if (lists.length === 0) return null
    return [...new Map(lists.flat().map((silence) => [silence.id, silence])).values()]
  }

  async #try(base: string, path: string, signal: AbortSignal, body?: string): Promise<string | null> {
    try {
      const answer = await askHttp({
        url: base + path,
        ...(body !== undefined && { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
        mostBytes: LONGEST_ANSWER,
        within: TRY_LIMIT,
        signal,
      })
      return answer.status >= 200 && answer.status <= 299 ? answer.body : null
    } catch {
      // Whoever asks learns that none has answered; which one and why is for its own monitoring.
      return null
    }
  }
}

/** What Alertmanager is told of an alert. Labels are identity; everything that changes is an annotation. */
export function postable(alert: Alert, at: number, dashboardUrl: string | null): PostableAlert {
  const { alertname, severity, kind, target, monitor, site, issue, effects, labels: userLabels } = alert
  const labels = { alertname, severity, kind, target, monitor, site }
  const annotations: Record<string, string> = {
    summary: `${kind} ${target}: ${issue.summary}`,
    description: [
      issue.measured === undefined ? '' : `Measured: ${withUnit(issue.measured, issue.unit)}.`,
      issue.expected === undefined ? '' : `Expected: ${withUnit(issue.expected, issue.unit)}.`,
      effects.length === 0 ? '' : `Affects ${effects.length}: ${effects.join(', ')}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
    cause: causeIn(alert.diagnosis) ?? '',
    remedy: remedyOf(alert)
      .map((step, index) => `${index + 1}. ${step}`)
      .join('\n'),
    ...(alert.runbookUrl ? { runbook_url: alert.runbookUrl } : {}),
    ...(dashboardUrl === null ? {} : { dashboard_url: dashboardUrl }),
    ...Object.fromEntries(Object.entries(userLabels).map(([name, value]) => [`label_${name}`, value])),
  }
  return {
    // Alertmanager takes an empty label for none, and refuses it in some versions.
    labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
    annotations: Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== '')),
    startsAt: alert.startsAt,
    endsAt: alert.endsAt ?? new Date(at + LASTS).toISOString(),
  }
}

function baseOf(text: string): string {
  const url = new URL(text)
  url.search = ''
  url.hash = ''
  return url.href.replace(/\/+$/, '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Milliseconds between two looks for silences, which also say whether an Alertmanager answers. */
const LOOK_EVERY = 5_000
/** Milliseconds between two tries of what was not taken. */
const RETRY_EVERY = 2_000
/** Milliseconds after which everything that fires is posted again: an Alertmanager may have lost it. */
const POST_EVERY = 30_000

interface AlertmanagerLinkListener {
  /** One has answered. */
  heard(silences: readonly KnownSilence[] | null): void
  /** What is to be posted now. */
  postables(): PostableAlert[]
  /** These were taken. */
  accepted(alerts: readonly PostableAlert[]): void
}

/** Keeps the Alertmanagers at the level of the alerts, and learns from them what is silenced. */
export class AlertmanagerLink {
  readonly #alertmanagers: Alertmanagers
  readonly #listener: AlertmanagerLinkListener
  readonly #closing = new AbortController()
  #looking: NodeJS.Timeout | undefined
  #posting: NodeJS.Timeout | undefined
  #isPosting = false
  #isDue = false

  constructor(alertmanagers: Alertmanagers, listener: AlertmanagerLinkListener) {
    this.#alertmanagers = alertmanagers
    this.#listener = listener
    this.#look()
    this.#post()
  }

  /** Something has changed. */
  postNow(): void {
    if (this.#isPosting) this.#isDue = true
    else this.#post()
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#looking)
    clearTimeout(this.#posting)
  }

  readonly #look = guarded(
    'alertmanager',
    async () => {
      const { signal } = this.#closing
      const silences = await this.#alertmanagers.silences(signal)
      if (!signal.aborted && silences !== null) this.#listener.heard(silences)
      this.#lookLater()
    },
    () => this.#lookLater(),
  )

  #lookLater(): void {
    if (!this.#closing.signal.aborted) this.#looking = setTimeout(this.#look, LOOK_EVERY)
  }

  readonly #post = guarded(
    'alertmanager',
    async () => {
      clearTimeout(this.#posting)
      if (this.#isPosting || this.#closing.signal.aborted) return
      this.#isPosting = true
      this.#postLater((await this.#postAll()) ? POST_EVERY : RETRY_EVERY)
    },
    () => this.#postLater(RETRY_EVERY),
  )

  #postLater(wait: number): void {
    this.#isPosting = false
    clearTimeout(this.#posting)
    if (!this.#closing.signal.aborted) this.#posting = setTimeout(this.#post, this.#isDue ? 0 : wait)
    this.#isDue = false
  }

  async #postAll(): Promise<boolean> {
    const { signal } = this.#closing
    const alerts = this.#listener.postables()
    if (alerts.length === 0) return true
    const isTaken = await this.#alertmanagers.post(alerts, signal)
    if (isTaken && !signal.aborted) {
      this.#listener.heard(null)
      this.#listener.accepted(alerts)
    }
    return isTaken
  }
}
