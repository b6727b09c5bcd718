/** The dialog of a receiver, from the fields of the notifiers: its page and its script. */
import type { NotifierField } from '../src/alerts/notifiers/notifier.ts'
import { NOTIFIER_CREDENTIALS, NOTIFIER_FIELDS, NOTIFIERS } from '../src/alerts/notifiers/notifiers.ts'
import { configVersion } from '../src/node-red/config-version.ts'
import type { Texts } from './probe-dialogs.ts'

/** @param texts of the node in one language: a hint is shown where they hold one */
export function receiverPage(texts: Texts): string {
  const channels = NOTIFIERS.map(({ channel }) => `<option value="${channel}" data-i18n="channel.${channel}"></option>`)
  const main = NOTIFIERS.map(({ channel, fields }) => {
    const rows = fields.filter(({ isMore }) => !isMore).map((field) => rowOf(field, texts))
    return `<div class="hmonitor-receiver-channel hmonitor-receiver-${channel}">\n${rows.join('\n')}\n</div>`
  })
  const more = NOTIFIERS.filter(({ fields }) => fields.some(({ isMore }) => isMore)).map(({ channel, fields }) => {
    const rows = fields.filter(({ isMore }) => isMore).map((field) => rowOf(field, texts))
    return `<details class="hmonitor-receiver-channel hmonitor-receiver-${channel}">
<summary data-i18n="section.${channel}"></summary>
${rows.join('\n')}
</details>`
  })
  return `<div class="hmonitor-dialog">
<div class="form-row">
  <label for="node-config-input-name"><i class="fa fa-tag"></i> <span data-i18n="common.name"></span></label>
  <input type="text" id="node-config-input-name" data-i18n="[placeholder]common.name">
</div>
<div class="form-row">
  <label for="node-config-input-channel"><i class="fa fa-paper-plane"></i> <span data-i18n="channel.label"></span></label>
  <select id="node-config-input-channel">
    ${channels.join('\n    ')}
  </select>
  <div class="hmonitor-hint" data-i18n="channel.hint"></div>
</div>
${main.join('\n')}
<div class="form-row">
  <label for="hmonitor-try"><i class="fa fa-check"></i> <span data-i18n="common.try.label"></span></label>
  <button type="button" class="red-ui-button" id="hmonitor-try" data-i18n="test.button"></button>
  <div class="hmonitor-hint hmonitor-answer" id="hmonitor-answer" role="status" aria-live="polite"></div>
</div>
${more.join('\n')}
<details>
  <summary data-i18n="section.limit"></summary>
  <div class="form-row">
    <label for="node-config-input-perHour"><i class="fa fa-tachometer"></i> <span data-i18n="perHour.label"></span></label>
    <input type="text" class="hmonitor-short" id="node-config-input-perHour" placeholder="60">
    <span class="hmonitor-unit" data-i18n="perHour.unit"></span>
    <div class="hmonitor-hint" data-i18n="perHour.hint"></div>
  </div>
</details>
</div>`
}

function rowOf(field: NotifierField, texts: Texts): string {
  const { property, input, icon } = field
  // A checkbox has a label of its own beside it.
  const target = input === 'flag' ? '' : ` for="node-config-input-${property}"`
  const own = texts[property]
  const hasHint = typeof own === 'object' && own.hint !== undefined
  return [
    '<div class="form-row">',
    `<label${target}><i class="fa fa-${icon}"></i> <span data-i18n="${property}.label"></span></label>`,
    inputOf(field),
    hasHint ? `<div class="hmonitor-hint" data-i18n="${property}.hint"></div>` : '',
    '</div>',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** An empty field shows the variable that counts then. */
function inputOf({ property, input, variable, choices = [] }: NotifierField): string {
  const id = `id="node-config-input-${property}"`
  const placeholder = variable === undefined ? '' : ` placeholder="${variable}"`
  if (input === 'choice') {
    const options = choices.map(
      (choice) => `<option value="${choice}" data-i18n="${property}.${choice || 'environment'}"></option>`,
    )
    return `<select ${id}>\n${options.join('\n')}\n</select>`
  }
  if (input === 'flag') {
    return `<input type="checkbox" ${id}>
<label class="hmonitor-beside" for="node-config-input-${property}" data-i18n="${property}.text"></label>`
  }
  if (input === 'port') return `<input type="text" class="hmonitor-short" ${id}${placeholder}>`
  return `<input type="${input === 'secret' ? 'password' : 'text'}" ${id} autocomplete="off"${placeholder}>`
}

/** Its registration is written out, because the flow library's scorecard reads it by syntax. */
export function receiverScript(): string {
  const first = NOTIFIERS[0]?.channel ?? ''
  const defaults = NOTIFIER_FIELDS.filter(({ property }) => !Object.hasOwn(NOTIFIER_CREDENTIALS, property)).map(
    ({ property, input }) => {
      const validate = input === 'port' ? `, validate: numberBetween('${property}', 1, 65535)` : ''
      return `${property}: { value: ${input === 'flag' ? 'true' : "''"}${validate} }`
    },
  )
  const credentials = Object.entries(NOTIFIER_CREDENTIALS).map(([property, { type }]) => {
    return `${property}: { type: '${type}' }`
  })
  const flags = NOTIFIER_FIELDS.filter(({ input }) => input === 'flag').map(({ property }) => property)
  return `import { chooseIfEmpty, openFaultySections } from './src/node-red/editor/dialog.ts'
import { offerTest } from './src/node-red/editor/trial.ts'
import { numberBetween } from './src/node-red/editor/dialog.ts'
RED.nodes.registerType('hmonitor-receiver', {
  category: 'config',
  defaults: {
    name: { value: '' },
    channel: { value: '${first}' },
    ${defaults.join(',\n    ')},
    perHour: { value: '60', validate: numberBetween('perHour', 1, 3600) },
    configVersion: { value: ${configVersion('hmonitor-receiver')} },
  },
  credentials: { ${credentials.join(', ')} },
  paletteLabel: 'receiver',
  label() { return this.name || this._(\`channel.\${this.channel || '${first}'}\`) },
  oneditprepare() {
    const channel = $('#node-config-input-channel')
    chooseIfEmpty('#node-config-input-channel', '${first}')
    const show = () => {
      $('.hmonitor-receiver-channel').hide()
      $('.hmonitor-receiver-' + channel.val()).show()
    }
    channel.on('change', show)
    show()
    // Left out it means yes, in the runtime too.
    for (const flag of ${JSON.stringify(flags)}) {
      if (this[flag] === undefined) $('#node-config-input-' + flag).prop('checked', true)
    }
    offerTest(this, 'receiver')
    openFaultySections()
  },
})
`
}
