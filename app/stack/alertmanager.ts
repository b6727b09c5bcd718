import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'
import { Failure } from '../prepare/failure.mjs'
import type { StackSettings } from './settings.ts'

/** Where the monitor takes Alertmanager's webhook. */
export interface AlertmanagerPlaces {
  /** Base address of the monitor, seen from Alertmanager. */
  monitor: string
  /** Absolute path of the folder with the configuration, as Alertmanager sees it. */
  folder: string
}

/** A configuration and, by path beside it, the files with the secrets that it names. */
export interface Rendered {
  configuration: string
  secrets: Record<string, string>
}

/** Beside the configuration. Named in it by their absolute paths: 0.25 takes some of them relative to where it was started. */
const TOKEN_FILE = 'secrets/alert_webhook_token'
const SMTP_FILE = 'secrets/smtp_password'
const SLACK_FILE = 'secrets/slack_webhook_url'

/**
 * The shipped configuration with the receivers that are set up. What is not set up is not there. Secrets are in files of
 * their own.
 *
 * @param shipped `deploy/alertmanager/alertmanager.yml`
 * @throws Failure where a receiver that is to be filled is not in it
 */
export function alertmanagerConfiguration(
  shipped: string,
  settings: StackSettings,
  webhookToken: string,
  places: AlertmanagerPlaces,
): Rendered {
  const document = parseDocument(shipped)
  const secrets: Record<string, string> = { [TOKEN_FILE]: webhookToken }
  const webhook = {
    url: `${places.monitor}/api/v1/alerts`,
    send_resolved: true,
    http_config: { authorization: { credentials_file: `${places.folder}/${TOKEN_FILE}` } },
  }
  for (const name of ['node-red', 'watchdog']) receiver(document, name).set('webhook_configs', [webhook])
  const { notifyUrl } = settings
  if (notifyUrl !== null) {
    const once = { ...webhook, url: `${notifyUrl}/api/v1/alerts` }
    receiver(document, 'people').set('webhook_configs', [once])
  }
  for (const name of notifyUrl === null ? ['people', 'people-directly'] : ['people-directly']) {
    tellPeople(receiver(document, name), settings, places.folder)
  }
  if (settings.smtp?.login) secrets[SMTP_FILE] = settings.smtp.login.password
  if (settings.slackWebhookUrl !== null) secrets[SLACK_FILE] = settings.slackWebhookUrl
  for (const messenger of settings.messengers) {
    for (const [name, value] of Object.entries(messenger.secrets)) secrets[`secrets/${name}`] = value
  }
  return { configuration: document.toString(), secrets }
}

/** By what is set up. */
function tellPeople(people: YAMLMap, settings: StackSettings, folder: string): void {
  const { smtp, slackWebhookUrl, messengers, alertmanagerUrl } = settings
  if (smtp) {
    people.set('email_configs', [
      {
        to: smtp.to,
        from: smtp.from,
        smarthost: `${smtp.host}:${smtp.port}`,
        // On port 465 TLS comes first, and the server offers it no more.
        require_tls: smtp.security === 'starttls',
        ...(smtp.login ? { auth_username: smtp.login.user, auth_password_file: `${folder}/${SMTP_FILE}` } : {}),
        send_resolved: true,
        headers: { Subject: '{{ template "hmonitor.title" . }}' },
        // Plain text alone: what comes at night must be readable on every telephone.
        html: '',
        text: '{{ template "hmonitor.text" . }}',
      },
    ])
  }
  if (slackWebhookUrl !== null) {
    people.set('slack_configs', [
      {
        api_url_file: `${folder}/${SLACK_FILE}`,
        send_resolved: true,
        title: '{{ template "hmonitor.title" . }}',
        title_link: alertmanagerUrl,
        fallback: '{{ template "hmonitor.title" . }}',
        text: '{{ template "hmonitor.text" . }}',
      },
    ])
  }
  for (const { integration, configuration } of messengers) {
    people.set(integration, [configuration((secret) => `${folder}/secrets/${secret}`)])
  }
}

function receiver(document: ReturnType<typeof parseDocument>, name: string): YAMLMap {
  const receivers = document.get('receivers')
  const found = isSeq(receivers) ? receivers.items.find((item) => isMap(item) && item.get('name') === name) : undefined
  if (isMap(found)) return found
  throw new Failure(`alertmanager.yml has no receiver ${name}.`, ['Put it back: the stack fills it from .env.'])
}
