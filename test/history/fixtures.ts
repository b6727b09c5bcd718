import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Batch } from '../../src/history/crossing.ts'
import { OwnStore } from '../../src/history/own-store.ts'
import { SLICE, type StateInterval } from '../../src/history/records.ts'
import type { DamagedFile } from '../../src/storage/json-file.ts'

/** A whole ten minutes. */
export const START = Date.parse('2026-03-01T10:00:00.000Z')
export const MAIN = { kind: 'stream', target: 'main' } as const
export const BOUNDS = { days: 31, megabytes: 2000 }

/** A folder that is gone when the test is over. */
export function folder(t: { after(end: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'hmonitor-history-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export interface OpenStore {
  store: OwnStore
  path: string
  damaged: DamagedFile[]
}

export function openStore(t: { after(end: () => void): void }, path = join(folder(t), 'history.db')): OpenStore {
  const damaged: DamagedFile[] = []
  const store = new OwnStore(path, BOUNDS, (file) => damaged.push(file))
  t.after(() => store.close())
  return { store, path, damaged }
}

export function batch(changes: Partial<Batch> = {}): Batch {
  return { monitor: 'm1', slices: [], states: [], entries: [], ...changes }
}

/** A slice of one measure, measured all the time. @param seconds after the start */
export function sliceRow(seconds: number, value: number, target = 'main', measured = 10): Batch['slices'][number] {
  const values = JSON.stringify({ drift: [value, value - 1, value + 1, measured, measured] })
  return { kind: 'stream', target, from: START + seconds * 1000, values }
}

export function interval(
  from: number,
  to: number,
  state: StateInterval['state'] = 'ok',
  expected = true,
): StateInterval {
  return { ...MAIN, from: START + from * 1000, to: START + to * 1000, state, expected }
}

/** All means of a target, with their seconds after the start. */
export function meansOf(store: OwnStore, { target = 'main', step = SLICE, from = START - 1e9, to = START + 1e9 } = {}) {
  const question = { ask: 'slices', monitor: 'm1', kind: 'stream', target, from, to, step, measures: null } as const
  const slices = store.answer(question)
  return Array.isArray(slices)
    ? slices.map((slice) => ('values' in slice ? [(slice.from - START) / 1000, slice.values.drift?.mean] : []))
    : []
}

export function statesOf(store: OwnStore, from = START - 1e9, to = START + 1e9) {
  const states = store.answer({ ask: 'states', monitor: 'm1', kind: 'stream', target: 'main', from, to })
  return Array.isArray(states)
    ? states.map((each) => ('to' in each ? [(each.from - START) / 1000, (each.to - START) / 1000, each.state] : []))
    : []
}
