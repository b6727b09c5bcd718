import type { Node, NodeAPI } from 'node-red'
import { Alerting } from '../../alerts/alerting.ts'
import { AlertmanagerLink, Alertmanagers, type PostableAlert } from '../../alerts/alertmanager.ts'
import { foreignIn } from '../../alerts/book.ts'
import { notWritable } from '../../alerts/delivery.ts'
import type { Targets } from '../../alerts/dependencies.ts'
import { Heartbeat } from '../../alerts/heartbeat.ts'
import { readMode } from '../../alerts/mode.ts'
import { outlineOfIncidents, PostedIncidents } from '../../alerts/posted-incidents.ts'
import { silencesOf } from '../../alerts/silence.ts'
import { DEFAULT_TIMING } from '../../alerts/timing.ts'
import { MOST_FOREIGN, type WebhookAlert } from '../../alerts/webhook.ts'
import { alertEntry } from '../../history/entries.ts'
import type { KindDescriptor } from '../../kinds/kind.ts'
import { KINDS } from '../../kinds/kinds.ts'
import { Commands } from '../../monitor/commands.ts'
import type { DirectoryEntry } from '../../monitor/directory.ts'
import { healthOf } from '../../monitor/health-of.ts'
import { isStale } from '../../monitor/newest.ts'
import { diagnosisOf } from '../../monitor/situation.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { numberIn } from '../../node-red/config.ts'
import { dataFile } from '../../node-red/data-file.ts'
import { EverySecond, showGravest } from '../../node-red/duty.ts'
import { areStarted } from '../../node-red/events.ts'
import type { StatusLine } from '../../node-red/status.ts'
import { type Alert, type AlertLabels, alertName, CLUSTER_LABEL } from '../../observation/alert.ts'
import { parseDutyCommand } from '../../observation/duty-command.ts'
import { InSlices } from '../../observation/in-slices.ts'
import type { Kind, Observation } from '../../observation/observation.ts'
import { variable } from '../../secrets/variables.ts'
import { dashboardPath, dashboardUrl } from '../notify/dashboard-url.ts'

/** What the dialog saves. */
export interface AlertFields {
  monitor?: unknown
  /** Whether it follows everything that its monitor watches; else only what is wired to it. */
  recorded?: unknown
  /** Seconds. */
  criticalHold?: unknown
  /** Seconds. */
  warningHold?: unknown
  /** Hours; 0: never. */
  repeatAfter?: unknown
}

/** Milliseconds between two words that there is no room for more alerts of Alertmanager. */
const SAY_FULL_EVERY = 60_000

/** What is gone with a damaged book. */
const BOOK = 'which alerts had been sent, acknowledged and silenced before this start'

/** Everything that lives and ends with one `alert` node. */
export class AlertService {
  readonly alerting: Alerting
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #line: StatusLine
  readonly #state: MonitorState
  readonly #link: AlertmanagerLink | null
  readonly #heartbeat: Heartbeat | null
  readonly #takeDown: (() => void)[]
  readonly #takeBack: () => void
  readonly #followsState: boolean
  /** Whether this monitor posts to an Alertmanager what it finds. */
  readonly #isPosting: boolean
  readonly #posted = new PostedIncidents()
  /** Of the incidents that were posted. */
  #outline = ''
  readonly #tick = new InSlices('alert tick')
  readonly #ticking = new EverySecond('alert tick', () => this.#tick.begin(this.#steps()))
  #saidFullAt = Number.NEGATIVE_INFINITY

