/** What the runbooks say beside the tables of checks: in words for the person on duty. */
/** What one needs to know of some issues beside their row in the table, by alert. */
export const NOTES: Readonly<Record<string, string>> = {
  HmonitorStreamOffline:
    'Viewers see nothing, or what the platform shows instead. Minutes count: most encoders connect again by themselves within ten seconds, so when this has lasted for half a minute, go to the encoder.',
  HmonitorStreamStalled:
    'Often the first seconds of an outage. If it becomes HmonitorStreamOffline, act on that; if it comes and goes, the network between the encoder and the server loses packets.',
  HmonitorStillSending:
    'The event was ended on the dashboard, by a message, or because its encoder or platform said so, and the stream did not stop. Ask in the room first: is it really over?',
  HmonitorEventBudgetSpent:
    'Each interruption was told of by itself. This says that together they are more than this event may miss, by its objective and its planned length; it stays until the event is over.',
  HmonitorStreamFlapping:
    'Each interruption by itself was short. Together they mean that the connection does not hold: an encoder that is about to fail, a Wi-Fi link, or a provider that resets the line.',
  HmonitorNotMeasured:
    'This is about the monitor, not about what it watches: it may be well or not, nobody knows. Other alerts of the same target are neither raised nor ended meanwhile.',
  HmonitorVideoIngestionStarved:
    'The platform gets less than a second of media per second. Its buffer hides that for a while; then viewers see it stop again and again.',
  HmonitorVideoBlack: 'A black picture may be meant: a fade, a blackout in a play. Look before you act.',
  HmonitorVideoFrozen: 'A still picture may be meant: a slide, a countdown, a title. Look before you act.',
  HmonitorPictureNotSeen:
    'The stream may be well: it is the monitor that does not see its picture, so nobody would be told of a black or a frozen one.',
  HmonitorSoundNotHeard:
    'The stream may be well: it is the monitor that cannot listen to it, so nobody would be told of silence.',
  HmonitorAudioSilent:
    'Silence may be meant: a minute of silence, a pause. Listen before you act; then look at the mixer first, because a muted channel is the most common cause.',
}

export interface OwnRunbook {
  means: string
  confirm: readonly string[]
  /** Beside the remedy that the message carries. */
  more: string
}

