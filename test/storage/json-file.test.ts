import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { parseBook } from '../../src/alerts/book.ts'
import { parseOutbox } from '../../src/alerts/outbox.ts'
import { Remembered } from '../../src/monitor/remembered.ts'
import { type DamagedFile, JsonFile } from '../../src/storage/json-file.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hmonitor-test-'))
  path = join(folder, 'kept.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What may lie where one of our files should be, and what is said of it. */
const DAMAGES: Readonly<Record<string, { make(): void; says: RegExp }>> = {
  'an empty file': { make: () => writeFileSync(path, ''), says: /^it is empty$/ },
  'white space': { make: () => writeFileSync(path, ' \n'), says: /^it is empty$/ },
  'half a file': { make: () => writeFileSync(path, '{"version":1,"waiting":[{"al'), says: /no JSON/ },
  garbage: { make: () => writeFileSync(path, Buffer.from([0, 255, 3, 7])), says: /no JSON/ },
  'zeros, as after a power cut': { make: () => writeFileSync(path, Buffer.alloc(4096)), says: /no JSON/ },
  'another version': {
    make: () => writeFileSync(path, '{"version":2,"waiting":[],"records":{},"losses":[],"hadToken":false}'),
    says: /not what this version/,
  },
  'other JSON': { make: () => writeFileSync(path, '[1,2]'), says: /not what this version/ },
  'a bare null': { make: () => writeFileSync(path, 'null'), says: /not what this version/ },
  'deep JSON': {
    make: () => writeFileSync(path, `{"version":1,"waiting":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    says: /nested deeper than 40/,
  },
  'a folder': { make: () => mkdirSync(path), says: /it is a folder/ },
  'a folder with something in it': {
    make: () => {
      mkdirSync(path)
      writeFileSync(join(path, 'x'), 'x')
    },
    says: /it is a folder/,
  },
  'a pipe that nobody writes into': { make: () => execFileSync('mkfifo', [path]), says: /a pipe or a device/ },
  'a link that leads in a circle': {
    make: () => execFileSync('ln', ['-s', path, path]),
    says: /cannot be read: ELOOP/,
  },
}

/** By file of ours: how it is read, and what is there after that. */
const READERS: Readonly<Record<string, (file: JsonFile) => unknown>> = {
  'an outbox': (file) => file.read(parseOutbox),
  'a book of alerts': (file) => file.read(parseBook),
}

describe('a file of ours that is damaged', () => {
  for (const [what, { make, says }] of Object.entries(DAMAGES)) {
    for (const [name, read] of Object.entries(READERS)) {
      it(`${what} in the place of ${name}: is put aside and told, and the place is free again`, () => {
        make()
        const told: DamagedFile[] = []
        const file = new JsonFile(path, (damaged) => told.push(damaged))
        assert.equal(read(file), null)
        assert.equal(told.length, 1)
        assert.match(told[0]?.what ?? '', says)
        assert.equal(told[0]?.kept, `${path}.damaged`)
        assert.ok(readdirSync(folder).includes('kept.json.damaged'))
        assert.equal(file.write({ version: 1 }), true)
        assert.equal(readFileSync(path, 'utf8'), '{"version":1}')
        assert.equal(file.problem, null)
      })
    }

    it(`${what} in the place of what the monitor remembers: is a loss itself, and lets nobody in without a token`, () => {
      make()
      const said: string[] = []
      const remembered = new Remembered()
      remembered.open(path, (message) => said.push(message))
      assert.equal(remembered.losses.length, 1)
      assert.match(said[0] ?? '', /kept\.json is damaged .* It is kept as kept\.json\.damaged/)
      remembered.tokenIs(false)
      assert.equal(remembered.isTokenLost, true)
    })
  }

  it('is no damage where there is no file', () => {
    const file = new JsonFile(path, () => assert.fail('nothing is damaged'))
    assert.equal(file.read(parseOutbox), null)
    assert.equal(new JsonFile(join(path, 'below', 'x.json')).read(parseOutbox), null)
  })

  it('keeps several, and not more and more', () => {
    for (let turn = 0; turn < 15; turn++) {
      writeFileSync(path, `garbage ${turn}`)
      new JsonFile(path).read(parseOutbox)
    }
    assert.equal(readdirSync(folder).length, 9)
    assert.equal(readFileSync(`${path}.damaged`, 'utf8'), 'garbage 0')
    assert.equal(readFileSync(`${path}.damaged-9`, 'utf8'), 'garbage 14')
  })

  it('cannot be put aside where the folder does not allow it, and that is told too', () => {
    const told: DamagedFile[] = []
    // A mount point cannot be renamed; nor can what has a folder of that name beside it, all nine times.
    mkdirSync(`${path}.damaged-9`)
    writeFileSync(join(`${path}.damaged-9`, 'x'), 'x')
    for (const number of ['', '-2', '-3', '-4', '-5', '-6', '-7', '-8']) writeFileSync(`${path}.damaged${number}`, 'x')
    writeFileSync(path, 'garbage')
    new JsonFile(path, (damaged) => told.push(damaged)).read(parseOutbox)
    assert.equal(told[0]?.kept, null)
    assert.ok(existsSync(path))
  })
})

describe('what a monitor remembers', () => {
  const open = () => {
    const said: string[] = []
    const remembered = new Remembered()
    remembered.open(path, (message) => said.push(message))
    return { remembered, said }
  }
  const damaged = { path: '/data/outbox/n1.json', what: 'it is empty', kept: '/data/outbox/n1.json.damaged' }

  it('is a loss until somebody has seen it, over a restart', () => {
    const first = open()
    first.remembered.lose(damaged, 'alerts that wait')
    assert.deepEqual(first.said, [
      'n1.json is damaged (it is empty). Lost: alerts that wait. It is kept as n1.json.damaged',
    ])
    const second = open()
    assert.deepEqual(second.said, first.said)
    const [loss] = second.remembered.losses
    assert.equal(second.remembered.seen('__proto__'), false)
    assert.equal(second.remembered.seen(loss?.id ?? ''), true)
    assert.equal(second.remembered.seen(loss?.id ?? ''), false)
    assert.deepEqual(open().remembered.losses, [])
  })

  it('keeps no more losses than somebody would read', () => {
    const { remembered } = open()
    for (let turn = 0; turn < 50; turn++) remembered.lose(damaged, `${turn}`)
    assert.equal(remembered.losses.length, 20)
    assert.match(remembered.losses.at(-1)?.message ?? '', /Lost: 49/)
  })

  it('is that there was a token: where it is gone after a restart it is lost, and stays so until there is one again', () => {
    open().remembered.tokenIs(true)
    const after = open().remembered
    after.tokenIs(false)
    assert.equal(after.isTokenLost, true)
    // Deployed again, with the field still empty.
    after.tokenIs(false)
    assert.equal(after.isTokenLost, true)
    const later = open().remembered
    later.tokenIs(false)
    assert.equal(later.isTokenLost, true)
    later.tokenIs(true)
    assert.equal(later.isTokenLost, false)
  })

  it('is no token any more where somebody took it away', () => {
    const { remembered } = open()
    remembered.tokenIs(true)
    remembered.tokenIs(false)
    assert.equal(remembered.isTokenLost, false)
    const after = open().remembered
    after.tokenIs(false)
    assert.equal(after.isTokenLost, false)
  })

  it('is nothing on disk while there is nothing to remember', () => {
    open().remembered.tokenIs(false)
    assert.equal(existsSync(path), false)
  })

  it('goes with the monitor', () => {
    const { remembered } = open()
    remembered.tokenIs(true)
    assert.ok(existsSync(path))
    remembered.forget()
    assert.equal(existsSync(path), false)
  })
})
