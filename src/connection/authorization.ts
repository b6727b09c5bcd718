/** What the header `authorization` says: RFC 7617, section 2. A secret. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${base64(`${user}:${password}`)}`
}

/**
 * What Elasticsearch and OpenSearch take in its place: https://www.elastic.co/docs/api/doc/elasticsearch/authentication. A
 * secret.
 *
 * @param key as it is shown, `id:key`, or as it is sent, which is the same in Base64
 */
export function apiKeyAuthorization(key: string): string {
  return `ApiKey ${key.includes(':') ? base64(key) : key}`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