/** Runbooks of the alerts that no check stands behind. */
export const OWN_RUNBOOKS: Readonly<Record<string, OwnRunbook>> = {
  HmonitorMonitorDown: {
    means:
      'Prometheus could not reach the monitor for 15 seconds, or for 90 when the stack had just been started. Nothing is watched, so no news is not good news. Alerts that fired before go on firing; those of what this monitor watches are muted while this fires, because nobody can know.',
    confirm: [
      'Open the editor of the monitor in a browser, or `curl http://127.0.0.1:1880/health` on its machine.',
      'Look at the page Status > Targets of Prometheus: it shows the error of the last scrape.',
    ],
    more: 'A 401 as the error of the scrape means that the token that Prometheus has is not the one that the monitor asks for: start the whole stack again, which hands out the token anew.',
  },
  HmonitorMonitorMissing: {
    means: 'The configuration of Prometheus has no monitor any more, so it cannot even notice that one is down.',
    confirm: ['Look at the page Status > Targets of Prometheus: there must be a job hmonitor.'],
    more: 'This comes of a changed prometheus.yml. Whoever scrapes the monitor under another name must change the name in the rules, too.',
  },
  HmonitorScrapeFailing: {
    means:
      'The monitor answers, but again and again not within 0.9 seconds: more than one scrape in twenty. What is measured is right; alerts through Prometheus may come a second or two late.',
    confirm: [
      'Look at `scrape_duration_seconds{job="hmonitor"}` in Prometheus.',
      'Look at `nodejs_eventloop_lag_p99_seconds`: is the monitor busy, or is the network between the two slow?',
    ],
    more: 'A function node with a long loop in your own flows blocks the monitor as well. Disable your latest flows first.',
  },
  HmonitorTargetVanished: {
    means:
      'Something that was watched five minutes ago is not watched any more, while the monitor runs. After a change of the targets that is as it should be. Where nobody changed anything, an entry was rejected or a flow was cut.',
    confirm: [
      'Is it in `GET /api/v1/status`? Is it in the targets file?',
      'Look at the status under the targets node: it counts the entries that it could not take.',
    ],
    more: 'Watch out after an edit of targets.json: one missing comma, and the file is not taken over at all; the node says so.',
  },
  HmonitorTargetsRejected: {
    means:
      'For a minute the monitor has had entries in its targets that it cannot take: a mistyped key or list, an unknown profile, the same name twice, an address that can only be published to, a variable without a value. What was right before a change goes on as it was; what was never right is not watched at all.',
    confirm: [
      'The overview of the dashboard has a card for each of them; its headline counts them.',
      '`GET /health` is degraded and names up to ten, `GET /api/v1/status` up to a hundred under `rejected`.',
    ],
    more: 'Names of other targets that are not watched (`dependsOn`, `platform`, `backupOf`) are named there too, but do not fire this: the target itself is watched. Only the muting of what follows from another fault is lost.',
  },
  HmonitorProbesStale: {
    means:
      'The monitor answers, but some targets have had no observation for three intervals. What the dashboards show of them is old. It is the most dangerous fault of a monitor: all looks well.',
    confirm: [
      '`GET /health` answers 503 and names the targets.',
      'In the editor, what does the status of the probe node say, and the log of Node-RED?',
    ],
    more: 'The label target names the kind of what is not measured. If it comes again and again, the machine is too slow for what it watches: look at its CPU.',
  },
  HmonitorOutboxStuck: {
    means:
      'A message to people has been waiting in the outbox for more than two minutes, because the mail server, Slack or the webhook does not take it. It is not lost: it is tried again until it goes through.',
    confirm: ['Look at the status under the notify nodes.', 'Press the test button in the dialog of the receiver.'],
    more: 'This very alert goes to people through Alertmanager, where there is one. Without, the dead-man address (HEARTBEAT_URL) and the dashboard are what is left.',
  },
  HmonitorShardMissing: {
    means:
      'Several monitors share the targets of one file, each its part, and not all of them are there. What the missing one has to watch is watched by nobody: no alert can come of it. `monitor` is the name of the cluster.',
    confirm: [
      '`hmonitor_shards - on (cluster) group_left () count by (cluster) (hmonitor_shard_info)` is above 0.',
      'In Prometheus, Status > Targets has every monitor of the cluster, and all are up.',
    ],
    more: 'Where a monitor was there before and has died, HmonitorMonitorDown of it fires as well. This alert is also for one that was never started, or that Prometheus does not know. The others do not take over its part: [scale.md](../scale.md) says why.',
  },
  HmonitorTargetsUnowned: {
    means:
      'All shards are there, and yet the parts that they have taken are together less than the file. Either they do not divide by the same number, or they have not read the same file, or one of them has more than it may watch.',
    confirm: [
      '`sum by (cluster, kind) (hmonitor_shard_targets)` is below `max by (cluster, kind) (hmonitor_targets_in_file)` for the kind.',
    ],
    more: 'Hosts and services are watched by each shard that needs them, so their sum may be above what is in the file.',
  },
  HmonitorTargetsTwice: {
    means:
      'Two monitors of one cluster watch the same stream. Nothing is lost, but each is read twice, which the uplink of the server has to bear, and each alert of it comes from both.',
    confirm: ['`count by (target) (hmonitor_stream_expected) > 1` names the streams.'],
    more: 'It is normal for a minute or two while the number of shards is changed, and it ends when the old monitors are stopped. A target of a dialog is watched by every monitor that has the flow: put it into the file.',
  },
  HmonitorTargetsDiffer: {
    means:
      'Each shard says a number made of the targets that it has read, and the numbers differ: somebody has an old file, or cannot take all of it.',
    confirm: ['`hmonitor_targets_file_hash` has more than one value in the cluster.'],
    more: 'The order of entries does not count. What does: every field of every target that can be watched, with names in the place of secrets.',
  },
  HmonitorLogShippingStuck: {
    means:
      'A log node is to send its lines to Logstash, Elasticsearch or OpenSearch, and for more than ten minutes none of them was taken. Who is alerted of what does not depend on it. Lines wait on disk, up to the bound in the dialog, also over a restart.',
    confirm: [
      '`GET /health` of the monitor says what the other side answers, since when, and how much waits.',
      'The log node in the editor says *written, not shipped*.',
    ],
    more: 'An answer of 401 or 403 is a login or an API key, a certificate that is not trusted wants the authority of your own (`ELASTICSEARCH_CA_FILE`), 404 is mostly a wrong address, 429 a cluster that is too small or whose disk is full.',
  },
  HmonitorLogWatchDown: {
    means:
      '`elk watch` asks the log once a minute what people should know of. It has not answered Prometheus for five minutes, or it answers and has ended no round of questions for ten. What it had raised ends by itself, because nobody posts it again: that is no good news.',
    confirm: [
      '`docker compose --profile elk ps elk-watch`, and `docker compose logs --tail 50 elk-watch`.',
      'Ask by hand, which tells nobody: `docker compose --profile elk run --rm elk-watch node /opt/hmonitor/src/cli/rtmp-hmonitor.ts elk watch --once`.',
    ],
    more: 'Prometheus finds it under the name elk-watch, job elk-watch. Without Prometheus, watch its `/health` as a target of the kind service, as docs/elk.md says.',
  },
  HmonitorLogstashDown: {
    means:
      'The monitoring API of a Logstash (port 9600) has not answered `elk watch` for five minutes. Whether it still takes lines is not known; mostly it does not.',
    confirm: [
      '`docker compose --profile elk ps logstash`.',
      '`docker compose exec logstash curl --silent --config /run/hmonitor/health` has to end without an error.',
    ],
    more: 'Nothing is lost: Filebeat remembers how far it is, the log node keeps what waits on its disk, and what Logstash has taken is in its own queue.',
  },
  HmonitorLogstashQueueFull: {
    means:
      'Logstash takes more lines than Elasticsearch takes from it, and has nearly no room for more. When it is full it answers 429, and whoever sends waits.',
    confirm: [
      'Look at *Logstash* on the dashboard *monitor itself* in Grafana: what goes in, what goes out, and the queue.',
      'Look whether Elasticsearch is red, or its disk full: `docker compose logs --tail 50 elasticsearch`.',
    ],
    more: 'The bound is `queue.max_bytes` in `deploy/elk/logstash/logstash.yml`, 1 GB for each pipeline.',
  },
  HmonitorLogstashDeadLetters: {
    means:
      'Elasticsearch has refused lines for ever, and Logstash keeps them as dead letters. They should leave for a data stream of their own at once; now half of their room is taken, or the oldest were thrown away.',
    confirm: [
      'Look into `logs-rtmp_hmonitor.dead-default` in *Discover*: is the newest one from now?',
      'Look at *Logstash* on the dashboard *monitor itself* in Grafana.',
    ],
    more: 'A single dead letter is told by HmonitorLogDeadLetters. This one is told by Logstash itself, so that it comes also where Elasticsearch takes nothing.',
  },
  HmonitorLogCertificateEnding: {
    means:
      'Elasticsearch or Logstash shows a certificate that counts for less than 14 days from now. When it has ended, whoever verifies it sends nothing there any more: what is written waits on the disk of the monitor, up to its bound.',
    confirm: [
      '`GET /health` of the monitor says how many days are left, where its log node ships by itself.',
      'Look at it: `openssl s_client -connect HOST:PORT </dev/null | openssl x509 -noout -enddate -subject`.',
    ],
    more: '`config` of the stack makes certificates anew when less than 90 days are left, at each start of the stack: this fires where it has run on without one. It ends with the next line that is shipped over the new certificate.',
  },
  HmonitorLogLinesLost: {
    means:
      'So much of the log waits to be shipped that no more may, and newer lines are not kept for it. They are in the log file all the same. Once there is room again a line with the action `events-not-shipped` says how many are missing in the index.',
    confirm: [
      '`hmonitor_log_shipping_queue_ratio` is near 1, and `GET /health` names the bound.',
      'In the index, `event.sequence` has a hole before the line `events-not-shipped`.',
    ],
    more: 'It ends by itself ten minutes after the last line was lost.',
  },
  HmonitorLogLinesRejected: {
    means:
      'The other side has answered that it will never take a line: its mapping says another thing of a field, or the line is too large for it. It is not sent again. Elasticsearch with a failure store takes it there instead.',
    confirm: [
      '`rejected.ndjson` in the folder `shipping` of the data has the line, and the reason in the words of the other side.',
    ],
    more: 'With the templates of this version no line of the monitor is refused; a template of your own, or one of an older version, is the usual cause. After a correction the lines in `rejected.ndjson` can be sent by hand: each has its id, so none is double.',
  },
  HmonitorPrometheusConfigFailing: {
    means: 'Prometheus was told to read its configuration again and could not. It goes on with the one before.',
    confirm: ['`promtool check config` on the file names the line.'],
    more: 'After the next restart Prometheus would not come up at all: repair it before that.',
  },
  HmonitorPrometheusRulesFailing: {
    means: 'Some rule gives an error each time, so its alert cannot fire.',
    confirm: ['Open the page Status > Rules of Prometheus and look for a red line.'],
    more: 'A common cause is a rule of your own that joins two series of which one came twice ("many-to-many matching").',
  },
  HmonitorPrometheusRulesLate: {
    means: 'Evaluations of the rules were skipped, because the ones before were not ready. Alerts come late.',
    confirm: ['Look at `prometheus_rule_group_last_duration_seconds`: it must be far below the interval of the group.'],
    more: 'Some skipped evaluations after a start or a suspended machine are no fault; this asks for more than 15 in five minutes.',
  },
  HmonitorPrometheusNotificationsFailing: {
    means:
      'Prometheus has alerts and nobody to hand them to. With the monitor beside it, people hear of issues all the same: after 15 seconds without an Alertmanager the monitor notifies by itself.',
    confirm: ['Look at the page Status > Runtime of Prometheus, *Alertmanagers*.'],
    more: 'This alert itself cannot be sent by Alertmanager while it lasts. You see it on the dashboard, and in Prometheus.',
  },
  HmonitorAlertmanagerDown: {
    means: 'Alertmanager is gone. After 15 seconds the monitor notifies by itself, so issues still reach people.',
    confirm: ['Open Alertmanager in a browser, or `curl http://127.0.0.1:9093/-/ready`.'],
    more: 'While both are up again, a message may come twice: once from each (docs/alerts.md says when).',
  },
  HmonitorAlertmanagerConfigFailing: {
    means: 'Alertmanager was told to read its configuration again and could not. It goes on with the one before.',
    confirm: ['`amtool check-config` on the file names the line.'],
    more: 'After the next restart Alertmanager would not come up at all: repair it before that.',
  },
  HmonitorAlertmanagerNotificationsFailing: {
    means:
      'Alertmanager tried to send and was refused, by the way that the label target names: email, slack or webhook.',
    confirm: [
      'Read its log: it has the answer of the mail server or of Slack, word for word.',
      'Send a test: `amtool alert add HmonitorTest severity=critical --alertmanager.url=http://127.0.0.1:9093`.',
    ],
    more: '`webhook` is the monitor itself: then look whether it runs and whether both have the same ALERT_WEBHOOK_TOKEN.',
  },
  Watchdog: {
    means:
      'Nothing is wrong. This alert always fires and goes to Node-RED alone, every minute. When it stays away for three minutes, Prometheus or Alertmanager does not work, and Node-RED alarms.',
    confirm: ['It must be in the list of alerts of Prometheus and of Alertmanager, always.'],
    more: 'Do not silence it: a silence of it is an alarm.',
  },
}

