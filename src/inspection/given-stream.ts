import { fillPlaceholders } from '../secrets/placeholder.ts'
import { SecretStore } from '../secrets/secrets.ts'
import { checkAddress, parseTarget, sealTarget } from '../targets/parse-target.ts'
import type { StreamTarget } from '../targets/target.ts'
import type { TargetKind } from '../targets/target-kind.ts'

/** A stream that somebody gave an address of, to be looked at once. */
export interface GivenStream {
  /** Its URL holds no secret, only names. */
  target: StreamTarget
  /** What the names stand for; it expands and redacts. */
  secrets: SecretStore
}

/** Nobody sees it, but judges and targets need a name. */
const NAME = 'stream'
const LABEL = 'The stream'

/**
 * @param values by name what a `${NAME}` within the URL stands for; another one is an error when it is expanded
 * @throws MonitorError as `parseTarget`; it holds nothing of the address but its protocol and host
 */
export function givenStream(
  kind: TargetKind<'stream'>,
  url: string,
  {
    media,
    verifyTls,
    reader = 'auto',
  }: Pick<StreamTarget, 'media' | 'verifyTls'> & { reader?: StreamTarget['reader'] },
  values: ReadonlyMap<string, string> = new Map(),
): GivenStream {
  const secrets = new SecretStore()
  for (const [name, value] of values) secrets.put(LABEL, name, value)
  const written = parseTarget(kind, { name: NAME, url, media, verifyTls, reader }, LABEL)
  const filled = fillPlaceholders(url, (name) => values.get(name) ?? 'x')
  checkAddress(kind, filled, LABEL)
  const sealed = sealTarget('given', written, secrets)
  for (const { name, value } of sealed.secrets) secrets.put(LABEL, name, value)
  return { target: sealed.target, secrets }
}
