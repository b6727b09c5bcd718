import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './data-dir.ts'
import { Failure } from './prepare/failure.mjs'

/** What the application keeps for itself in `DATA_DIR/secrets.json`, which only its user may read. */
export interface Secrets {
  /** Node-RED encrypts the credentials of nodes with it. Without it they are lost. */
  credentialSecret: string
  /** bcrypt, of a password that was made here. */
  adminPasswordHash?: string
}

/** The file in which a bearer token that was made here is kept, so that Prometheus can read it from there. */
export const tokenFile = (dataDir: string) => join(dataDir, 'metrics-token')

const secretsFile = (dataDir: string) => join(dataDir, 'secrets.json')

/** Reads the secrets, and makes what is missing. */
export function openSecrets(dataDir: string): Secrets {
  const kept = readSecrets(secretsFile(dataDir))
  if (typeof kept.credentialSecret === 'string' && kept.credentialSecret !== '') return kept as Secrets
  const secrets = { ...kept, credentialSecret: randomBytes(32).toString('hex') }
  keepSecrets(dataDir, secrets)
  return secrets
}

export function keepSecrets(dataDir: string, secrets: Secrets): void {
  writeWhole(secretsFile(dataDir), `${JSON.stringify(secrets, null, 2)}\n`, 0o600)
}

function readSecrets(file: string): Partial<Secrets> {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return {}
    throw new Failure(`The monitor's own secrets cannot be read: ${file} (${code}).`, [
      'Run it as the user that started it first.',
    ])
  }
  try {
    return JSON.parse(content) as Partial<Secrets>
  } catch {
    throw new Failure(`The monitor's own secrets are damaged: ${file}.`, [
      'Restore the file from a backup. Without one remove it: login and the credentials of nodes are then created again.',
    ])
  }
}

/** Without 0 and o, 1 and l, so that it can be read out. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A password of 80 bits that can be typed: `k7fm-93qx-ruhd-2wcs`. */
export function makePassword(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}

/** A bearer token of 256 bits. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}
