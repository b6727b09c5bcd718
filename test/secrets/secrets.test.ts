import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { SecretStore } from '../../src/secrets/secrets.ts'

function storeOf(values: Record<string, string>): SecretStore {
  const store = new SecretStore()
  for (const [name, value] of Object.entries(values)) store.put('targets', name, value)
  return store
}

/** What people choose and platforms make: letters, digits and marks, none of which may help a key through. */
const key = fc.stringMatching(/^[A-Za-z0-9 %&+/?=:@#"'\\<>é€😀_-]{12,40}$/u).filter((text) => text.trim() === text)

/** Percent-encodes some characters of a text: which, the numbers say. */
function encodeSome(text: string, choices: readonly number[]): string {
  return Array.from(text, (character, index) => {
    const bytes = Buffer.from(character)
    const encoded = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    const choice = choices[index % Math.max(1, choices.length)] ?? 0
    return [character, encoded, encoded.toUpperCase(), encodeURIComponent(character)][choice % 4]
  }).join('')
}

describe('secrets', () => {
  it('are filled in by name, once', () => {
    const store = storeOf({ KEY: 'abcd-${OTHER}', OTHER: 'efgh', 'streams.main.key': 'ijkl' })
    assert.equal(store.expand('rtmp://h/live/${KEY}?x=${OTHER}'), 'rtmp://h/live/abcd-${OTHER}?x=efgh')
    assert.equal(store.expand('rtmp://h/${streams.main.key}'), 'rtmp://h/ijkl')
    assert.equal(store.expand('rtmp://h/$KEY/{KEY}'), 'rtmp://h/$KEY/{KEY}')
  })

  it('are filled in only where somebody put them, whatever the environment holds', () => {
    process.env.HMONITOR_TEST_SECRET = 'from-the-environment'
    assert.throws(() => storeOf({}).expand('rtmp://h/${HMONITOR_TEST_SECRET}'), { code: 'missing-variable' })
    delete process.env.HMONITOR_TEST_SECRET
    assert.throws(() => storeOf({}).expand('${toString}'), { code: 'missing-variable' })
  })

  it('are told when they are put or rotated, and not when they stay the same', () => {
    const store = new SecretStore()
    const changed: string[] = []
    const stop = store.onChanged((name) => changed.push(name))
    store.put('a', 'KEY', 'first')
    store.put('a', 'KEY', 'first')
    store.put('a', 'KEY', 'second')
    assert.deepEqual(changed, ['KEY', 'KEY'])
    stop()
    store.put('a', 'KEY', 'third')
    assert.equal(changed.length, 2)
  })

  it('of two owners count as the first one put them, until it is gone', () => {
    const store = new SecretStore()
    const changed: string[] = []
    store.put('first', 'KEY', 'of the first')
    store.onChanged((name) => changed.push(name))
    store.put('second', 'KEY', 'of the second')
    assert.equal(store.expand('${KEY}'), 'of the first')
    assert.deepEqual(changed, [])
    store.removeOwner('first')
    assert.equal(store.expand('${KEY}'), 'of the second')
    assert.deepEqual(changed, ['KEY'])
    store.removeOwner('second')
    assert.throws(() => store.expand('${KEY}'), { code: 'missing-variable' })
  })

  it('grow by nothing when they are put and removed over and over', () => {
    const store = new SecretStore()
    for (let round = 0; round < 2000; round += 1) {
      store.put('a', 'KEY', `value-${round}`)
      store.removeOwner('a')
    }
    assert.ok(store.redact('value-1999').includes('${KEY}'))
    assert.equal(store.redact('value-0 of old'), 'value-0 of old')
  })
})

describe('redaction', () => {
  it('puts the name in the place of the secret', () => {
    const store = storeOf({ STREAM_KEY: 'abcd-efgh' })
    assert.equal(store.redact('could not play abcd-efgh: refused'), 'could not play ${STREAM_KEY}: refused')
  })

  it('takes the longer one of two secrets that begin alike, and leaves nothing of those that overlap', () => {
    const store = storeOf({ SHORT: 'abc1', LONG: 'abc1-efgh', TAIL: 'efgh-ijkl' })
    assert.equal(store.redact('abc1-efgh'), '${LONG}')
    assert.equal(store.redact('abc1-x'), '${SHORT}-x')
    assert.doesNotMatch(store.redact('x abc1-efgh-ijkl y'), /abc1|efgh|ijkl/)
  })

  it('takes the key and the password of a URL that nobody knew before', () => {
    const text = storeOf({}).redact('opening rtmp://user:pa55word@h.example/live/unknown-key: Input/output error')
    assert.doesNotMatch(text, /pa55word|unknown-key/)
    assert.match(text, /^opening rtmp:\/\/.*h\.example\/live\/.*: Input\/output error$/)
  })

  it('leaves alone what is shorter than four characters, but not as the key of a URL', () => {
    const store = storeOf({ KEY: 'abc' })
    assert.equal(store.redact('abc is in abcdef'), 'abc is in abcdef')
    assert.doesNotMatch(store.redact('rtmp://h/live/abc'), /abc/)
  })

  it('leaves the IP address of a host, whatever variable it came from', () => {
    const store = storeOf({ ENCODER_ADDRESS: '192.0.2.20', OTHER_ADDRESS: '[2001:db8::20]:80', KEY: 'key-192.0.2.20' })
    assert.equal(store.redact('192.0.2.20 answers, 2001:db8::20 does not'), '192.0.2.20 answers, 2001:db8::20 does not')
    assert.equal(store.redact('the key key-192.0.2.20'), 'the key ${KEY}')
  })

  it('takes a key that is a plain word only where a value stands, so that sentences stay readable', () => {
    const store = storeOf({ KEY: 'stream', PORT: '1935' })
    const sentence = 'The stream has sent 1935 bytes/s; livestream, streams'
    assert.equal(store.redact(sentence), sentence)
    assert.equal(
      store.redact("No such stream: 'stream', /live/stream, name=stream"),
      "No such stream: '${KEY}', /live/${KEY}, name=${KEY}",
    )
    assert.equal(store.redact('/live%2Fstream'), '/live%2F${KEY}')
  })

  it('takes old values too, for as long as a process that ends may tell them', () => {
    const store = storeOf({ KEY: 'old-value' })
    store.put('targets', 'KEY', 'new-value')
    assert.doesNotMatch(store.redact('old-value new-value'), /value/)
    store.removeOwner('targets')
    assert.doesNotMatch(store.redact('old-value new-value'), /value/)
  })

  it('takes a key that was cut off after half of it', () => {
    const store = storeOf({ KEY: 'abcdefgh-ijklmnop' })
    assert.equal(store.redact('key=abcdefgh-ij…'), 'key=${KEY}…')
    assert.equal(store.redact('abcd'), 'abcd')
  })

  it('takes a key with marks that JSON escapes, and with spaces that a form sends as +', () => {
    const store = storeOf({ KEY: 'ab"cd\\ef gh-1' })
    assert.equal(store.redact(JSON.stringify({ key: 'ab"cd\\ef gh-1' })), '{"key":"${KEY}"}')
    assert.equal(store.redact('key=ab"cd\\ef+gh-1'), 'key=${KEY}')
  })

  it('does not take half an address for a secret', () => {
    const store = storeOf({ MAIN_URL: 'rtmp://relay.example/live/abcdefgh' })
    assert.match(store.redact('rtmps://relay.example is up'), /relay\.example/)
  })

  it('takes no longer for a long word than for many short ones', () => {
    const store = storeOf({ STREAM_KEY: 'open-sesame' })
    const before = process.cpuUsage()
    assert.equal(store.redact('x'.repeat(200_000)).length, 200_000)
    assert.ok(!store.redact(`${'x'.repeat(200)}rtmp://h/live/another-key`).includes('another-key'))
    const { user, system } = process.cpuUsage(before)
    // Looked through anew from each letter, it takes more than ten seconds.
    assert.ok(user + system < 2e6, `${(user + system) / 1e6} s of processor time`)
  })

  it('leaves text without secrets as it is', () => {
    const store = storeOf({ KEY: 'abcd-efgh' })
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .,%$(){}äöü€]{0,80}$/), (text) => {
        assert.equal(store.redact(text), text)
      }),
    )
  })

  it('lets no key through, wherever it stands and however it is encoded', () => {
    const surrounding = fc.stringMatching(/^[a-z :/%"'?&=é]{0,20}$/)
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }),
        surrounding,
        surrounding,
        (keys, choices, before, after) => {
          const store = new SecretStore()
          for (const [index, value] of keys.entries()) store.put('targets', `KEY${index}`, value)
          for (const value of keys) {
            const forms = [
              value,
              encodeURIComponent(value),
              encodeURI(value),
              encodeURIComponent(encodeURIComponent(value)),
              encodeSome(value, choices),
              JSON.stringify(value).slice(1, -1),
              `rtmp://h/live/${value}`,
              new URL(`rtmp://h/live/${value}`).href,
            ]
            for (const form of forms) {
              const shown = store.redact(`${before}${form}${after}`)
              const readings = [shown, decoded(shown), decoded(decoded(shown))]
              for (const reading of readings) assert.ok(!reading.includes(value), `${form} -> ${shown}`)
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** Undoes percent-encoding as far as it can be, as a reader would. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}
