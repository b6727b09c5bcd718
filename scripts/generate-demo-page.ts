// Puts the page of app/demo/page.vue into app/demo/flow.json. Run it after a change there; a test holds the flow to it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { id, withIncludes } from './generate-dashboard-flow.ts'

const folder = fileURLToPath(new URL('../app/demo', import.meta.url))
export const DEMO_FLOW = join(folder, 'flow.json')

/** The demo's flow with the page as it is now, and the dashboard that it is on. */
export function demoFlow(): string {
  const page = withIncludes(readFileSync(join(folder, 'page.vue'), 'utf8'))
  const nodes = JSON.parse(readFileSync(DEMO_FLOW, 'utf8')) as { type: string; [property: string]: unknown }[]
  const shown = nodes.map((node) => {
    if (node.type === 'ui-template') return { ...node, format: page }
    if (node.type === 'ui-page') return { ...node, ui: id('base'), theme: id('theme') }
    return node.type === 'ui-control' ? { ...node, ui: id('base') } : node
  })
  return `${JSON.stringify(shown, null, 4)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DEMO_FLOW, demoFlow())
