import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SLICE, type Slice } from './records.ts'
import { type PackedValues, packValues, unpackValues } from './rows.ts'

/** Milliseconds: slices of one target that are packed together. Sixty of them take a fifth of what they do one by one. */
export const CHUNK = 600_000

/** Bytes that a chunk of ours never has unpacked; what is larger is damage. */
const LARGEST = 1_000_000

/** What of a slice differs between those of one target. */
export type SliceValues = Pick<Slice, 'from' | 'values'>

/** By measure: the numbers of the slices in the chunk that have it, then their values, each sort by itself. */
type Columns = Record<string, number[][]>

/** @param begin of the chunk, a multiple of `CHUNK` */
export function packChunk(begin: number, slices: readonly SliceValues[]): Uint8Array {
  const columns: Columns = {}
  for (const { from, values } of slices) {
    for (const [name, numbers] of Object.entries(packValues(values))) {
      columns[name] ??= [[], [], [], [], [], []]
      const row = [(from - begin) / SLICE, ...numbers]
      for (const [index, column] of columns[name].entries()) column.push(row[index] ?? 0)
    }
  }
  return deflateRawSync(JSON.stringify(columns))
}

/** The slices of a chunk, the oldest first. @throws Error where it is none of ours */
export function unpackChunk(begin: number, packed: Uint8Array): SliceValues[] {
  const columns = JSON.parse(inflateRawSync(packed, { maxOutputLength: LARGEST }).toString()) as Columns
  const slices = new Map<number, Record<string, PackedValues[string]>>()
  for (const [name, [numbers = [], mean = [], min = [], max = [], count = [], measured = []]] of Object.entries(
    columns,
  )) {
    for (const [index, number] of numbers.entries()) {
      const values = slices.get(number) ?? {}
      slices.set(number, values)
      values[name] = [mean[index] ?? 0, min[index] ?? 0, max[index] ?? 0, count[index] ?? 0, measured[index] ?? 0]
    }
  }
  return [...slices]
    .sort(([a], [b]) => a - b)
    .map(([number, values]) => ({ from: begin + number * SLICE, values: unpackValues(values) }))
}
