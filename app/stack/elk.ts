import { isGood, issue, type KeyedCertificate, makeAuthority } from './certificates.ts'

/** A folder of one part, as `configure` writes it. */
interface PartFolder {
  /** Empty where it is not there. */
  text(name: string): string
  /** What is there already, else a new secret. */
  kept(name: string): string
  write(name: string, content: string): void
}

export interface ElkParts {
  /** Nobody's but `config`'s: the key of the authority is in it. */
  authority: PartFolder
  elasticsearch: PartFolder
  logstash: PartFolder
  kibana: PartFolder
  filebeat: PartFolder
  setup: PartFolder
  /** It reads the log, and asks Logstash how it is. */
  watch: PartFolder
  /** They read the log, and nothing else. */
  readers: readonly PartFolder[]
}

interface ElkSettings {
  /** Null: to be made. */
  elasticPassword: string | null
  /** Null: to be made. Monitors elsewhere show it to Logstash. */
  logstashPassword: string | null
  /** Where a person's browser finds it. */
  kibanaUrl: string
}

const NODES = ['elasticsearch', 'elasticsearch-2', 'elasticsearch-3', 'localhost']
const ELASTIC_CA = '/usr/share/elasticsearch/config/hmonitor/ca.pem'
const LOGSTASH = ['logstash', 'localhost']

const LOGSTASH_FILES = [
  ...['logstash.yml', 'pipelines.yml', 'log4j2.properties'],
  ...['pipeline/intake.conf', 'pipeline/events.conf', 'pipeline/dead-letters.conf'],
]

/**
 * Writes what Elasticsearch, Logstash, Kibana, Filebeat and their setup read: certificates of an authority of the stack's
 * own, which are made anew before they end, and passwords, each with whom it belongs to and nobody else.
 *
 * @param shipped what stands in a file below `deploy/`
 * @param now milliseconds of the clock
 */
export function configureElk(
  parts: ElkParts,
  settings: ElkSettings,
  shipped: (path: string) => string,
  now: number,
): void {
  const { elasticsearch, logstash, kibana, filebeat, setup, watch, readers } = parts
  const authority = authorityIn(parts.authority, now)
  for (const part of [elasticsearch, logstash, kibana, filebeat, setup, watch, ...readers]) {
    part.write('ca.pem', authority.certificate)
  }

  const elastic = settings.elasticPassword ?? setup.kept('elastic_password')
  const [system = '', writer = '', reader = ''] = ['kibana_system', 'hmonitor_writer', 'hmonitor_reader'].map(
    (user) => {
      const password = setup.kept(`${user}_password`)
      setup.write(`${user}_password`, password)
      return password
    },
  )
  setup.write('elastic_password', elastic)
  for (const part of [watch, ...readers]) part.write('hmonitor_reader_password', reader)

  elasticsearch.write('elastic_password', elastic)
  elasticsearch.write(
    'health',
    healthCheck(
      'https://localhost:9200/_cluster/health?wait_for_status=yellow&timeout=4s',
      'elastic',
      elastic,
      ELASTIC_CA,
    ),
  )
  writeCertificate(elasticsearch, 'node', NODES, authority, now)

  const monitors = settings.logstashPassword ?? logstash.kept('monitors_password')
  logstash.write('monitors_password', monitors)
  writeCertificate(logstash, 'node', LOGSTASH, authority, now)
  const api = logstash.kept('api_password')
  logstash.write('api_password', api)
  logstash.write('health', healthCheck('http://127.0.0.1:9600/_node/stats/pipelines/events', 'hmonitor', api, null))
  watch.write('logstash_api_password', api)
  const secrets = { HMONITOR_WRITER_PASSWORD: writer, LOGSTASH_PASSWORD: monitors, LOGSTASH_API_PASSWORD: api }
  for (const name of LOGSTASH_FILES) logstash.write(name, filled(shipped(`elk/logstash/${name}`), secrets))

  const keys = ['encryption', 'session', 'reporting'].map((name) => {
    const key = kibana.kept(`${name}_key`)
    kibana.write(`${name}_key`, key)
    return key
  })
  const [encryption = '', session = '', reporting = ''] = keys
  kibana.write(
    'kibana.yml',
    filled(shipped('elk/kibana/kibana.yml'), {
      KIBANA_URL: settings.kibanaUrl,
      KIBANA_SYSTEM_PASSWORD: system,
      KIBANA_ENCRYPTION_KEY: encryption,
      KIBANA_SESSION_KEY: session,
      KIBANA_REPORTING_KEY: reporting,
    }),
  )

  writeCertificate(filebeat, 'client', ['filebeat'], authority, now)
  filebeat.write('filebeat.yml', shipped('elk/filebeat/filebeat.yml'))
}

function authorityIn(folder: PartFolder, now: number): KeyedCertificate {
  const there = { key: folder.text('authority.key'), certificate: folder.text('authority.pem') }
  const authority = isGood(there, there.certificate, [], now) ? there : makeAuthority('RTMP HMonitor stack', now)
  folder.write('authority.key', authority.key)
  folder.write('authority.pem', authority.certificate)
  return authority
}

function writeCertificate(
  folder: PartFolder,
  name: string,
  names: readonly string[],
  authority: KeyedCertificate,
  now: number,
): void {
  const there = { key: folder.text(`${name}.key`), certificate: folder.text(`${name}.pem`) }
  if (isGood(there, authority.certificate, names, now)) return
  const { key, certificate } = issue(authority, names, now)
  folder.write(`${name}.key`, key)
  folder.write(`${name}.pem`, certificate)
}

/** What curl reads to ask whether all is well. @param ca the path of the authority; null: without TLS */
function healthCheck(url: string, user: string, password: string, ca: string | null): string {
  return [
    `url = "${url}"`,
    `user = "${user}:${password.replace(/["\\]/g, '\\$&')}"`,
    ...(ca === null ? [] : [`cacert = "${ca}"`]),
    'fail',
    'silent',
    'show-error',
    'output = "/dev/null"\n',
  ].join('\n')
}

/** Puts in what only `.env` or this machine knows. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
