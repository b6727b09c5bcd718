/** What the dashboard asks for when a receiver is set up: the fields of its dialog, in words. */

import type { NotifierField } from '../src/alerts/notifiers/notifier.ts'
import { NOTIFIERS } from '../src/alerts/notifiers/notifiers.ts'
import { textsOf } from './node-html.ts'
import { textAt } from './set-up-forms.ts'

interface ReceiverField {
  key: string
  /** As which a refusal names it. */
  variable: string
  input: NotifierField['input']
  label: string
  hint: string
  /** Value and text. */
  choices: [string, string][]
  isRequired: boolean
  isMore: boolean
}

interface ReceiverForm {
  channel: string
  /** The title of its section that can be opened; empty where it has none. */
  more: string
  fields: ReceiverField[]
}

/** In the place of what a dialog says, which speaks of variables. By property, or property and choice. */
const OWN_TEXTS: Readonly<Record<string, string>> = {
  host: 'Of your provider, for example smtp.gmail.com.',
  from: 'Empty: the user, where that is an email address.',
  port: 'Empty: 587, or 465 with TLS.',
  password: 'Of the mail account. Many providers want one made for this alone, an app password. It is not shown again.',
  'security.': 'STARTTLS, or TLS where the port is 465',
  ntfyUrl:
    'Its whole address, such as https://ntfy.example/my-topic; the public server is ntfy.sh. Choose a name that nobody guesses: whoever knows it can read what is sent.',
  webhookUrl: 'It gets JSON by POST. It is not shown again.',
}

/** @param root of the package */
export async function receiverForms(root: string): Promise<ReceiverForm[]> {
  const texts = await textsOf(root, 'receiver', 'en-US')
  return NOTIFIERS.map(({ channel, fields }) => ({
    channel,
    more: textAt(texts, ['section', channel]),
    fields: fields.map(
      ({ property, variable = '', input, choices = [], isMore = false, isNeeded = false }): ReceiverField => ({
        ...{ key: property, variable, input, isMore, isRequired: isNeeded },
        label: textAt(texts, [property, 'label']),
        hint: OWN_TEXTS[property] ?? textAt(texts, [property, input === 'flag' ? 'text' : 'hint']),
        choices: choices.map((choice) => [
          choice,
          OWN_TEXTS[`${property}.${choice}`] ?? textAt(texts, [property, choice]),
        ]),
      }),
    ),
  }))
}
