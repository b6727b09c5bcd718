/**
 * Every option of `npm start` and every environment variable, once. The help and `.env.example` are made from this
 * table, and what flows may not read is taken from it. Plain JavaScript without packages: `--help` needs no install.
 */

/**
 * @typedef {object} Option
 * @property {string} name without the dashes
 * @property {'boolean' | 'string'} type
 * @property {string} [value] what stands for its value in the help
 * @property {string} what
 */

/** @type {Option[]} */
export const OPTIONS = [
  { name: 'help', type: 'boolean', what: 'shows this' },
  { name: 'version', type: 'boolean', what: 'shows the version' },
  { name: 'env', type: 'string', value: 'FILE', what: 'reads variables from this file, not from .env' },
  {
    name: 'renew-flows',
    type: 'boolean',
    what: 'replaces the tabs that came with the monitor by the shipped ones; keeps a backup',
  },
  { name: 'reset-password', type: 'boolean', what: 'makes a new login for the editor and shows it once' },
  {
    name: 'shards',
    type: 'string',
    value: 'N',
    what: 'starts so many monitors that share the targets, behind nginx: docs/scale.md',
  },
  { name: 'safe', type: 'boolean', what: 'opens the editor without starting the flows, to repair them' },
]

/**
 * @typedef {object} Variable
 * @property {string} name
 * @property {boolean} [file] whether `NAME_FILE` may name a file that holds the value
 * @property {string} [default] as a person reads it
 * @property {string} what
 * @property {boolean} [secret] whether its value is or may hold a secret
 * @property {string} [example] a value for `.env.example`, where the default is none
 */

/** @typedef {{title: string, variables: Variable[]}} VariableGroup */

