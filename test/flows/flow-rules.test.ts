import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FlowNode } from '../runtime.ts'
import { FLOW_RULES } from './flow-rules.ts'

const TAB = '0000000000000001'
const FUNCTION = '0000000000000002'
const CATCH = '0000000000000003'
const types = new Set(['tab', 'function', 'catch', 'comment', 'http in', 'http response', 'debug', 'group'])
const documented = new Set(['RTMP_STREAMS'])

/** A flow that keeps every rule, with one property of the function node set. */
function flow(change: Record<string, unknown> = {}, tab: Record<string, unknown> = {}): FlowNode[] {
  return [
    { id: TAB, type: 'tab', label: 'Collect', info: 'What it does', ...tab },
    {
      id: FUNCTION,
      type: 'function',
      z: TAB,
      name: 'pass',
      func: 'return msg',
      x: 100,
      y: 100,
      wires: [[]],
      ...change,
    },
    { id: CATCH, type: 'catch', z: TAB, name: 'all', scope: null, x: 100, y: 200, wires: [[FUNCTION]] },
  ]
}

const broken: [rule: string, what: string, nodes: FlowNode[]][] = [
  ['has proper ids, each once', 'an id of words', flow({ id: 'my-function' })],
  ['has proper ids, each once', 'an id twice', [...flow(), { id: FUNCTION, type: 'comment', z: TAB, name: 'x' }]],
  ['leads nowhere that is not there', 'a wire to nothing', flow({ wires: [['00000000000000ff']] })],
  ['leads nowhere that is not there', 'a tab that is not there', flow({ z: '00000000000000ff' })],
  ['leads nowhere that is not there', 'a group that is not there', flow({ g: '00000000000000ff' })],
  ['leads nowhere that is not there', 'a monitor that is not there', flow({ monitor: '00000000000000ff' })],
  ['uses only node types that the runtime has', 'a foreign node', flow({ type: 'ui_button' })],
  ['holds no credential and names no host of anybody', 'credentials', flow({ credentials: { token: 'x' } })],
  ['holds no credential and names no host of anybody', 'a token', flow({ apiToken: 'x' })],
  ['holds no credential and names no host of anybody', 'a host', flow({ url: 'rtmp://me@live.company.tv:1935/a' })],
  ['has nothing switched off and no debug node that logs', 'a disabled node', flow({ d: true })],
  ['has nothing switched off and no debug node that logs', 'a disabled tab', flow({}, { disabled: true })],
  ['has nothing switched off and no debug node that logs', 'a console', flow({ type: 'debug', console: true })],
  ['explains every tab and catches its errors', 'no description', flow({}, { info: '' })],
  ['explains every tab and catches its errors', 'no Catch', flow().slice(0, 2)],
  ['uses only documented environment variables', 'an unknown variable', flow({ value: 'x-${MY_OWN}' })],
  ['has functions that compile', 'a syntax error', flow({ func: 'return msg)' })],
  ['is named and aligned', 'a function without a name', flow({ name: '' })],
  ['is named and aligned', 'a node off the grid', flow({ y: 113 })],
  ['is named and aligned', 'two nodes in one place', flow({ y: 200 })],
  ['answers every request', 'an open request', flow({ type: 'http in', url: '/metrics' })],
]

describe('the rules for flow files', () => {
  for (const [title, rule] of Object.entries(FLOW_RULES)) {
    it(`let a proper flow pass: ${title}`, () => assert.deepEqual(rule(flow(), { types, documented }), []))
    it(`have a case that breaks: ${title}`, () => assert.ok(broken.some(([name]) => name === title)))
  }

  for (const [name, what, nodes] of broken) {
    it(`find ${what}`, () => assert.notDeepEqual(FLOW_RULES[name]?.(nodes, { types, documented }), []))
  }

  it('take variables of the tab and addresses of nobody', () => {
    const nodes = flow({ value: '${SPEED}', url: 'rtmp://relay.example/live' }, { env: [{ name: 'SPEED' }] })
    for (const rule of Object.values(FLOW_RULES)) assert.deepEqual(rule(nodes, { types, documented }), [])
  })
})
