import type { PlatformFailure } from '../observation/platform.ts'
import type { Reply } from './vimeo-account.ts'

/** What stood in the way of an answer about the event. */
export type Failure = Exclude<Reply, { reply: 'body' | 'missing' }>

/** The code and the text of a reading that says nothing of the event. */
export function unknownBy(reply: Exclude<Failure, { reply: 'unreachable' }>): {
  code: PlatformFailure
  message: string
} {
  switch (reply.reply) {
    case 'token':
      return { code: TOKEN_CODES[reply.why], message: `${TOKEN_TEXTS[reply.why]}: ${reply.what}` }
    case 'limited':
      return {
        code: 'rate-limited',
        message: `Vimeo has refused a request as one too many; the next one goes out in ${Math.ceil(reply.seconds)} s`,
      }
    case 'nonsense':
      return { code: 'bad-output', message: `Vimeo sent ${reply.what}` }
  }
}

const TOKEN_CODES = { absent: 'no-token', invalid: 'token-invalid', forbidden: 'token-forbidden' } as const
const TOKEN_TEXTS = {
  absent: 'There is no access token',
  invalid: 'Vimeo does not accept the access token',
  forbidden: 'The access token may not see this event',
} as const
