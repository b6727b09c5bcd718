import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  dueAt,
  EMPTY_OUTBOX,
  enqueue,
  FIRST_RETRY,
  GATHER,
  GATHER_CALM,
  GIVE_UP_AFTER,
  LONGEST_RETRY,
  markDelivered,
  markFailed,
  type Outbox,
  overdue,
  parseOutbox,
  withoutNews,
} from '../../src/alerts/outbox.ts'
import type { Alert } from '../../src/observation/alert.ts'
import { iso, issue, START } from './world.ts'

function alert(target: string, more: Partial<Alert> = {}): Alert {
  return {
    ...{ id: target, alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target },
    ...{ monitor: 'hall', site: '', status: 'firing', change: 'firing', startsAt: iso(START), time: iso(START) },
    ...{ labels: {}, effects: [], via: 'notify', issue: issue('streamOffline', 'error', START) },
    ...more,
  }
}

const MANY = 1000
/** Sends whenever something is due until nothing waits. @returns how many went out in each message */
function drain(outbox: Outbox, until: number, incoming: { at: number; alert: Alert }[], perHour = MANY) {
  const messages: { at: number; targets: string[] }[] = []
  let state = outbox
  const queue = [...incoming]
  for (;;) {
    const due = dueAt(state, perHour) ?? Number.POSITIVE_INFINITY
    const next = queue[0]?.at ?? Number.POSITIVE_INFINITY
    const at = Math.min(due, next)
    if (at > until) return { state, messages }
    if (next <= due) {
      const [item] = queue.splice(0, 1)
      if (item) state = enqueue(state, item.alert, item.at)
    } else {
      const told = state.waiting
      messages.push({ at, targets: told.map((item) => ('alert' in item ? item.alert.target : item.incident.id)) })
      state = markDelivered(state, told, at)
    }
  }
}

describe('the outbox', () => {
  it('sends a critical alert after a second and gathers what comes meanwhile', () => {
    const { messages } = drain(EMPTY_OUTBOX, START + 60_000, [
      { at: START, alert: alert('one') },
      { at: START + 900, alert: alert('two') },
    ])
    assert.deepEqual(messages, [{ at: START + GATHER[0], targets: ['one', 'two'] }])
  })

  it('waits longer with what is not urgent', () => {
    const over = alert('one', { status: 'resolved', change: 'resolved' })
    const { messages } = drain(EMPTY_OUTBOX, START + 60_000, [{ at: START, alert: over }])
    assert.equal(messages[0]?.at, START + GATHER_CALM)
  })

  it('makes at most three messages of two hundred streams that fail within ten seconds, and loses none', () => {
    const incoming = Array.from({ length: 200 }, (_, index) => ({ at: START + index * 50, alert: alert(`s${index}`) }))
    const { messages, state } = drain(EMPTY_OUTBOX, START + 120_000, incoming)
    assert.ok(messages.length <= 3, `${messages.length}`)
    assert.equal(new Set(messages.flatMap(({ targets }) => targets)).size, 200)
    assert.equal(state.waiting.length, 0)
  })

  it('does not let what is urgent wait for what is not', () => {
    const over = (target: string) => alert(target, { status: 'resolved', change: 'resolved' })
    const { messages } = drain(EMPTY_OUTBOX, START + 120_000, [
      { at: START, alert: over('one') },
      { at: START + 6000, alert: over('two') },
      { at: START + 12_000, alert: over('three') },
      { at: START + 13_000, alert: alert('four') },
    ])
    assert.equal(messages.at(-1)?.at, START + 14_000)
  })

  it('is quick again after a pause', () => {
    const incoming = [0, 20_000, 40_000, 60_000].map((after) => ({ at: START + after, alert: alert(`s${after}`) }))
    const { messages } = drain(EMPTY_OUTBOX, START + 120_000, incoming)
    assert.deepEqual(
      messages.map(({ at }) => at - START),
      [1000, 21_000, 41_000, 61_000],
    )
  })

  it('takes what it has, or has told, only once: also after a restart', () => {
    const once = enqueue(EMPTY_OUTBOX, alert('one'), START)
    assert.equal(enqueue(once, alert('one'), START + 5), once)
    const told = markDelivered(once, once.waiting, START + 1000)
    const again = parseOutbox(JSON.parse(JSON.stringify(told)))?.outbox ?? EMPTY_OUTBOX
    assert.deepEqual(enqueue(again, alert('one'), START + 9000).waiting, [])
    assert.equal(enqueue(again, alert('one', { startsAt: iso(START + 60_000) }), START + 61_000).waiting.length, 1)
  })

  it('tries again later and later, but never later than five minutes', () => {
    let state = enqueue(EMPTY_OUTBOX, alert('one'), START)
    const waits: number[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      state = markFailed(state, 'connection refused', null, START)
      waits.push(state.notBefore - START)
    }
    assert.deepEqual(waits.slice(0, 4), [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY, 8 * FIRST_RETRY])
    assert.equal(waits.at(-1), LONGEST_RETRY)
    assert.equal(state.waiting.length, 1)
    assert.equal(state.failingSince, START)
  })

  it('waits as long as the receiver asks for, and no longer than an hour', () => {
    const state = enqueue(EMPTY_OUTBOX, alert('one'), START)
    assert.equal(dueAt(markFailed(state, '429', 30_000, START), MANY), START + 30_000)
    assert.equal(dueAt(markFailed(state, '429', 1e12, START), MANY), START + 3_600_000)
  })

  it('sends no more than so many messages in an hour, and then what was gathered', () => {
    const incoming = Array.from({ length: 10 }, (_, index) => ({
      at: START + index * 60_000,
      alert: alert(`s${index}`),
    }))
    const { messages } = drain(EMPTY_OUTBOX, START + 7_200_000, incoming, 3)
    assert.equal(messages.length, 4)
    assert.equal(messages[3]?.targets.length, 7)
    assert.ok((messages[3]?.at ?? 0) >= START + 3_600_000)
  })

  it('gives up what is a day old, and does not take it again', () => {
    const state = enqueue(EMPTY_OUTBOX, alert('one'), START)
    assert.deepEqual(overdue(state, START + GIVE_UP_AFTER - 1), [])
    const gone = overdue(state, START + GIVE_UP_AFTER)
    assert.equal(gone.length, 1)
    const left = withoutNews(state, gone, START + GIVE_UP_AFTER)
    assert.equal(enqueue(left, alert('one'), START + GIVE_UP_AFTER).waiting.length, 0)
  })

  it('is none where the file holds something else, and says what of it cannot be read', () => {
    for (const value of [null, 7, 'x', [], {}, { version: 2, waiting: [] }, { version: 1, waiting: 'x' }]) {
      assert.equal(parseOutbox(value), null)
    }
    assert.deepEqual(parseOutbox({ version: 1, waiting: [null, 7, { alert: {} }] }), { outbox: EMPTY_OUTBOX, lost: 3 })
  })
})
