import { MonitorError } from '../observation/errors.ts'

const PLACEHOLDER = /\$\{([^${}]*)\}/g

/** What an environment variable can be called in a targets file. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

export function placeholder(name: string): string {
  return `\${${name}}`
}

/** The names of all `${NAME}` in a template, each once. */
export function placeholdersIn(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), ([, name = '']) => name))]
}

/** Puts values in the place of every `${NAME}`. A value is not looked through again. */
export function fillPlaceholders(template: string, value: (name: string) => string): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => value(name))
}

/**
 * Variables with which the monitor itself logs in, tells people or lets others in. An address goes to a server of
 * somebody else, who would read them there. Not among them is RELAY_KEY: it belongs into the address of the relay.
 */
export const OWN_SECRETS: ReadonlySet<string> = new Set([
  ...[
    'ADMIN_PASSWORD',
    'ADMIN_PASSWORD_HASH',
    'VIEWER_PASSWORD',
    'METRICS_TOKEN',
    'BANDWIDTH_TOKEN',
    'ALERT_WEBHOOK_TOKEN',
    'PEER_TOKEN',
  ],
  ...['SMTP_TO', 'SMTP_FROM', 'SMTP_USER', 'SMTP_PASSWORD', 'SLACK_WEBHOOK_URL'],
  ...['NTFY_URL', 'NTFY_TOKEN', 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHAT_ID', 'PUSHOVER_TOKEN', 'PUSHOVER_USER'],
  ...['DISCORD_WEBHOOK_URL', 'TEAMS_WEBHOOK_URL'],
  ...['NOTIFY_WEBHOOK_URL', 'NOTIFY_WEBHOOK_SECRET', 'HEARTBEAT_URL', 'ALERTMANAGER_URLS'],
  ...['LOGSTASH_URL', 'LOGSTASH_USER', 'LOGSTASH_PASSWORD', 'ELASTICSEARCH_URL', 'ELASTICSEARCH_USER'],
  ...['ELASTICSEARCH_PASSWORD', 'ELASTICSEARCH_API_KEY', 'ELASTIC_PASSWORD', 'ELK_LOGSTASH_PASSWORD'],
  ...['VIMEO_ACCESS_TOKEN', 'GRAFANA_ADMIN_PASSWORD', 'RELAY_PUSH', 'NODE_RED_CREDENTIAL_SECRET'],
])

/** Hidden from flows, and meant for addresses all the same. */
const FOR_ADDRESSES: ReadonlySet<string> = new Set(['RELAY_KEY', 'DEMO_RTMP_URL'])

/**
 * Why a variable may not be filled into what goes to a server, or null where it may.
 *
 * @param lists the variables that list targets, whose addresses may hold keys
 * @param hidden what Node-RED's setting `envVarExcludes` keeps from flows
 */
export function refusedVariable(
  name: string,
  lists: readonly string[],
  hidden: readonly string[] = [],
): MonitorError | null {
  const own = name.replace(/_FILE$/, '')
  if (OWN_SECRETS.has(own) || lists.includes(own)) {
    const message = `${placeholder(name)} is a secret of the monitor itself and is filled into no address; give what this needs a variable of its own, STREAM_KEY for example`
    return new MonitorError('forbidden-variable', message)
  }
  if (!hidden.includes(name) || FOR_ADDRESSES.has(name)) return null
  const message = `${placeholder(name)} is kept from flows by Node-RED's setting envVarExcludes; take it off that list, or use another variable`
  return new MonitorError('forbidden-variable', message)
}
