/** The order of the rooms, as `docs/architecture.md` has it: imports point downwards only, and no files form a circle. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'

/** Rows `| floor | room | … |` of the layout. Rooms on one floor do not know each other. */
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
const layout = page.matchAll(/^\| (\d+) \| `(\S+)\/` \|/gm)
const floors = new Map([...layout].map(([, floor, room = '']) => [room, Number(floor)]))

const code = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d)\.(ts|mjs|cjs)$/.test(name) && !/node_modules|\.generated\./.test(name))
    .map((name) => join(folder, name))
const files = ['src', 'app'].flatMap(code)

const roomOf = (path: string) => path.split('/', path.startsWith('src/') ? 2 : 1).join('/')
const SPECIFIER = /(?:\bfrom|\bimport|\brequire|\bresolve)\s*\(?\s*['"]([^'"\n]+)['"]/g
const imports = new Map(
  files.map((path) => {
    const text = readFileSync(join(root, path), 'utf8').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '')
    return [path, [...text.matchAll(SPECIFIER)].map(([, specifier = '']) => specifier)]
  }),
)
const own = (path: string) =>
  (imports.get(path) ?? [])
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(root, join(root, dirname(path), specifier)))

/** The files on a way from this one back to itself. */
function circle(path: string): string[] {
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of own(from)) if (!seen.has(to)) reached(to, seen.add(to))
    return seen
  }
  const below = reached(path)
  return below.has(path) ? [...below].filter((other) => reached(other).has(path)).sort() : []
}

describe('the rooms', () => {
  it('all stand in the layout, and no other', () => {
    assert.deepEqual([...floors.keys()].sort(), [...new Set(files.map(roomOf))].sort())
    for (const room of floors.keys()) assert.ok(existsSync(join(root, room)), room)
  })

  it('stand in the layout from the highest to the lowest', () => {
    const order = [...floors.values()]
    assert.deepEqual(
      order,
      order.toSorted((a, b) => b - a),
    )
  })

  it('hold every file that the page names', () => {
    const names = [...page.matchAll(/`([\w./-]+\.(?:ts|mjs|cjs|json|yml))`/g)].map(([, name = '']) => name)
    const there = ['src', 'app', 'scripts', 'deploy', 'docs'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `/${join(folder, name)}`),
    )
    const known = (name: string) => there.some((path) => path.endsWith(`/${name}`)) || existsSync(join(root, name))
    const USERS = ['dashboard.json', 'targets.json']
    assert.deepEqual(
      names.filter((name) => !USERS.includes(name) && !known(name)),
      [],
    )
  })

  it('import only from lower floors', () => {
    const arrows = files.flatMap((path) => own(path).map((to) => [roomOf(path), roomOf(to)] as const))
    const upwards = arrows.filter(([from, to]) => from !== to && !((floors.get(to) ?? 99) < (floors.get(from) ?? 0)))
    assert.deepEqual([...new Set(upwards.map((arrow) => arrow.join(' → ')))].sort(), [])
  })

  it('hold no files that import each other in a circle', () => {
    assert.deepEqual([...new Set(files.map((path) => circle(path).join(' ')))], [''])
  })

  it('let nothing of programs or playlists into stream, whose sources may be anything', () => {
    const known = files.filter((path) => roomOf(path) === 'src/stream').flatMap((path) => own(path).map(roomOf))
    const rooms = ['src/connection', 'src/observation', 'src/secrets', 'src/stream']
    assert.deepEqual([...new Set(known)].sort(), rooms)
  })

  it('know Node-RED only in nodes, node-red and app', () => {
    const knowing = files.filter((path) =>
      imports.get(path)?.some((name) => /^(@node-red\/|node-red(\/|$))/.test(name)),
    )
    const rooms = [...new Set(knowing.map(roomOf))].filter(
      (room) => !['src/nodes', 'src/node-red', 'app'].includes(room),
    )
    assert.deepEqual(rooms, [])
  })
})
