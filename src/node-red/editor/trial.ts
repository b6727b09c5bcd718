import type { EditorNode } from './editor.ts'

const PREFIX = /^node-(?:config-)?input-/

/**
 * Makes the dialog's test button work: it sends what the fields say now, deployed or not, and shows the answer below.
 * The route answers in the language of the editor.
 *
 * @param kind the node's short name, as in `hmonitor/try/<kind>`
 */
export function offerTest(node: EditorNode, kind: string): void {
  const button = $('#hmonitor-try')
  const answer = $('#hmonitor-answer')
  const show = (state: string, text: string) => void answer.attr('data-state', state).text(text)
  button.on('click', (event) => {
    event.preventDefault()
    button.prop('disabled', true)
    show('', node._('common.try.running'))
    $.ajax({
      url: `hmonitor/try/${kind}`,
      method: 'POST',
      contentType: 'application/json',
      headers: { 'Accept-Language': RED.i18n.lang() },
      data: JSON.stringify({ id: node.id, fields: fieldsOfDialog() }),
    })
      .done(({ state, text }: { state: string; text: string }) => show(state, text))
      .fail(({ responseJSON, status }) => {
        show('unknown', responseJSON?.text ?? node._('common.try.noAnswer', { status }))
      })
      .always(() => void button.prop('disabled', false))
  })
}

/** By property. A password that is known to the runtime alone stands there as `__PWRD__`. */
function fieldsOfDialog(): Record<string, string | boolean> {
  const inputs = $('.hmonitor-dialog').last().find('input[id], select[id]').toArray()
  return Object.fromEntries(
    inputs
      .filter(({ id }) => PREFIX.test(id))
      .map((input) => [
        input.id.replace(PREFIX, ''),
        $(input).is(':checkbox') ? $(input).is(':checked') : String($(input).val() ?? ''),
      ]),
  )
}
