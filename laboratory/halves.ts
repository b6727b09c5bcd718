/** Which cases weights are fitted on, and which ones judge what came of it. */
import { createHash } from 'node:crypto'

export type Half = 'fitting' | 'judging'

/** By the name alone: all that was seen of a case is in one half. SHA-256, for the places of a case follow `hashOf` already. */
export function halfOf({ name }: { name: string }): Half {
  return digestOf(name) % 2 === 0 ? 'fitting' : 'judging'
}

export function casesOf<T extends { name: string }>(cases: readonly T[], half: Half): T[] {
  return cases.filter((one) => halfOf(one) === half)
}

/** One of so many parts of the fitting half, on which the others are tried. */
export function partOf({ name }: { name: string }, parts: number): number {
  return Math.floor(digestOf(name) / 2) % parts
}

function digestOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt8(0)
}
