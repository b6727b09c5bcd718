import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { offerTest } from '../../node-red/editor/trial.ts'
import { numberBetween } from '../../node-red/editor/validators.ts'

interface ReceiverNode extends EditorNode {
  channel: string
}

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
    // Left out it means yes, in the runtime too.
    if ((this as { verifyTls?: unknown }).verifyTls === undefined) input('verifyTls').prop('checked', true)
    offerTest(this, 'receiver')
    openFaultySections()
  },
})
