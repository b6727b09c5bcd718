/** What the runbooks say of the alerts that come out of the log itself (`src/elk/log-rules.ts`). */
import { LOG_RULES, UNREADABLE } from '../src/elk/log-rules.ts'
import type { OwnRunbook } from './runbook-texts.ts'

const BOOKS: Readonly<Record<string, OwnRunbook>> = {
  HmonitorLogUnusual: {
    means:
      'Within the last hour there were far more lines of level warn or error about this target than in the same hour of the last five weeks: more than their median and five times their spread, and at least ten. Each of them was small, or has been told by an alert of its own; this says that together they are not as always.',
    confirm: [
      'Open the dashboard *log* of Grafana, or *Discover* in Kibana, with this target and the last two hours.',
      'Compare with the same hour a week ago: is it really another picture, or was there no event then?',
    ],
    more: 'A target is judged from its sixth week in the log on. An event at an hour at which there never was one counts as unusual: then this is expected, and ends an hour later.',
  },
  HmonitorLogRecurring: {
    means:
      'The same alert has fired at least six times within 24 hours. Each time it ended by itself or was mended, and each time it came back.',
    confirm: ['Open *Discover* in Kibana with `event.action: "alert-firing"` and the target, over the last day.'],
    more: 'It ends when there are fewer than six within a day again, some hours after the fault was mended.',
  },
  HmonitorLogLate: {
    means: 'Half of the lines that came within the last quarter of an hour were five minutes old or older.',
    confirm: [
      'Look at *The log on its way* of the dashboard *monitor itself* in Grafana.',
      'Look at the queue of Logstash there, or at `hmonitor_logstash_queue_events` in Prometheus.',
    ],
    more: 'After an outage of Elasticsearch or of the network this fires once and ends when all that waited is there.',
  },
  HmonitorLogUnindexed: {
    means:
      'A line reached Elasticsearch and could not be indexed as its mapping says. It is kept in the failure store.',
    confirm: ['Ask `FROM logs-rtmp_hmonitor.*::failures | LIMIT 20` in *Discover*: the reason is in `error.message`.'],
    more: 'What is in the failure store is deleted by its own retention, so look soon. After the cause is mended, the lines can be indexed again from there.',
  },
  HmonitorLogDeadLetters: {
    means: 'Elasticsearch refused a line that Logstash sent, and Logstash has put it aside as a dead letter.',
    confirm: ['Look into `logs-rtmp_hmonitor.dead-default` in *Discover*.'],
    more: 'With the failure store on, most of what is refused is there instead. Dead letters are what Elasticsearch does not take even so.',
  },
  HmonitorLogUnreadable: {
    means:
      'The last three rounds of questions to the log were not answered, or not wholly. What people would have been told out of the log they are not told meanwhile. What is watched, and the alerts of the monitor, do not depend on it.',
    confirm: ['Run `rtmp-hmonitor elk watch --once`: it says of each rule what was found, or why it cannot be asked.'],
    more: '"401" means that the password of `hmonitor_reader` is not the one that was set: run `elk setup` again.',
  },
}

/** Every alert of the log with its runbook. A column of the row stands as a word. */
export const LOG_RUNBOOKS = [...LOG_RULES, UNREADABLE].map(({ alertname, severity, summary, remedy }) => {
  const book = BOOKS[alertname]
  if (book === undefined) throw new Error(`scripts/log-runbook-texts.ts has nothing for ${alertname}`)
  return { alertname, severity, summary: plain(summary), remedy: remedy.map(plain), book }
})

function plain(text: string): string {
  return text.replace(/\{(\w+)\}/g, '*$1*')
}