/** @type {VariableGroup[]} */
export const VARIABLE_GROUPS = [
  {
    title: 'Where it listens and keeps its data',
    variables: [
      { name: 'HOST', default: '127.0.0.1', what: 'address to listen on; 0.0.0.0 for all of this machine' },
      { name: 'PORT', default: '1880', what: 'port to listen on; 0 for any free one' },
      {
        name: 'DATA_DIR',
        default: '.data',
        what: 'flows, credentials and logs; a second monitor needs its own PORT and DATA_DIR',
      },
      {
        name: 'HISTORY_DAYS',
        default: '31',
        what: 'days of what was measured and happened that DATA_DIR/history.db keeps; 0: none',
      },
      { name: 'HISTORY_MB', default: '2000', what: 'megabytes that it may have; then the oldest goes first' },
      { name: 'LOG_LEVEL', default: 'warn', what: 'error, warn, info, debug or trace' },
      {
        name: 'TIMEZONE',
        default: 'that of this computer',
        what: 'time zone of times in messages and reports',
        example: 'Europe/Berlin',
      },
      { name: 'SITE_LANGUAGE', default: 'en', what: 'language of messages and reports: en or de', example: 'de' },
    ],
  },
  {
    title: 'Login and tokens',
    variables: [
      {
        name: 'ADMIN_PASSWORD',
        file: true,
        default: 'made at the first start, shown once',
        secret: true,
        what: 'password of the login "admin"',
      },
      { name: 'ADMIN_PASSWORD_HASH', secret: true, what: 'the same as a bcrypt hash' },
      {
        name: 'VIEWER_PASSWORD',
        file: true,
        default: 'none: viewers come by link',
        secret: true,
        what: 'lets people look at the dashboard and change nothing',
      },
      {
        name: 'TRUSTED_PROXIES',
        what: 'addresses of reverse proxies whose X-Forwarded-For is believed',
        example: '127.0.0.1',
      },
      {
        name: 'METRICS_TOKEN',
        file: true,
        default: 'made where HOST is not loopback, shown once',
        secret: true,
        what: 'bearer token for /metrics and /api',
      },
      {
        name: 'ALLOWED_HOSTS',
        what: 'names by which /metrics and /api may be asked without a token',
        example: 'monitor.example',
      },
      {
        name: 'BANDWIDTH_TOKEN',
        file: true,
        default: 'none: other monitors may not test',
        secret: true,
        what: 'lets the bandwidth tests of other monitors in',
      },
    ],
  },
  {
    title: 'What is watched; with none of these: a demo',
    variables: [
      {
        name: 'TARGETS_FILE',
        default: 'targets.json, if there is one',
        what: 'the file that lists what to watch',
        example: './targets.json',
      },
      {
        name: 'TARGETS_SETUP_FILE',
        default: 'the targets file',
        what: 'the file that the dashboard may change; "none": none',
      },
      {
        name: 'RTMP_STREAMS',
        secret: true,
        what: 'streams without a file',
        example: 'main=rtmp://relay.example/live/key,backup=rtmp://relay.example/live/key2',
      },
      {
        name: 'PING_HOSTS',
        secret: true,
        what: 'hosts to ping, without a file',
        example: 'gateway=192.0.2.1',
      },
      {
        name: 'SERVICES',
        secret: true,
        what: 'services to connect to, without a file',
        example: 'ingest=rtmps://ingest.example:443/live',
      },
      {
        name: 'WEB_PRESENTERS',
        secret: true,
        what: 'Blackmagic encoders without a file, by address',
        example: 'encoder=192.0.2.20',
      },
      {
        name: 'VIMEO_LIVE_EVENTS',
        secret: true,
        what: 'Vimeo live events without a file, by number or as "next"',
        example: 'service=12345',
      },
      { name: 'VIMEO_ACCESS_TOKEN', file: true, secret: true, what: 'personal access token for them' },
      {
        name: 'BANDWIDTH_TESTS',
        secret: true,
        what: 'throughput tests without a file',
        example: 'uplink=iperf3://speed.example:5201',
      },
      {
        name: 'SHARD',
        default: 'none: all of the file',
        what: 'the part of the targets that is watched, from 0: docs/scale.md',
        example: '2/8',
      },
      { name: 'SHARD_INDEX', what: 'the same in two variables: which part, from 0', example: '2' },
      { name: 'SHARD_COUNT', what: 'and of how many', example: '8' },
      {
        name: 'PEERS',
        what: 'the monitors that share the targets, or a name with the addresses of all',
        example: 'http://m0:1880,http://m1:1880',
      },
      { name: 'PEER_TOKEN', file: true, secret: true, what: 'by which they know each other; the same on all' },
      { name: 'DEMO', default: 'auto', what: 'auto: a demo where nothing else is to be watched; off: never' },
      { name: 'DEMO_RTMP_PORT', default: '0', what: "port of the demo's RTMP server; 0 for any free one" },
    ],
  },
  {
    title: 'Programs',
    variables: [
      {
        name: 'FFPROBE_PATH',
        default: 'PATH (5.0 or newer), else that of the packages',
        what: 'ffprobe to watch streams with',
        example: '/usr/bin/ffprobe',
      },
      {
        name: 'FFMPEG_PATH',
        default: 'PATH; for the demo else the packages',
        what: 'ffmpeg for content checks (5.1 or newer), demo',
        example: '/usr/bin/ffmpeg',
      },
      {
        name: 'PRIVATE_ADDRESSES',
        default: 'allow',
        what: 'refuse: no watched server may lead into private networks',
        example: 'refuse',
      },
    ],
  },
  {
    title: 'Who gets the alerts',
    variables: [
      {
        name: 'RECEIVERS_SETUP_FILE',
        default: 'receivers.json in DATA_DIR',
        what: 'where the dashboard writes who is told; "none": nowhere',
      },
      { name: 'SMTP_HOST', what: 'mail server; with SMTP_TO: alerts go by email', example: 'mail.example' },
      { name: 'SMTP_TO', secret: true, what: 'who gets the emails', example: 'duty@church.example' },
      { name: 'SMTP_FROM', secret: true, default: 'SMTP_USER', what: 'sender of the emails' },
      { name: 'SMTP_PORT', default: '587', what: 'port of the mail server; 465 with tls' },
      { name: 'SMTP_SECURITY', default: 'starttls', what: 'starttls, tls, or none within your own network' },
      { name: 'SMTP_USER', secret: true, what: 'login at the mail server' },
      { name: 'SMTP_PASSWORD', file: true, secret: true, what: 'its password' },
      {
        name: 'NTFY_URL',
        file: true,
        secret: true,
        what: 'topic of ntfy, on ntfy.sh or a server of your own',
        example: 'https://ntfy.sh/a-name-that-nobody-guesses',
      },
      { name: 'NTFY_TOKEN', file: true, secret: true, what: 'access token, where the topic is protected' },
      { name: 'TELEGRAM_BOT_TOKEN', file: true, secret: true, what: 'token of a Telegram bot, from @BotFather' },
      { name: 'TELEGRAM_CHAT_ID', secret: true, what: 'the chat, group or @channel it writes to' },
      { name: 'TELEGRAM_API_URL', default: 'https://api.telegram.org', what: 'a Bot API server of your own' },
      { name: 'PUSHOVER_TOKEN', file: true, secret: true, what: 'key of an application at Pushover' },
      { name: 'PUSHOVER_USER', file: true, secret: true, what: 'key of the user or group it tells' },
      { name: 'SLACK_WEBHOOK_URL', file: true, secret: true, what: 'incoming webhook of a Slack channel' },
      { name: 'DISCORD_WEBHOOK_URL', file: true, secret: true, what: 'webhook of a Discord channel' },
      {
        name: 'TEAMS_WEBHOOK_URL',
        file: true,
        secret: true,
        what: 'workflow that posts to a channel of Microsoft Teams',
      },
      { name: 'NOTIFY_WEBHOOK_URL', file: true, secret: true, what: 'any address that takes JSON' },
      { name: 'NOTIFY_WEBHOOK_SECRET', file: true, secret: true, what: 'signs what goes there' },
      { name: 'DASHBOARD_URL', default: 'the dashboard of this monitor', what: 'what messages link to' },
      { name: 'HEARTBEAT_URL', secret: true, what: 'called each minute while the monitor can do its work' },
    ],
  },
  {
    title: 'Prometheus and Alertmanager',
    variables: [
      {
        name: 'ALERTMANAGER_URLS',
        secret: true,
        what: 'Alertmanagers that tell people, with commas between them',
        example: 'http://127.0.0.1:9093',
      },
      {
        name: 'ALERT_SOURCE',
        default: 'direct',
        what: 'direct: the monitor posts its alerts; prometheus: its rules find them',
      },
      {
        name: 'ALERT_WEBHOOK_TOKEN',
        file: true,
        default: 'METRICS_TOKEN',
        secret: true,
        what: "bearer token for Alertmanager's webhook",
      },
    ],
  },
  {
    title: 'Where the log is shipped to; only one of the two',
    variables: [
      {
        name: 'LOGSTASH_URL',
        file: true,
        secret: true,
        what: "address of Logstash's input http; several with commas between them",
        example: 'https://logstash.example:8080',
      },
      { name: 'LOGSTASH_USER', secret: true, what: 'login there' },
      { name: 'LOGSTASH_PASSWORD', file: true, secret: true, what: 'its password' },
      { name: 'LOGSTASH_CA', file: true, what: 'certificate of the authority of your own, PEM' },
      {
        name: 'ELASTICSEARCH_URL',
        file: true,
        secret: true,
        what: 'address of Elasticsearch or OpenSearch; several with commas between them',
        example: 'https://elasticsearch.example:9200',
      },
      { name: 'ELASTICSEARCH_USER', secret: true, what: 'login there' },
      { name: 'ELASTICSEARCH_PASSWORD', file: true, secret: true, what: 'its password' },
      { name: 'ELASTICSEARCH_API_KEY', file: true, secret: true, what: 'API key in the place of both' },
      { name: 'ELASTICSEARCH_CA', file: true, what: 'certificate of the authority of your own, PEM' },
    ],
  },
  {
    title: 'The stack: docker compose up',
    variables: [
      { name: 'SITE', default: 'site of the targets file', what: 'the place, on every series and alert' },
      { name: 'MONITOR_NAME', default: 'RTMP HMonitor', what: 'the monitor, as its config node is called' },
      { name: 'GRAFANA_ADMIN_PASSWORD', file: true, default: 'made, shown once', secret: true, what: 'login "admin"' },
      { name: 'GRAFANA_PORT', default: '3000', what: 'port of Grafana on 127.0.0.1' },
      { name: 'GRAFANA_URL', default: 'http://127.0.0.1:3000', what: 'where your browser finds it' },
      { name: 'PROMETHEUS_PORT', default: '9090', what: 'port of Prometheus on 127.0.0.1' },
      { name: 'PROMETHEUS_URL', default: 'http://127.0.0.1:9090', what: 'where your browser finds it' },
      { name: 'PROMETHEUS_RETENTION', default: '30d', what: 'how long metrics are kept' },
      { name: 'PROMETHEUS_RETENTION_SIZE', default: '10GB', what: 'how much disk they may fill' },
      { name: 'ALERTMANAGER_PORT', default: '9093', what: 'port of Alertmanager on 127.0.0.1' },
      { name: 'ALERTMANAGER_URL', default: 'http://127.0.0.1:9093', what: 'where your browser finds it' },
    ],
  },
  {
    title: 'The stack on several computers: docs/scale.md',
    variables: [
      {
        name: 'SHARD_MONITORS',
        what: 'all monitors that share the targets, host and port, by index',
        example: '192.0.2.11:1880,192.0.2.12:1880',
      },
      { name: 'PROMETHEUS_REPLICA', what: 'which of two Prometheus of a site this is', example: 'a' },
      {
        name: 'REMOTE_WRITE_URL',
        what: 'where Prometheus writes what all sites keep',
        example: 'http://192.0.2.20:8428/api/v1/write',
      },
    ],
  },
  {
    title: 'Alertmanager in a pair: docker-compose.pair.yml',
    variables: [
      { name: 'ALERTMANAGER_ADDRESS', what: 'address of this computer for the other one', example: '192.0.2.11' },
      { name: 'ALERTMANAGER_PEER', what: 'the other Alertmanager, host and port', example: '192.0.2.12:9093' },
      { name: 'ALERTMANAGER_PEER_CLUSTER', what: 'where they agree, host and port', example: '192.0.2.12:9094' },
      {
        name: 'ALERTMANAGER_NOTIFY_URL',
        what: 'the monitor that tells people what both say, once',
        example: 'http://192.0.2.11:1880',
      },
    ],
  },
  {
    title: 'The relay: docker compose --profile relay up',
    variables: [
      { name: 'RELAY_KEY', secret: true, what: 'stream key of the encoder; it publishes to rtmp://…:1935/live' },
      {
        name: 'RELAY_PUSH',
        secret: true,
        what: 'where the stream is sent on to',
        example:
          "'youtube=rtmp://a.rtmp.youtube.com/live2/${YOUTUBE_KEY},vimeo=rtmps://rtmp-global.cloud.vimeo.com:443/live/${VIMEO_KEY}'",
      },
      { name: 'RELAY_HOST', default: '127.0.0.1', what: 'address to take it on; 0.0.0.0 for an encoder elsewhere' },
      { name: 'RELAY_PORT', default: '1935', what: 'port to take it on' },
    ],
  },
  {
    title: 'The log in Elasticsearch: docker compose --profile elk up',
    variables: [
      { name: 'ELK_RETENTION', default: '365d', what: 'how long a line is kept, from when its index is full' },
      {
        name: 'ELASTIC_PASSWORD',
        file: true,
        default: 'made at the first start',
        secret: true,
        what: 'of the login "elastic" of Kibana; only before the first start',
      },
      {
        name: 'ELK_LOGSTASH_PASSWORD',
        file: true,
        default: 'made at the first start',
        secret: true,
        what: 'of the login "hmonitor", for monitors that ship to Logstash',
      },
      { name: 'LOGSTASH_HOST', default: '127.0.0.1', what: 'address to take them on; 0.0.0.0 for all of this machine' },
      { name: 'LOGSTASH_PORT', default: '8080', what: 'port to take them on' },
      { name: 'ELASTICSEARCH_PORT', default: '9200', what: 'port of Elasticsearch' },
      { name: 'KIBANA_PORT', default: '5601', what: 'port of Kibana' },
      { name: 'KIBANA_URL', default: 'http://127.0.0.1:5601', what: "Kibana's own address" },
    ],
  },
  {
    title: 'Set by the monitor, for flows',
    variables: [
      { name: 'HMONITOR_URL', what: 'where this monitor answers' },
      { name: 'DEMO_URL', what: 'where the demo is controlled; not set where none runs' },
    ],
  },
]

/**
 * Names of the variables that flows may not read: those whose values are or may hold secrets.
 *
 * @param {string[]} names names that are set
 * @returns {string[]}
 */
export function secretNames(names) {
  const secrets = VARIABLE_GROUPS.flatMap(({ variables }) => variables).filter(({ secret }) => secret)
  const exact = new Set(secrets.map(({ name }) => name))
  const prefixes = [...exact].filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  return names.filter((name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix)))
}