/** Runbooks of the alerts that the dead-man's switch of the monitor raises; `notify` sends them, never Alertmanager. */
export const QUIET_RUNBOOKS: Readonly<Record<string, OwnRunbook & { summary: string; remedy: readonly string[] }>> = {
  HmonitorPrometheusQuiet: {
    summary: 'The watchdog of Prometheus has not come by Alertmanager for three minutes.',
    means:
      'Either Prometheus does not evaluate its rules, or Alertmanager does not pass on, or the webhook of this monitor refuses it. Issues still reach people, because the monitor tells of its own from now on; what only Prometheus can see stays unsaid.',
    confirm: [
      'Open Prometheus: is the alert Watchdog there, and is an Alertmanager listed under Status?',
      'Open Alertmanager: is Watchdog there?',
      'Read the log of Alertmanager: does the webhook answer with 401? Then the two have different tokens.',
    ],
    remedy: [
      'Look which one is not healthy: docker compose ps',
      'Start that one again: docker compose restart prometheus alertmanager',
      'Where the tokens differ: docker compose up --detach --force-recreate',
    ],
    more: 'Silences that are known so far are kept by the monitor as well.',
  },
  HmonitorAlertmanagerQuiet: {
    summary: 'None of ALERTMANAGER_URLS has answered for three minutes.',
    means: 'Alertmanager is down or cannot be reached from the monitor. The monitor tells of its own alerts meanwhile.',
    confirm: ['Open Alertmanager in a browser, or `curl http://127.0.0.1:9093/-/ready`.'],
    remedy: [
      'Start it again: docker compose restart alertmanager',
      'Look whether the addresses in ALERTMANAGER_URLS are right, seen from the monitor.',
    ],
    more: 'After it is back, a message may come twice: docs/alerts.md says when.',
  },
}

