import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { leaks } from './search.ts'

const secret = 'live_Zk4Qw9/x+e ä'
const found = (text: string) => leaks([{ where: 'a log line', text }], { key: secret }).length > 0

describe('the search for secrets', () => {
  for (const [what, text] of [
    ['as it is', `publish ${secret} now`],
    ['in JSON', JSON.stringify({ secret })],
    ['percent-encoded', `rtmp://host/live/${encodeURIComponent(secret)}`],
    ['percent-encoded in lower case', encodeURIComponent(secret).toLowerCase().replace('live_zk4qw9', 'live_Zk4Qw9')],
    ['as a path', encodeURI(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['cut off', secret.slice(0, 10)],
  ] as const) {
    it(`finds one ${what}`, () => assert.ok(found(text)))
  }

  it('finds none in a redacted address', () => assert.ok(!found('rtmp://host/live/***')))

  it('says where it is', () => {
    assert.match(
      leaks([{ where: 'a log line', text: `x ${secret}` }], { key: secret })[0] ?? '',
      /^a log line shows key/,
    )
  })
})
