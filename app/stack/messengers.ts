/** The messengers that are set up, as Alertmanager is configured for them. */

import { DISCORD } from '../../src/alerts/notifiers/discord.ts'
import { type NotifierType, readNotifier } from '../../src/alerts/notifiers/notifier.ts'
import { NTFY } from '../../src/alerts/notifiers/ntfy.ts'
import { PUSHOVER } from '../../src/alerts/notifiers/pushover.ts'
import { TEAMS } from '../../src/alerts/notifiers/teams.ts'
import { TELEGRAM } from '../../src/alerts/notifiers/telegram.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import { Failure } from '../prepare/failure.mjs'

/** A messenger that Alertmanager writes to. */
export interface Messenger {
  /** For people. */
  name: string
  /** Of a receiver in `alertmanager.yml`. */
  integration: string
  /** @param fileOf the path of the file that holds a secret, by its name in `secrets` */
  configuration(fileOf: (secret: string) => string): object
  secrets: Readonly<Record<string, string>>
}

const TITLE = '{{ template "hmonitor.title" . }}'
const TEXT = '{{ template "hmonitor.text" . }}'
/** 1 goes past the quiet hours of the phone. */
const PRIORITY = '{{ if and (eq .Status "firing") (eq .CommonLabels.severity "critical") }}1{{ else }}0{{ end }}'

/** @throws Failure that names the variable */
export function messengersOf(given: Read): Messenger[] {
  const all = [telegram(given), pushover(given), discord(given), teams(given), ntfy(given)]
  return all.filter((messenger) => messenger !== null)
}

/** A variable, empty where it is not set; a secret may stand in a file. */
export type Read = (name: string, isSecret: boolean) => string

/** As the monitor itself reads it for its own messages. @throws Failure that names the variable */
export function receiverOf<R extends { channel: string }>(type: NotifierType<R>, given: Read): R | null {
  try {
    return readNotifier(type, {}, given)
  } catch (error) {
    if (error instanceof MonitorError) throw new Failure(`${error.message}.`, ['Correct it in .env.'])
    throw error
  }
}

function telegram(given: Read): Messenger | null {
  const receiver = receiverOf(TELEGRAM, given)
  if (receiver === null) return null
  const { api, token, chat } = receiver
  if (chat.startsWith('@')) {
    throw new Failure('TELEGRAM_CHAT_ID is a name, and Alertmanager takes only the number of a chat.', [
      'Write the number: getUpdates of the Bot API shows it.',
    ])
  }
  return {
    ...{ name: 'Telegram', integration: 'telegram_configs', secrets: { telegram_token: token } },
    configuration: (fileOf) => ({
      ...{ api_url: api, bot_token_file: fileOf('telegram_token'), chat_id: Number(chat), send_resolved: true },
      // What is cut by its length could end within markup.
      ...{ parse_mode: '', message: `${TITLE}\n\n${TEXT}` },
    }),
  }
}

function pushover(given: Read): Messenger | null {
  const receiver = receiverOf(PUSHOVER, given)
  if (receiver === null) return null
  const { token, user } = receiver
  return {
    ...{ name: 'Pushover', integration: 'pushover_configs' },
    secrets: { pushover_token: token, pushover_user: user },
    configuration: (fileOf) => ({
      ...{ token_file: fileOf('pushover_token'), user_key_file: fileOf('pushover_user'), send_resolved: true },
      ...{ title: TITLE, message: TEXT, priority: PRIORITY },
    }),
  }
}

function discord(given: Read): Messenger | null {
  const receiver = receiverOf(DISCORD, given)
  if (receiver === null) return null
  return {
    ...{ name: 'Discord', integration: 'discord_configs', secrets: { discord_url: receiver.url } },
    configuration: (fileOf) => ({
      ...{ webhook_url_file: fileOf('discord_url'), send_resolved: true, title: TITLE, message: TEXT },
    }),
  }
}

function teams(given: Read): Messenger | null {
  const receiver = receiverOf(TEAMS, given)
  if (receiver === null) return null
  return {
    ...{ name: 'Microsoft Teams', integration: 'msteamsv2_configs', secrets: { teams_url: receiver.url } },
    configuration: (fileOf) => ({
      ...{ webhook_url_file: fileOf('teams_url'), send_resolved: true, title: TITLE, text: TEXT },
    }),
  }
}

/** ntfy has a template of its own for what Alertmanager's webhook says (docs.ntfy.sh/publish, Pre-defined templates; from 2.14 on). */
function ntfy(given: Read): Messenger | null {
  const receiver = receiverOf(NTFY, given)
  if (receiver === null) return null
  const { server, topic, token } = receiver
  const access = (file: string) => ({ http_config: { authorization: { credentials_file: file } } })
  return {
    ...{ name: 'ntfy', integration: 'webhook_configs' },
    secrets: { ntfy_url: `${server}${topic}?template=alertmanager`, ...(token !== '' && { ntfy_token: token }) },
    configuration: (fileOf) => ({
      ...{ url_file: fileOf('ntfy_url'), send_resolved: true },
      ...(token !== '' && access(fileOf('ntfy_token'))),
    }),
  }
}
