import { MonitorError } from '../observation/errors.ts'
import { type Environment, sourceOf, variable } from '../secrets/variables.ts'
import { parseShard } from '../targets/shard.ts'

/** Addresses that PEERS may list, and that its names may lead to. */
export const MOST_PEERS = 200

/** By which the monitors of a cluster know each other: `PEER_TOKEN`, or its file. */
export const PEER_TOKEN = 'PEER_TOKEN'

/**
 * Where the monitors of a cluster are, as PEERS lists them, with commas or spaces between them: `http://m0:1880`. A name
 * that leads to many addresses stands for all of them. This monitor may be among them. Empty where PEERS is not set.
 *
 * @throws MonitorError `invalid-peers` for what is no such address, and where SHARD or PEER_TOKEN is missing; `invalid-shard`
 */
export function parsePeers(environment: Environment): readonly string[] {
  const said = variable(environment, 'PEERS')
  if (said === '') return []
  const origins = [...new Set(said.split(/[\s,]+/).filter((each) => each !== ''))].map(originOf)
  if (origins.length > MOST_PEERS) throw invalid(`PEERS lists ${origins.length} addresses and may list ${MOST_PEERS}`)
  if (parseShard(environment) === null) {
    throw invalid('PEERS is set and SHARD is not: which part of the targets does this monitor watch?')
  }
  if (sourceOf(environment, PEER_TOKEN) === null) {
    throw invalid('PEERS is set and PEER_TOKEN is not: all monitors of a cluster need the same one')
  }
  return origins
}

/** Not shown where it is wrong: somebody may have put a password into it. */
function originOf(text: string, index: number): string {
  const url = URL.parse(text)
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.hostname !== ''
  if (!isAddress || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid(`PEERS: entry ${index + 1} is no address such as http://m0:1880, without a login`)
  }
  if (url.pathname !== '/') throw invalid(`PEERS: entry ${index + 1} has a path, and must end after host and port`)
  return url.origin
}

function invalid(message: string): MonitorError {
  return new MonitorError('invalid-peers', message)
}
