/**
 * What in the log people are told of, because nobody but the log knows it. Each rule is a question in ES|QL, of the free
 * licence, and each row of its answer an alert: the columns `target`, `monitor` and `site` are its labels, null or without
 * one it is about the whole log. Of several rows with the same labels the first counts.
 */
export interface LogRule {
  alertname: `HmonitorLog${string}`
  severity: 'critical' | 'warning'
  query: string
  /** What people read; `{name}` stands for the column of that name. */
  summary: string
  description: string
  remedy: readonly string[]
}

/** Rows of an answer that are taken: more is one fault, and not as many. */
export const MOST_ROWS = 100

/** Weeks whose same hour says what is usual. */
const WEEKS = 5

const WHO = 'BY target = hmonitor.target, monitor = hmonitor.monitor, site = service.node.name'
const LIMIT = `LIMIT ${MOST_ROWS}`

const asked = (...steps: readonly string[]): string => steps.join(' | ')

/**
 * Robust, because one week in which everything broke does not make it usual: median of the same hour of the last five weeks,
 * and five times the spread beside it (median of the distances; 1.4826 makes a standard deviation of it where they are
 * normal, and counts of rare things spread by their square root). A target is judged when it has been in the log for that
 * long: weeks before it would count as weeks without trouble.
 */
const UNUSUAL = asked(
  'FROM logs-rtmp_hmonitor.events-*',
  `WHERE @timestamp > NOW() - ${WEEKS * 7 + 1} days AND hmonitor.target IS NOT NULL`,
  'EVAL age = DATE_DIFF("hours", @timestamp, NOW())',
  'EVAL week = age / 168, fits = age % 168 == 0 AND log.level IN ("warn", "error")',
  `STATS since = MIN(@timestamp), lines = COUNT(*) WHERE fits AND week == 0, ${weekly((week) => `w${week} = COUNT(*) WHERE fits AND week == ${week}`).join(', ')} ${WHO}`,
  `EVAL earlier = ${weekly((week) => `w${week}`).reduce((all, one) => `MV_APPEND(${all}, ${one})`)}`,
  'EVAL usual = MV_MEDIAN(earlier), spread = MV_MEDIAN_ABSOLUTE_DEVIATION(earlier)',
  'EVAL most = usual + 5 * GREATEST(1.4826 * spread, SQRT(usual), 1.0)',
  `WHERE since < NOW() - ${WEEKS * 7} days AND lines >= 10 AND lines > most`,
  'KEEP target, monitor, site, lines, usual',
  LIMIT,
)

function weekly(text: (week: number) => string): string[] {
  return Array.from({ length: WEEKS }, (_, index) => text(index + 1))
}

export const LOG_RULES: readonly LogRule[] = [
  {
    alertname: 'HmonitorLogUnusual',
    severity: 'warning',
    query: UNUSUAL,
    summary: 'There is more trouble with {target} than is usual at this hour of the week.',
    description:
      '{lines} lines of level warn or error within an hour; the median of the same hour of the last five weeks is {usual}.',
    remedy: [
      'Look at the log lines of {target} of the last hour: what kind of issue is it mostly?',
      'Look whether something was changed since last week: encoder, network, settings of the target.',
    ],
  },
  {
    alertname: 'HmonitorLogRecurring',
    severity: 'warning',
    query: asked(
      'FROM logs-rtmp_hmonitor.alerts-*',
      // Not those of these rules, which come back to the log by Alertmanager.
      'WHERE @timestamp > NOW() - 24 hours AND event.action == "alert-firing" AND hmonitor.kind != "log"',
      `STATS times = COUNT(*) ${WHO}, alert = hmonitor.alert.alertname`,
      'WHERE times >= 6',
      'SORT times DESC',
      LIMIT,
    ),
    summary: 'The same alert of {target} comes again and again.',
    description: '{alert} has fired {times} times within a day; six are taken for one fault that nobody has mended.',
    remedy: [
      'Do not mend the symptom a seventh time: compare the times in the log, and what else happened then.',
      'Open the runbook of the alert that comes, and look for what lasts: cable, power, uplink, room.',
    ],
  },
  {
    alertname: 'HmonitorLogLate',
    severity: 'warning',
    query: asked(
      'FROM logs-rtmp_hmonitor.*',
      'WHERE event.ingested > NOW() - 15 minutes',
      'STATS lines = COUNT(*), delay = MEDIAN(DATE_DIFF("minutes", @timestamp, event.ingested)) BY monitor = hmonitor.monitor, site = service.node.name',
      'WHERE lines >= 5 AND delay >= 5',
      LIMIT,
    ),
    summary: 'Lines of the log of {monitor} come late into Elasticsearch.',
    description:
      '{delay} minutes from the line to the index, median of {lines} lines within a quarter of an hour; seconds are usual.',
    remedy: [
      'Look whether something waits: the metric hmonitor_log_shipping_waiting_lines, or the queue of Logstash.',
      'Look whether it was away for a while and catches up: then this ends by itself.',
      'Compare the clocks of the monitor and of Elasticsearch.',
    ],
  },
  {
    alertname: 'HmonitorLogUnindexed',
    severity: 'warning',
    query: asked(
      'FROM logs-rtmp_hmonitor.*::failures',
      'WHERE @timestamp > NOW() - 15 minutes',
      'STATS lines = COUNT(*)',
      'WHERE lines > 0',
    ),
    summary: 'Elasticsearch cannot index lines of the log: they are in the failure store.',
    description: '{lines} within a quarter of an hour, expected is none.',
    remedy: [
      'Read why: FROM logs-rtmp_hmonitor.*::failures | KEEP @timestamp, error.type, error.message | LIMIT 20',
      'After an update of the monitor: run rtmp-hmonitor elk setup of the same version.',
      'Look whether rtmp_hmonitor@custom maps a field in another way.',
    ],
  },
  {
    alertname: 'HmonitorLogDeadLetters',
    severity: 'warning',
    query: asked(
      'FROM logs-rtmp_hmonitor.dead-*',
      'WHERE event.ingested > NOW() - 15 minutes',
      'STATS lines = COUNT(*)',
      'WHERE lines > 0',
    ),
    summary: 'Logstash could not deliver lines of the log: they are dead letters.',
    description: '{lines} within a quarter of an hour, expected is none.',
    remedy: [
      'Read them: in Discover, data stream logs-rtmp_hmonitor.dead-default. Each has its reason.',
      'Something that is no line of the monitor was sent to Logstash, or a template is another one: run elk setup.',
    ],
  },
]

/** Where the log itself cannot be asked, and so nothing of the above is known. */
export const UNREADABLE = {
  alertname: 'HmonitorLogUnreadable',
  severity: 'warning',
  summary: 'The log in Elasticsearch cannot be asked, so nobody hears of what is in it.',
  description: '{why}',
  remedy: [
    'Look whether Elasticsearch runs: docker compose --profile elk ps',
    'Read why it does not answer: docker compose logs --tail 50 elasticsearch',
    'The monitor goes on: what it writes waits, and its own alerts come as always.',
  ],
} as const satisfies Omit<LogRule, 'query'>
