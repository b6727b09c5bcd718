import { createHash, randomBytes } from 'node:crypto'
import type { RtmpAddress } from './address.ts'

/** What a server says that wants to know who asks, in the description of `NetConnection.Connect.Rejected`. */
const WANTED = /\[\s*AccessManager\.Reject\s*\][\s\S]*authmod=(adobe|llnw)/i

export type Challenge =
  /** The server asks for nothing of the kind. */
  | { answer: 'none' }
  /** It asks, and nothing can be answered: there is no user, or the answer that was given is not accepted. */
  | { answer: 'vain'; message: string }
  /** What `connect` has to say behind the application. */
  | { answer: 'query'; query: string }

/**
 * Answers a challenge of Adobe's or of Limelight's kind, as libavformat does (rtmpproto.c): a server refuses first, then
 * refuses again with a challenge to the user that it was told, then takes the answer.
 *
 * @param description the server's words
 * @param cnonce 8 digits, hexadecimal, at random
 */
export function answerChallenge(
  description: string,
  { app, login }: Pick<RtmpAddress, 'app' | 'login'>,
  cnonce = randomBytes(4).toString('hex'),
): Challenge {
  const wanted = WANTED.exec(description)?.[1]?.toLowerCase()
  if (wanted === undefined) return { answer: 'none' }
  if (login === null) {
    const message =
      'the server wants a user and a password: write them into the address (rtmp://user:password@server/…)'
    return { answer: 'vain', message }
  }
  const { user, password } = login
  const said = new Map(
    [...description.matchAll(/[?&]([a-z]+)=([^&\]\s]*)/gi)].map(([, name = '', value = '']) => [name, value]),
  )
  const begin = `authmod=${wanted}&user=${user}`
  if (/code=403 need auth/i.test(description)) return { answer: 'query', query: begin }
  if (said.get('reason') !== 'needauth') {
    return { answer: 'vain', message: 'the server does not accept the user or the password' }
  }
  return {
    answer: 'query',
    query: begin + (wanted === 'adobe' ? adobe : limelight)(said, { user, password, app, cnonce }),
  }
}

interface Secret {
  user: string
  password: string
  app: string
  cnonce: string
}

function adobe(said: ReadonlyMap<string, string>, { user, password, cnonce }: Secret): string {
  const challenge = said.get('challenge') ?? ''
  const opaque = said.get('opaque')
  const first = md5(user + (said.get('salt') ?? '') + password, 'base64')
  const response = md5(first + (opaque ?? challenge) + cnonce, 'base64')
  return `&challenge=${cnonce}&response=${response}${opaque === undefined ? '' : `&opaque=${opaque}`}`
}

function limelight(said: ReadonlyMap<string, string>, { user, password, app, cnonce }: Secret): string {
  const nonce = said.get('nonce') ?? ''
  const count = '00000001'
  const who = md5(`${user}:live:${password}`, 'hex')
  const what = md5(`publish:/${app}${app.includes('/') ? '' : '/_definst_'}`, 'hex')
  const response = md5(`${who}:${nonce}:${count}:${cnonce}:auth:${what}`, 'hex')
  return `&nonce=${nonce}&cnonce=${cnonce}&nc=${count}&response=${response}`
}

function md5(text: string, encoding: 'base64' | 'hex'): string {
  return createHash('md5').update(text).digest(encoding)
}
