import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'
import { numberBetween } from '../../node-red/editor/validators.ts'

interface ReceiverNode extends EditorNode {
  channel: string
}

const FIELDS = [
  'channel',
  'host',
  'port',
  'security',
  'from',
  'to',
  'user',
  'password',
  'slackUrl',
  'webhookUrl',
  'secret',
]

const input = (field: string) => $(`#node-config-input-${field}`)

RED.nodes.registerType<ReceiverNode>('hmonitor-receiver', {
  category: 'config',
  defaults: {
    name: { value: '' },
    channel: { value: 'email' },
    host: { value: '' },
    port: { value: '', validate: numberBetween('port', 1, 65535) },
    security: { value: '' },
    verifyTls: { value: true },
    from: { value: '' },
    to: { value: '' },
    perHour: { value: '60', validate: numberBetween('perHour', 1, 3600) },
  },
  credentials: {
    user: { type: 'text' },
    password: { type: 'password' },
    slackUrl: { type: 'password' },
    webhookUrl: { type: 'password' },
    secret: { type: 'password' },
  },
  paletteLabel: 'receiver',
  label() {
    return this.name || this._(`channel.${this.channel || 'email'}`)
  },
  oneditprepare() {
    chooseIfEmpty('#node-config-input-channel', 'email')
    const show = () => {
      const chosen = String(input('channel').val())
      $('.hmonitor-receiver-channel').hide()
      $(`.hmonitor-receiver-${chosen}`).show()
    }
    input('channel').on('change', show)
    show()
    $('#hmonitor-receiver-test').on('click', (event) => {
      event.preventDefault()
      const answer = $('#hmonitor-receiver-answer').text(this._('test.sending'))
      const fields = Object.fromEntries(FIELDS.map((field) => [field, String(input(field).val() ?? '')]))
      const verifyTls = input('verifyTls').is(':checked')
      $.ajax({
        url: 'rtmp-hmonitor/receivers/test',
        method: 'POST',
        contentType: 'application/json',
        data: JSON.stringify({ ...fields, verifyTls, id: this.id }),
      })
        .done(({ message }: { message: string }) => void answer.text(message))
        .fail(({ responseJSON, status }) => {
          answer.text(responseJSON?.message ?? this._('test.noAnswer', { status }))
        })
    })
  },
})
