import { unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import type { Environment } from '../../targets/collect.ts'
import { type Answer, problem } from './answer.ts'
import { carriesToken, type HttpRequest, header } from './request.ts'
import { requiredToken, webhookToken } from './token.ts'

const REALM = 'Bearer realm="rtmp-hmonitor"'

/**
 * Why a request is not let in, or null. What should be a token and cannot be read lets nobody in.
 * @param own the token of the `monitor` config node, empty where it has none
 * @param what the webhook has a token of its own
 */
export async function refusedAtDoor(
  request: HttpRequest,
  own: string,
  environment: Environment,
  what: 'api' | 'webhook' = 'api',
): Promise<Answer | null> {
  const name = unsetVariable(own)
  if (name !== null) return problem(503, 'missing-variable', unsetVariableError(name).message)
  const required = await (what === 'webhook' ? webhookToken : requiredToken)(own, environment)
  if (required === null) return null
  if ('unreadable' in required) return problem(503, 'unreadable-file', required.unreadable)
  if (carriesToken(request, required.token)) return null
  const isWrong = header(request, 'authorization') !== ''
  const message = isWrong
    ? 'The bearer token is not the right one'
    : 'This needs a bearer token: Authorization: Bearer …'
  const refusal = problem(401, 'unauthorized', message)
  // RFC 6750, section 3: the error is named only to who tried a token.
  refusal.headers['www-authenticate'] = isWrong ? `${REALM}, error="invalid_token"` : REALM
  return refusal
}
