import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'

const style = readFileSync(join(root, 'src/node-red/editor/dialog.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

describe('the style of our dialogs', () => {
  it('reaches nothing of the editor that is not ours', () => {
    const selectors = [...style.matchAll(/([^{}]+)\{/g)].flatMap((match) => (match[1] ?? '').split(','))
    for (const selector of selectors) assert.match(selector.trim(), /^\.hmonitor-dialog /)
  })

  it('takes its colours from the theme of the editor', () => {
    assert.doesNotMatch(style, /#[0-9a-f]{3,8}\b|\brgb|\bhsl/i)
  })
})
