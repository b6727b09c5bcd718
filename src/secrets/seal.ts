import { placeholder } from './placeholder.ts'
import { splitKey } from './stream-address.ts'

/** Where the secrets of targets are kept. */
export interface SecretKeeper {
  put(owner: string, name: string, value: string): void
  remove(owner: string, name: string): void
  redact(text: string): string
}

export interface Secret {
  name: string
  value: string
}

/** An address that may be shown, and the secrets that it fills in or that must not be told of its whole. */
export interface SealedUrl {
  url: string
  secrets: Secret[]
}

/** Parameters whose value is a secret however short it is. */
const SECRET_PARAMETER = /key|token|pass|auth|sig|secret|streamid|user/i

/** Characters from which on the value of any parameter, and a part of a key, is taken for a secret. Shorter ones are words such as `caller`. */
const SECRET_LENGTH = 8

/**
 * Takes what is secret in a target's URL out of it and puts names in its place: `${streams.main.key}` for the stream
 * key, `.password` for a password, `.query` for what stands behind a `?`, and so on.
 *
 * What comes from `${NAME}` stays as it is written; but what is the key of the whole address is kept as a secret too,
 * because a server may tell it without what stands around it. A key that is the target's own name is public already and
 * stays: on a server in the own network a stream is often just called `main`.
 *
 * @param prefix of the secrets' names: `streams`
 * @param url may hold `${NAME}`
 * @param filled the same with values in the place of the names
 */
export function sealUrl(prefix: string, target: string, url: string, filled: string): SealedUrl {
  // The name stands in a URL, where a target's own name could mean something else, or nothing.
  const nameOf = (part: string) => `${prefix}.${encodeURIComponent(target)}.${part}`
  const secrets: Secret[] = []
  let sealed = url
  const seal = (part: string, value: string, at: number) => {
    secrets.push({ name: nameOf(part), value })
    sealed = sealed.slice(0, at) + placeholder(nameOf(part)) + sealed.slice(at + value.length)
  }
  const { key } = splitKey(filled)
  const isLiteral = key === splitKey(url).key
  const password = literal(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@:]*:)?([^/?#]*)@/i, url)
  if (key !== null && key !== target && key !== password?.value) {
    if (isLiteral) seal('key', key, url.lastIndexOf(key))
    else secrets.push({ name: nameOf('key'), value: key })
    const [stream = ''] = key.split('?')
    if (stream !== key && stream !== target) secrets.push({ name: nameOf('stream'), value: stream })
    // A server may tell the last part of a key alone.
    const parts = stream.includes('/') ? stream.split('/') : []
    for (const [index, part] of parts.entries()) {
      if (part.length >= SECRET_LENGTH && part !== target) secrets.push({ name: nameOf(`part${index}`), value: part })
    }
  }
  const query = literal(/\?([^#]+)/, sealed)
  if (query) seal('query', query.value, query.at)
  const fragment = literal(/#(.+)$/, sealed)
  if (fragment && fragment.value !== target) seal('fragment', fragment.value, fragment.at)
  if (password) seal('password', password.value, password.at)
  for (const [index, value] of secretParameters(filled).entries()) {
    secrets.push({ name: nameOf(`parameter${index}`), value })
  }
  return { url: sealed, secrets }
}

/** The part of a URL that a pattern finds, unless a name stands in it: then it is no literal secret. */
function literal(pattern: RegExp, url: string): { value: string; at: number } | null {
  const found = pattern.exec(url)
  const value = found?.[1]
  if (!found || !value || value.includes('${')) return null
  return { value, at: found.index + found[0].lastIndexOf(value) }
}

function secretParameters(url: string): string[] {
  const query = /\?([^#]+)/.exec(url)?.[1] ?? ''
  return query.split('&').flatMap((pair) => {
    const at = pair.indexOf('=')
    const value = pair.slice(at + 1)
    const isSecret =
      value.length >= SECRET_LENGTH || (at > 0 && value !== '' && SECRET_PARAMETER.test(pair.slice(0, at)))
    return isSecret ? [value] : []
  })
}
