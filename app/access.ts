import { readFileSync } from 'node:fs'
import bcrypt from 'bcryptjs'
import { writeWhole } from './data-dir.ts'
import { type Environment, isLoopback } from './environment.ts'
import { keepSecrets, makePassword, makeToken, type Secrets, tokenFile } from './secrets.ts'

/** bcrypt's cost: about a tenth of a second for a guess. */
const COST = 10

export interface Login {
  hash: string
  /** Where the password comes from, for the reader of the banner. */
  from: 'ADMIN_PASSWORD' | 'ADMIN_PASSWORD_HASH' | 'kept' | 'made'
  /** The password, where it was made now and must be shown. */
  password: string | null
  /** To be called once it was shown: from then on it counts. What was not shown is made again at the next start. */
  keep(): void
}

/** The login `admin` of the editor: from the environment, else kept, else made. */
export async function findLogin(environment: Environment, secrets: Secrets, reset: boolean): Promise<Login> {
  const { adminPassword, adminPasswordHash, dataDir } = environment
  const keep = () => {}
  if (adminPasswordHash !== null) return { hash: adminPasswordHash, from: 'ADMIN_PASSWORD_HASH', password: null, keep }
  if (adminPassword !== null) {
    return { hash: await bcrypt.hash(adminPassword, COST), from: 'ADMIN_PASSWORD', password: null, keep }
  }
  if (secrets.adminPasswordHash && !reset)
    return { hash: secrets.adminPasswordHash, from: 'kept', password: null, keep }
  const password = makePassword()
  const hash = await bcrypt.hash(password, COST)
  return { hash, from: 'made', password, keep: () => keepSecrets(dataDir, { ...secrets, adminPasswordHash: hash }) }
}

/** Of the password of those who may only look at the dashboard; null where there is none. */
export async function hashOfViewers({ viewerPassword }: Pick<Environment, 'viewerPassword'>): Promise<string | null> {
  return viewerPassword === null ? null : bcrypt.hash(viewerPassword, COST)
}

export interface Token {
  /** Null where none is asked for. */
  value: string | null
  from: 'METRICS_TOKEN' | 'kept' | 'made' | 'none'
}

/** The bearer token for `/metrics` and `/api`: from the environment, else kept or made where others can connect. */
export function findToken(environment: Environment): Token {
  const { metricsToken, host, dataDir } = environment
  if (metricsToken !== null) return { value: metricsToken, from: 'METRICS_TOKEN' }
  if (isLoopback(host)) return { value: null, from: 'none' }
  const kept = readToken(dataDir)
  if (kept) return { value: kept, from: 'kept' }
  const value = makeToken()
  writeWhole(tokenFile(dataDir), `${value}\n`, 0o600)
  return { value, from: 'made' }
}

function readToken(dataDir: string): string {
  try {
    return readFileSync(tokenFile(dataDir), 'utf8').trim()
  } catch {
    return ''
  }
}
