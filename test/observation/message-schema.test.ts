import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { type Definition, MESSAGES_PAGE, messagesPage, SECTIONS } from '../../scripts/generate-messages-doc.ts'
import { NEW_RECORD, parseBook } from '../../src/alerts/book.ts'
import { parseOutbox } from '../../src/alerts/outbox.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { TIMELINE_EVENTS } from '../../src/observation/incident.ts'
import { type MessageName, messages } from '../../src/observation/messages.generated.js'
import { parseIncident, parseIncidentEvent, parseMessage } from '../../src/observation/messages.ts'
import { SEVERITIES, STATES } from '../../src/observation/observation.ts'

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
const schema: { $id: string; $defs: Record<string, Definition> } = read('src/observation/messages.schema.json')
const { $defs } = schema

/** As another program would read the schema, without anything of ours. */
const ajv = new Ajv({ strict: true, allowUnionTypes: true, schemas: [schema] })
addFormats.default(ajv)

const names = Object.keys(messages) as MessageName[]
const examples = names.flatMap((name) => ($defs[name]?.examples ?? []).map((example) => ({ name, example })))

describe('the published schema of the messages', () => {
  for (const { name, example } of examples) {
    it(`takes its own example of ${name}, and so do the nodes`, () => {
      const validate = ajv.getSchema(`${schema.$id}#/$defs/${name}`)
      assert.ok(validate?.(example), JSON.stringify(validate?.errors))
      assert.deepEqual(parseMessage(name, example), example)
    })
  }

  it('has an example of everything that comes by itself', () => {
    const parts = ['webhookAlert', 'alertRecord', 'recordedAlert', 'knownSilence', 'incidentRecord', 'recordedIncident']
    const without = names.filter((name) => !parts.includes(name) && !examples.some((example) => example.name === name))
    assert.deepEqual(without, [])
  })

  it('describes every field', () => {
    const undescribed = names.flatMap((name) =>
      Object.entries($defs[name]?.properties ?? {})
        .filter(([, property]) => property.const === undefined || name === 'alertBook')
        .filter(([, { description, $ref }]) => !description && !$defs[$ref?.split('/').at(-1) ?? '']?.description)
        .map(([field]) => `${name}.${field}`),
    )
    assert.deepEqual(undescribed, [])
  })

  it('bounds every text, list and table', () => {
    const unbounded: string[] = []
    const look = (part: unknown, path: string) => {
      if (typeof part !== 'object' || part === null) return
      const { type, enum: values, additionalProperties: rest } = part as Definition
      const bound = { string: 'maxLength', array: 'maxItems', object: typeof rest === 'object' ? 'maxProperties' : '' }
      for (const name of [type].flat()) {
        const key = bound[name as keyof typeof bound]
        if (key && !(key in part) && values === undefined) unbounded.push(`${path} lacks ${key}`)
      }
      for (const [key, inner] of Object.entries(part)) if (key !== 'examples') look(inner, `${path}/${key}`)
    }
    look($defs, '')
    assert.deepEqual(unbounded, [])
  })

  it('knows what the code knows', () => {
    const valuesOf = (name: string, field: string) => $defs[name]?.properties?.[field]?.enum
    assert.deepEqual($defs.kind?.enum, Object.keys(KINDS))
    assert.deepEqual($defs.kindOfNode?.enum, Object.keys(KINDS))
    assert.deepEqual(valuesOf('observation', 'state'), [...STATES])
    assert.deepEqual(valuesOf('issue', 'severity'), [...SEVERITIES])
    assert.deepEqual(valuesOf('timelineEntry', 'event'), [...TIMELINE_EVENTS])
    assert.deepEqual(valuesOf('incidentEvent', 'event'), [...TIMELINE_EVENTS])
  })

  it('refuses a key that is not known in commands, and nowhere else', () => {
    for (const { name, example } of examples) {
      const isCommand = Object.hasOwn(example as object, 'action')
      assert.equal(messages[name]({ ...(example as object), unheardOf: 1 }), !isCommand, name)
    }
  })
})

describe('an incident and an entry of its time line', () => {
  const [incident, entry] = [$defs.incident?.examples?.[0], $defs.incidentEvent?.examples?.[0]]

  it('are told apart, and from everything else', () => {
    assert.deepEqual(parseIncident(incident), { labels: {}, ...(incident as object) })
    assert.deepEqual(parseIncidentEvent(entry), entry)
    assert.equal(parseIncident(entry), null)
    assert.equal(parseIncidentEvent(incident), null)
    for (const { name, example } of examples.filter(({ name }) => !name.startsWith('incident'))) {
      assert.equal(parseIncident(example), null, name)
      assert.equal(parseIncidentEvent(example), null, name)
    }
  })
})

describe('docs/messages.md', () => {
  it('is what the schema makes: npm run generate', () => {
    assert.equal(readFileSync(MESSAGES_PAGE, 'utf8'), messagesPage())
  })

  it('has everything that the schema defines', () => {
    assert.deepEqual(SECTIONS.flatMap((section) => section.names).sort(), [...names].sort())
  })
})

describe('what an earlier version has written', () => {
  const book = read('test/fixtures/data/2026-11-22-alerts.json')
  const outbox = read('test/fixtures/data/2026-11-22-outbox.json')

  it('is still what the schema says', () => {
    for (const [name, file] of Object.entries({ alertBook: book, outbox })) {
      const validate = ajv.getSchema(`${schema.$id}#/$defs/${name}`)
      assert.ok(validate?.(file), JSON.stringify(validate?.errors))
    }
  })

  it('of alerts is read whole, and waits to be seen again', () => {
    const records = Object.fromEntries(
      Object.entries<{ told: object | null }>(book.records).map(([id, { told: notified, ...record }]) => [
        id,
        { ...NEW_RECORD, ...record, notified, takenUp: true, absentSince: null },
      ]),
    )
    assert.deepEqual(parseBook(book), { book: { ...book, records }, lost: 0 })
  })

  it('of alerts says under its former name who has told people, also of an alert that is superseded', () => {
    const { records } = parseBook(book)?.book ?? assert.fail()
    const [one] = Object.values(records).filter(({ notified }) => notified !== null)
    assert.ok(one)
    const { notified, ...record } = one
    const former = { ...book, records: { [one.id]: { ...record, told: null, toldBefore: notified } } }
    assert.deepEqual(parseBook(former)?.book.records[one.id]?.notifiedBefore, notified)
  })

  it('of an outbox is read whole, and is tried at once', () => {
    assert.ok(outbox.waiting.length > 0 && outbox.notBefore > 0)
    assert.deepEqual(parseOutbox(outbox), { outbox: { ...outbox, notBefore: 0 }, lost: 0 })
  })

  it('is kept as far as it can be read, and what cannot is counted', () => {
    const [id = ''] = Object.keys(book.records)
    const damaged = { ...book, records: { ...book.records, [id]: { ...book.records[id], startsAt: 'noon' } } }
    const parsed = parseBook({ ...damaged, recent: [7, ...book.recent], silences: 'none', heard: { prometheus: 'x' } })
    assert.equal(parsed?.lost, 1)
    assert.deepEqual(Object.keys(parsed?.book.records ?? {}), Object.keys(book.records).slice(1))
    assert.deepEqual(parsed?.book.recent, book.recent)
    assert.deepEqual(parsed?.book.heard, { prometheus: null, alertmanager: null })
    const rest = parseOutbox({ ...outbox, sent: 'x', waiting: [{}, ...outbox.waiting] })
    assert.deepEqual([rest?.lost, rest?.outbox.waiting], [1, outbox.waiting])
  })
})
