import { isDeepStrictEqual } from 'node:util'
import { Script } from 'node:vm'
import type { FlowNode } from '../runtime.ts'

/** What a flow is held against, besides itself. */
export interface RuleContext {
  /** Node types that the runtime has. */
  types: ReadonlySet<string>
  /** Environment variables that a user can read about. */
  documented: ReadonlySet<string>
}

/** Says what is wrong, one sentence each, with the node's id. */
export type FlowRule = (nodes: FlowNode[], context: RuleContext) => string[]

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Every string of a node with the path to it. */
function stringsOf(value: unknown, path = ''): { path: string; value: string }[] {
  if (typeof value === 'string') return [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => stringsOf(inner, path === '' ? key : `${path}.${key}`))
}

const isPlaced = (node: FlowNode) => typeof node.x === 'number' && node.type !== 'group'

const idsAreProper: FlowRule = (nodes) => [
  ...nodes.filter(({ id }) => !/^[0-9a-f]{16}$/.test(id)).map(({ id }) => `${id}: an id is 16 hexadecimal digits`),
  ...nodes.filter(({ id }, at) => nodes.findIndex((other) => other.id === id) !== at).map(({ id }) => `${id}: twice`),
]

/** Wires, tabs, groups, links and monitors lead to something that is there and in scope. */
const referencesResolve: FlowRule = (nodes) => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return nodes.flatMap((node) => {
    const home = byId.get(text(node.z))
    const group = byId.get(text(node.g))
    const links = list(node.links).map((id) => ({ id, other: byId.get(text(id)) }))
    const members = list(node.nodes).map((id) => ({ id, other: byId.get(text(id)) }))
    const wires = list(node.wires).flatMap((port) => list(port).map((id) => ({ id, other: byId.get(text(id)) })))
    const problems = [
      node.z !== undefined && home?.type !== 'tab' && home?.type !== 'subflow' && `no tab ${node.z}`,
      node.z === undefined && isPlaced(node) && 'is on no tab',
      node.g !== undefined && (group?.type !== 'group' || group.z !== node.z) && `no group ${node.g} on its tab`,
      group !== undefined && !list(group.nodes).includes(node.id) && `its group does not list it`,
      ...wires.map(({ id, other }) => other?.z !== node.z && `a wire leads to ${id}, which is not on its tab`),
      ...links.map(({ id, other }) => !other?.type.startsWith('link ') && `no link node ${id}`),
      ...(node.type === 'group' ? members.map(({ id, other }) => other?.g !== node.id && `no member ${id}`) : []),
      text(node.monitor) !== '' && byId.get(text(node.monitor))?.type !== 'hmonitor-monitor' && 'no such monitor',
    ]
    return problems.filter((problem) => typeof problem === 'string').map((problem) => `${node.id}: ${problem}`)
  })
}

const typesAreKnown: FlowRule = (nodes, { types }) =>
  nodes.filter(({ type }) => !types.has(type)).map(({ id, type }) => `${id}: type ${type} is neither core nor ours`)

