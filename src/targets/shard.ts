import { createHash } from 'node:crypto'
import { MonitorError } from '../observation/errors.ts'
import type { Environment } from '../secrets/variables.ts'

/** Which part of the targets a monitor watches: the one of this index, from 0, of so many. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** A shard, with the name that all shards of one file have in common. */
export interface ClusterShard extends Shard {
  readonly cluster: string
}

/** Monitors that may share the targets of one file. */
const MOST_SHARDS = 1000

/**
 * What SHARD says, such as `2/8`, or SHARD_INDEX and SHARD_COUNT do; null where none of them is set.
 *
 * @throws MonitorError `invalid-shard` for half of it, for both ways at once, and for an index that is not below the count
 */
export function parseShard(environment: Environment): Shard | null {
  const said = (name: string) => environment[name]?.trim() ?? ''
  const [whole, index, count] = [said('SHARD'), said('SHARD_INDEX'), said('SHARD_COUNT')]
  if (whole === '' && index === '' && count === '') return null
  if (whole !== '') {
    if (index !== '' || count !== '') {
      throw invalid('SHARD and SHARD_INDEX or SHARD_COUNT are set: keep SHARD, or the other two')
    }
    const [, first = '', second = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(whole) ?? []
    if (first === '')
      throw invalid(`SHARD is ${quoted(whole)} and must be index/count, such as 0/4 for the first of four`)
    return checked('SHARD', first, second)
  }
  if (index === '') throw invalid('SHARD_COUNT is set and SHARD_INDEX is not: which of them is this monitor?')
  if (count === '') throw invalid('SHARD_INDEX is set and SHARD_COUNT is not: how many are there?')
  for (const [name, value] of Object.entries({ SHARD_INDEX: index, SHARD_COUNT: count })) {
    if (!/^\d{1,4}$/.test(value)) throw invalid(`${name} is ${quoted(value)} and must be a whole number`)
  }
  return checked('SHARD_INDEX', index, count)
}

function checked(variable: string, first: string, second: string): Shard {
  const shard = { index: Number(first), count: Number(second) }
  const { index, count } = shard
  if (count < 1 || count > MOST_SHARDS) {
    throw invalid(`${variable}: the count of shards is ${count} and must be 1 to ${MOST_SHARDS}`)
  }
  if (index >= count) {
    throw invalid(
      `${variable}: the index is ${index}, and of ${count} shards it must be 0 to ${count - 1}; it begins at 0`,
    )
  }
  return shard
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text)
}

function invalid(message: string): MonitorError {
  return new MonitorError('invalid-shard', message)
}

/**
 * Which of so many shards a key belongs to: the one with the highest hash of key and index (rendezvous hashing). With
 * one shard more, 1 in that many keys move, all of them to the new one. The result is part of the contract between
 * versions: `test/targets/shard-vectors.json` pins it.
 */
export function ownerOf(key: string, count: number): number {
  const digest = createHash('sha256').update(key).digest()
  const [high, low] = [digest.readUInt32BE(0), digest.readUInt32BE(4)]
  let owner = 0
  let best = -1
  for (let index = 0; index < count; index++) {
    const score = mixed(mixed(high ^ Math.imul(index + 1, 0x9e3779b9)) ^ low)
    if (score > best) {
      best = score
      owner = index
    }
  }
  return owner
}

/** The finalizer of MurmurHash3: each bit of a number of 32 bits changes about half of the others. */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