/** Runbooks of the alerts by which incidents are told. */
export const INCIDENT_RUNBOOKS: Readonly<
  Record<string, OwnRunbook & { severity: string; summary: string; remedy: readonly string[] }>
> = {
  HmonitorIncident: {
    severity: 'critical or warning',
    summary: 'Alerts that belong together, as one, with where the fault probably is.',
    means:
      'The monitor has found that what fires has something in common: one target, what depends on it, one server, one gateway or one site. The label location says where the fault most probably is, as [diagnosis](../diagnosis.md) finds it; `unknown` means that what is known does not tell.',
    confirm: [
      'Open the page Incidents of the dashboard of Node-RED: it has the reasons, the members, and what would decide it.',
      'Open the dashboard Incident of Grafana: it has the measures of all members on one time axis.',
      'Look at one member yourself, with a player or on the device.',
    ],
    remedy: [
      'Do what the message says, first things first: the steps are those against the probable cause.',
      'Where they do not help, look at what speaks against it on the page Incidents, and at the alerts of the members.',
      'Tell the others that you are on it: acknowledge the incident in Node-RED, or silence it in Alertmanager by its label incident.',
    ],
    more: 'Where the fault turns out to be somewhere else, or graver, you get one more message of the same incident. Its members are silent meanwhile; they are all in Alertmanager, inhibited.',
  },
  HmonitorIncidentMember: {
    severity: 'none',
    summary: 'A target belongs to an incident, so its own alerts are silent. Nobody is told of it.',
    means:
      'Nothing is wrong beyond the incident itself. This alert exists so that Alertmanager keeps the alerts of the members silent. It fires for six seconds after an issue is raised, too, because the monitor says of the incident a little later.',
    confirm: ['Alertmanager shows what is silent by it when *Inhibited* is ticked.'],
    remedy: ['Nothing is to be done about this one: look at the incident.'],
    more: 'Do not silence it: then the members are told one by one.',
  },
}
