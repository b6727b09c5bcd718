import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { type FlowNode, root } from '../../runtime.ts'

export const TYPES = readdirSync(join(root, 'src/nodes')).map((name) => `hmonitor-${name}`)

/** Config nodes: they are on no tab, and not in the palette. */
export const CONFIG_TYPES = ['hmonitor-monitor', 'hmonitor-receiver', 'hmonitor-vimeo-account']

const TAB = { id: 'a000000000000001', type: 'tab', label: 'Mine', disabled: false, info: '', env: [] }

export const idOf = (type: string) => `b${TYPES.indexOf(type).toString(16).padStart(15, '0')}`

/** A flow with one node of every type, as it comes from the palette. */
export const ONE_OF_EACH: FlowNode[] = [
  TAB,
  ...TYPES.map((type, at) => {
    const node = { id: idOf(type), type, name: '', metric: 'venue_value', receiver: idOf('hmonitor-receiver') }
    return CONFIG_TYPES.includes(type) ? node : { ...node, z: TAB.id, x: 200, y: 100 + at * 60, wires: [[], [], []] }
  }),
]

export const openSections = (dialog: Locator) =>
  dialog.locator('details').evaluateAll((sections) => {
    for (const section of sections as HTMLDetailsElement[]) section.open = true
  })