/** `example` names (RFC 2606) and loopback are nobody's; anything else is somebody's host. */
const isNobodysHost = (host: string) =>
  /(^|\.)(example|example\.(com|net|org)|localhost|test|invalid)$/.test(host) || /^(127\.|\[?::1|\$\{)/.test(host)

const holdsNothingPrivate: FlowRule = (nodes) =>
  nodes.flatMap((node) => {
    const secret = Object.entries(node).some(
      ([key, value]) => key === 'credentials' || (/password|token|secret|key$/i.test(key) && text(value) !== ''),
    )
    // Prose may point to a page; what a node acts on may not.
    const acted = stringsOf(node).filter(({ path }) => path !== 'info' && node.type !== 'comment')
    const hosts = acted.flatMap(({ value }) =>
      [...value.matchAll(/\b[a-z][a-z0-9+.-]*:\/\/(?:[^/\s@"']*@)?([^/\s:"'?#]+)/gi)].map((match) => match[1] ?? ''),
    )
    return [
      ...(secret ? [`${node.id}: holds a credential`] : []),
      ...hosts.filter((host) => !isNobodysHost(host)).map((host) => `${node.id}: names the host ${host}`),
    ]
  })

const runsAsShown: FlowRule = (nodes) => [
  ...nodes.filter(({ d, disabled }) => d === true || disabled === true).map(({ id }) => `${id}: is switched off`),
  ...nodes
    .filter((node) => node.type === 'debug' && node.console === true)
    .map(({ id }) => `${id}: logs to the console`),
]

const tabsAreExplained: FlowRule = (nodes) =>
  nodes
    .filter(({ type }) => type === 'tab')
    .flatMap(({ id, label, info }) => [
      ...(text(label) === '' ? [`${id}: a tab without a name`] : []),
      ...(text(info) === '' ? [`${id}: a tab without a description`] : []),
      ...(nodes.some((node) => node.type === 'catch' && node.z === id && !Array.isArray(node.scope))
        ? []
        : [`${id}: a tab without a Catch node for all of it`]),
    ])

const variablesAreDocumented: FlowRule = (nodes, { documented }) =>
  nodes.flatMap((node) => {
    const tab = nodes.find(({ id }) => id === node.z)
    const own = list(tab?.env).map((entry) => text((entry as { name?: unknown }).name))
    const used = stringsOf(node).flatMap(({ value }) => [...value.matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/g)])
    return used
      .map((match) => match[1] ?? '')
      .filter((name) => !documented.has(name) && !own.includes(name))
      .map((name) => `${node.id}: \${${name}} is not in .env.example`)
  })

const functionsCompile: FlowRule = (nodes) =>
  nodes
    .filter(({ type }) => type === 'function')
    .flatMap((node) =>
      ['func', 'initialize', 'finalize'].flatMap((part) => {
        try {
          new Script(`(async function (msg, send, done) {\n${text(node[part])}\n})`)
          return []
        } catch (error) {
          return [`${node.id}: ${part}: ${String(error)}`]
        }
      }),
    )

const NAMED = ['function', 'catch', 'status', 'link in', 'link out', 'link call', 'group', 'inject']

const isTidy: FlowRule = (nodes) => {
  const placed = nodes.filter(isPlaced)
  return [
    ...nodes
      .filter(({ type, name }) => NAMED.includes(type) && text(name) === '')
      .map(({ id, type }) => `${id}: a ${type} node without a name`),
    ...placed.filter(({ y }) => Number(y) % 20 !== 0).map(({ id, y }) => `${id}: y ${y} is off the grid of 20`),
    ...placed
      .filter(
        (node, at) => placed.findIndex(({ x, y, z }) => isDeepStrictEqual([x, y, z], [node.x, node.y, node.z])) < at,
      )
      .map(({ id }) => `${id}: lies on another node`),
  ]
}

const requestsAreAnswered: FlowRule = (nodes) => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const reaches = (from: FlowNode, seen = new Set<string>()): boolean => {
    if (from.type === 'http response') return true
    if (seen.has(from.id)) return false
    seen.add(from.id)
    const next = from.type === 'link out' ? list(from.links) : list(from.wires).flatMap(list)
    return next.some((id) => {
      const node = byId.get(text(id))
      return node !== undefined && reaches(node, seen)
    })
  }
  return nodes
    .filter((node) => node.type === 'http in' && !reaches(node))
    .map(({ id, url }) => `${id}: nothing answers ${url}`)
}

/** What every flow file must keep, by what it ensures. */
export const FLOW_RULES: Record<string, FlowRule> = {
  'has proper ids, each once': idsAreProper,
  'leads nowhere that is not there': referencesResolve,
  'uses only node types that the runtime has': typesAreKnown,
  'holds no credential and names no host of anybody': holdsNothingPrivate,
  'has nothing switched off and no debug node that logs': runsAsShown,
  'explains every tab and catches its errors': tabsAreExplained,
  'uses only documented environment variables': variablesAreDocumented,
  'has functions that compile': functionsCompile,
  'is named and aligned': isTidy,
  'answers every request': requestsAreAnswered,
}
