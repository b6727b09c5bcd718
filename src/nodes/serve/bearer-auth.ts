import { PEER_TOKEN } from '../../cluster/peer-settings.ts'
import { unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import { type ErrorCode, MonitorError } from '../../observation/errors.ts'
import { type Environment, readSecretVariable } from '../../secrets/variables.ts'
import { type Answer, problem } from './answer.ts'
import { knowsHost } from './own-host.ts'
import { carriesToken, type HttpRequest, header, isForeign, isFromHere, saysJson } from './request.ts'

/** The token that a request must carry; null where none is asked for; `unreadable` where nobody may be let in. */
type RequiredToken = { token: string } | null | { unreadable: string; code?: ErrorCode }

/** What the monitor's own token was and is no more, because its credentials are damaged: that is not to have none. */
export const LOST_TOKEN = {
  unreadable:
    'The credentials are damaged: the token of the monitor is lost, so nobody is let in. Open the monitor in the editor, type the token again, and deploy',
  code: 'credentials-damaged',
} as const satisfies RequiredToken
type OwnToken = string | typeof LOST_TOKEN

/** The monitor's own token, else METRICS_TOKEN, else what the file of METRICS_TOKEN_FILE holds. */
async function requiredToken(own: OwnToken, environment: Environment): Promise<RequiredToken> {
  if (typeof own === 'string' && own !== '') return { token: own }
  return (await fromEnvironment('METRICS_TOKEN', environment)) ?? (own === '' ? null : LOST_TOKEN)
}

/** For Alertmanager's webhook: ALERT_WEBHOOK_TOKEN or its file, else what every other request must carry. */
async function webhookToken(own: OwnToken, environment: Environment): Promise<RequiredToken> {
  return (await fromEnvironment('ALERT_WEBHOOK_TOKEN', environment)) ?? requiredToken(own, environment)
}

/** Of the monitors of one cluster: another token gives no commands. */
function peerToken(_own: OwnToken, environment: Environment): Promise<RequiredToken> {
  return fromEnvironment(PEER_TOKEN, environment)
}

/** What is not as it should be lets nobody in. */
async function fromEnvironment(name: string, environment: Environment): Promise<RequiredToken> {
  try {
    const token = await readSecretVariable(environment, name)
    return token === '' ? null : { token }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    return { unreadable: error.message, code: error.code }
  }
}

const TOKENS = { api: requiredToken, webhook: webhookToken, peer: peerToken } as const

/** What is asked for: each has a token. */
export type Door = keyof typeof TOKENS

const REALM = 'Bearer realm="rtmp-hmonitor"'

const FOREIGN = 'Pages of other sites may not ask this'

/** How somebody was let in: with the token, or where none is asked for. */
export type Admission = 'with-token' | 'without-token'

/** Why a request is not let in. */
export type Refused = Answer & {
  /** What whoever runs the monitor has to know. */
  warning?: string
}

/**
 * Lets a request in, or says why not. What should be a token and cannot be read lets nobody in.
 *
 * @param own the token of the `monitor` config node, empty where it has none; or that it is lost
 * @param door the webhook and peers, who change something, have tokens of their own
 */
export async function admit(
  request: HttpRequest,
  own: OwnToken,
  environment: Environment,
  door: Door = 'api',
): Promise<Admission | Refused> {
  if (isForeign(request)) return problem(403, 'forbidden', FOREIGN)
  const name = typeof own === 'string' ? unsetVariable(own) : null
  if (name !== null) return problem(503, 'missing-variable', unsetVariableError(name).message)
  const required = await TOKENS[door](own, environment)
  if (required !== null && 'unreadable' in required) {
    return problem(503, required.code ?? 'unreadable-file', required.unreadable)
  }
  if (required !== null && !carriesToken(request, required.token)) return withoutToken(request)
  if (door === 'peer') {
    if (required === null) return problem(409, 'not-in-use', 'PEER_TOKEN is not set here: this monitor has no peers')
    // No monitor sends it: this is a page that got hold of the token.
    if (header(request, 'origin') !== '') return problem(403, 'forbidden', FOREIGN)
    if (!saysJson(request)) return problem(415, 'unsupported-type', 'Content-Type must be application/json')
  }
  const host = header(request, 'host')
  if (required === null && !knowsHost(host, environment)) return unknownHost(host)
  if (door === 'webhook') {
    const message = 'From another machine this needs a token: set ALERT_WEBHOOK_TOKEN here and in Alertmanager'
    if (required === null && !isFromHere(request)) return problem(403, 'forbidden', message)
    // Alertmanager sends no Origin. A page that got a name of its own for this address would send the right one.
    if (required === null && header(request, 'origin') !== '') return problem(403, 'forbidden', FOREIGN)
    if (!saysJson(request)) return problem(415, 'unsupported-type', 'Content-Type must be application/json')
  }
  return required === null ? 'without-token' : 'with-token'
}

/** Characters of a name in a message. */
const LONGEST_NAME = 100

function unknownHost(host: string): Refused {
  const name = host.replace(/:\d*$/, '').slice(0, LONGEST_NAME)
  const message = `"${name}" is no name of this monitor, and without a token it answers to its own alone: set METRICS_TOKEN, or name it in ALLOWED_HOSTS`
  return { ...problem(403, 'unknown-host', message), warning: `A request was refused: ${message}` }
}

function withoutToken(request: HttpRequest): Answer {
  const isWrong = header(request, 'authorization') !== ''
  const message = isWrong
    ? 'The bearer token is not the right one'
    : 'This needs a bearer token: Authorization: Bearer …'
  const refusal = problem(401, 'unauthorized', message)
  // RFC 6750, section 3: the error is named only to who tried a token.
  refusal.headers['www-authenticate'] = isWrong ? `${REALM}, error="invalid_token"` : REALM
  return refusal
}
