import { chooseIfEmpty } from './choice.ts'

/**
 * Makes a field the editor's own input for JSON, which has a larger editor behind a button. Empty becomes `{}`.
 *
 * @param label of the field, which the editor hides behind another one
 */
export function showJson(name: string, label: string): void {
  const selector = `#node-input-${name}`
  chooseIfEmpty(selector, '{}')
  const field = $(selector).attr('aria-label', label) as JQuery & {
    typedInput(options: { types: string[]; default: string }): void
  }
  field.typedInput({ types: ['json'], default: 'json' })
}