  /** @throws MonitorError `invalid-alerting` */
  constructor(RED: NodeAPI, node: Node, line: StatusLine, config: AlertFields, state: MonitorState) {
    this.#RED = RED
    this.#node = node
    this.#line = line
    this.#state = state
    this.#followsState = config.recorded !== false
    const mode = readMode(process.env)
    this.#isPosting = mode.mode === 'direct'
    const file = dataFile(RED, 'alerts', node.id, (damaged) => state.remembered.lose(damaged, BOOK))
    const seconds = (value: unknown, otherwise: number) => (numberIn(value) ?? otherwise / 1000) * 1000
    this.alerting = new Alerting({
      mode,
      file,
      book: state.problemLog.take(node.id),
      timing: {
        criticalHold: seconds(config.criticalHold, DEFAULT_TIMING.criticalHold),
        warningHold: seconds(config.warningHold, DEFAULT_TIMING.warningHold),
        repeatAfter: (numberIn(config.repeatAfter) ?? DEFAULT_TIMING.repeatAfter / 3_600_000) * 3_600_000,
      },
      origin: () => ({ monitor: state.name || state.id, site: state.site }),
      targets: () => watchedTargets(state),
      judges: (labels) => this.#followsState && isJudged(labels, state),
      diagnose: ({ kind, target }) => diagnosisOf(state, kind, target),
      dashboardUrl: () => dashboardUrl(dashboardPath(RED)),
      clock: state.clock,
      send: (alert) => this.#send(alert),
      counters: state.metrics,
      postNow: () => this.#link?.postNow(),
    })
    this.#link = mode.mode === 'none' || mode.alertmanagers.length === 0 ? null : this.#linkTo(mode.alertmanagers)
    const url = variable(process.env, 'HEARTBEAT_URL')
    const isWell = () => healthOf(state, areStarted(RED)).status === 200
    this.#heartbeat =
      url === '' ? null : new Heartbeat({ url, isWell, failed: (why) => node.warn(RED._('heartbeat', { why })) })
    this.#takeBack = state.part(Commands).offer((payload) => this.#takeFromElsewhere(payload))
    const notice = {
      alerts: () => this.alerting.firing,
      told: () => this.alerting.told,
      foreign: () => foreignIn(this.alerting.book),
      ends: () => this.alerting.ends,
      tellsByMessage: () => this.alerting.teller !== null,
      problems: () => (file.problem === null ? [] : [notWritable(file.problem)]),
    }
    this.#takeDown = [
      state.problemLog.show(node.id, notice),
      ...(this.#followsState ? [state.newest.onPut((observation) => this.alerting.observe(observation))] : []),
    ]
  }

  /** The flows run: what is sent is heard. May be called again. */
  start(): void {
    if (!this.#ticking.start()) return
    this.alerting.start()
    if (this.#followsState) this.#hearWhatIs()
    this.#heartbeat?.start()
    this.#show()
  }

  /**
   * Takes an observation that came by message. Later than the end of its watch it says nothing, and nothing again where
   * the watch itself has told it.
   */
  observe(observation: Observation): void {
    const { directory, newest } = this.#state
    const { kind, target } = observation
    if (!directory.has(kind, target) || (this.#followsState && newest.get(kind, target) !== undefined)) return
    this.alerting.observe(observation)
  }

  /** @throws MonitorError `not-in-use` where no Alertmanager tells people */
  hear(alerts: readonly WebhookAlert[], isAuthenticated: boolean): void {
    const refused = this.alerting.hear(alerts, isAuthenticated)
    if (refused === 0) return
    const at = performance.now()
    if (at - this.#saidFullAt < SAY_FULL_EVERY) return
    this.#saidFullAt = at
    this.#node.warn(this.#RED._('full', { most: MOST_FOREIGN, count: refused }))
  }

  close(removed: boolean): void {
    this.#ticking.stop()
    this.#tick.end()
    this.#link?.close()
    this.#heartbeat?.close()
    for (const takeDown of this.#takeDown) takeDown()
    this.#takeBack()
    if (!removed) this.#state.problemLog.leave(this.#node.id, this.alerting.book)
  }

  /** What was observed while this node was made anew. */
  #hearWhatIs(): void {
    const { directory, newest, clock } = this.#state
    for (const entry of directory.list()) {
      const arrival = newest.get(entry.kind, entry.name)
      if (arrival !== undefined && !isStale(entry, arrival, clock.monotonic()))
        this.alerting.observe(arrival.observation)
    }
  }

  /** Word from a flow that is not wired to this node, about an alert that fires here. */
  #takeFromElsewhere(payload: unknown): boolean {
    const command = parseDutyCommand(payload, this.#state.clock.wall())
    if (command === null || !this.alerting.firing.some(({ id }) => id === command.id)) return false
    this.alerting.command(command)
    return true
  }

  #linkTo(urls: string[]): AlertmanagerLink {
    const cluster = () => this.#state.shard?.cluster ?? (this.#state.name || this.#state.id)
    const labels = () => ({ [CLUSTER_LABEL]: cluster() })
    return new AlertmanagerLink(new Alertmanagers(urls, labels), {
      heard: (silences) => this.alerting.alertmanagerHeard(silences && silencesOf(silences, CLUSTER_LABEL, cluster())),
      postables: () => this.#postables(),
      accepted: (alerts) => {
        this.#posted.accepted(alerts)
        this.alerting.accepted(alerts)
      },
    })
  }

  /** With those of incidents, and what keeps the alerts of their members silent. */
  #postables(): PostableAlert[] {
    const { incidents, clock } = this.#state
    const alerts = this.alerting.postables()
    if (!this.#isPosting || !incidents.isGrouping) return alerts
    const links = dashboardUrl(dashboardPath(this.#RED))
    const moment = { incidents: incidents.judged, alerts, at: clock.wall(), dashboardUrl: links }
    return [...this.#posted.postables(moment), ...alerts]
  }

  /** An incident is known a moment after its first alert, and changes by itself. */
  #postIncidents(): void {
    if (!this.#isPosting) return
    const now = outlineOfIncidents(this.#state.incidents.judged)
    if (now !== this.#outline) this.#link?.postNow()
    this.#outline = now
  }

  *#steps(): Generator<void> {
    yield* this.alerting.steps()
    this.#postIncidents()
    this.#show()
  }

  #send(alert: Alert): void {
    const { status, alertname } = alert
    const { history, kinds } = this.#state
    history.add(alertEntry(alert, (kind): kind is Kind => kind in kinds))
    const message = { topic: alertname, payload: alert }
    this.#node.send(status === 'resolved' ? [null, message] : [message, null])
  }

  #show(): void {
    showGravest(this.#RED, this.#line, this.alerting.firing, this.alerting.teller === 'notify' ? 'dot' : 'ring')
  }
}

/** What alerts need to know of what is watched. */
function watchedTargets({ directory, newest, clock }: MonitorState): Targets {
  const [wall, monotonic] = [clock.wall(), clock.monotonic()]
  return {
    graph: directory.relations.dependencies,
    seen(entry: DirectoryEntry) {
      const arrival = newest.get(entry.kind, entry.name)
      return {
        state: arrival === undefined || isStale(entry, arrival, monotonic) ? null : arrival.observation.state,
        measuredAt: arrival === undefined ? null : wall - (monotonic - arrival.arrived) * 1000,
      }
    },
  }
}

/** The alerts that come of the issues of each kind. */
const ISSUE_ALERTS = new Map<string, ReadonlySet<string>>(
  Object.values<KindDescriptor>(KINDS).map(({ kind, checks }) => [
    kind,
    new Set(checks.map(({ type }) => alertName(type))),
  ]),
)

/** Whether such an alert is of an issue of a target that this monitor watches. A Prometheus may leave out the monitor. */
function isJudged({ alertname, kind, target, monitor, site }: AlertLabels, state: MonitorState): boolean {
  const isOwn = monitor === '' || (monitor === (state.name || state.id) && site === state.site)
  return (
    isOwn &&
    ISSUE_ALERTS.get(kind)?.has(alertname) === true &&
    state.directory.relations.needs.get(kind, target) !== undefined
  )
}
