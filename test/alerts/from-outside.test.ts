import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { postable } from '../../src/alerts/alertmanager.ts'
import { EMPTY_BOOK, parseBook } from '../../src/alerts/book.ts'
import { alertOf } from '../../src/alerts/decide.ts'
import { followObservation } from '../../src/alerts/follow.ts'
import { composeMessage } from '../../src/alerts/message.ts'
import { plainText } from '../../src/alerts/message-text.ts'
import { NOTIFIER_FIELDS, NOTIFIERS, readReceiver } from '../../src/alerts/notifiers/notifiers.ts'
import { parseOutbox } from '../../src/alerts/outbox.ts'
import { isSilenced, parseSilences } from '../../src/alerts/silence.ts'
import { followWebhook, parseWebhook } from '../../src/alerts/webhook.ts'
import { parseDutyCommand } from '../../src/observation/duty-command.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import { parseAlert, parseObservation } from '../../src/observation/messages.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { OWN_SECRETS } from '../../src/secrets/placeholder.ts'
import { ORIGIN, START } from './world.ts'

const OBSERVED = {
  ...{ kind: 'stream', target: 'main', labels: {}, state: 'down', time: new Date(START).toISOString(), sequence: 1 },
  ...{ expected: true, score: 0, measurements: {} },
}

const SPEAKER = { mode: 'prometheus', isAuthenticated: true, judges: () => false } as const

const LABELS = {
  alertname: 'HmonitorStreamOffline',
  severity: 'critical',
  kind: 'stream',
  target: 'main',
  ...ORIGIN,
} as const

/** Whatever comes, an error of ours is the worst. */
function bears(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof MonitorError, String(error))
  }
}

describe('what comes from outside', () => {
  it('is taken or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const inner = value as never
        bears(() => followWebhook(EMPTY_BOOK, parseWebhook(value), SPEAKER, START))
        bears(() =>
          parseWebhook({ version: '4', alerts: [inner, { status: 'firing', labels: inner, startsAt: inner }] }),
        )
        bears(() => parseDutyCommand(value, START))
        bears(() => parseDutyCommand({ action: 'silence', id: inner, by: inner, until: inner }, START))
        bears(() => parseAlert(value))
        bears(() => parseAlert({ alertname: 'x', issue: inner, effects: inner, supersedes: inner }))
        const issues = [{ type: 'x', severity: 'error', since: inner, summary: inner, remedy: inner, measured: inner }]
        bears(() => {
          const observation = parseObservation({ ...OBSERVED, issues })
          const { records } = followObservation(EMPTY_BOOK, observation as Observation, ORIGIN, START).book
          for (const record of Object.values(records)) {
            const alert = alertOf(record, 'firing', START)
            plainText(composeMessage([alert], null, 'UTC'))
            postable(alert, START, null)
          }
        })
        parseSilences(value)
        parseSilences([{ id: 'x', matchers: inner, startsAt: inner, endsAt: inner }])
        parseOutbox(value)
        parseOutbox({ version: 1, waiting: [inner] })
        parseBook(value)
        parseBook({ version: 1, records: { x: inner } })
      }),
      { numRuns: 500 },
    )
  })

  it('is refused with the reason where it is no webhook', () => {
    for (const body of [null, {}, { alerts: 'x' }, { version: '3', alerts: [] }, { alerts: [{}] }]) {
      assert.throws(() => parseWebhook(body), { code: 'invalid-message', message: /^webhook of Alertmanager: / })
    }
    assert.throws(() => parseWebhook({ alerts: Array.from({ length: 1001 }, () => ({})) }), {
      message: /"alerts" must not have more than 1000 entries/,
    })
  })

  it('may have fields that a newer Alertmanager adds', () => {
    const alert = {
      status: 'firing',
      labels: { alertname: 'X' },
      startsAt: new Date(START).toISOString(),
      fingerprint: 'y',
    }
    assert.equal(parseWebhook({ version: '4', alerts: [alert], notification_reason: 'new' }).length, 1)
  })
})

describe('a silence', () => {
  const silence = (matcher: object, more: object = {}) =>
    parseSilences([
      {
        ...{ id: 'x', matchers: [{ name: 'target', value: 'main', isRegex: false, isEqual: true, ...matcher }] },
        ...{ startsAt: '2026-03-01T09:00:00Z', endsAt: '2026-03-01T11:00:00Z', status: { state: 'active' }, ...more },
      },
    ])

  it('matches by equality, by an anchored expression, and by their opposites, as Alertmanager does', () => {
    assert.ok(isSilenced(LABELS, silence({}), START))
    assert.ok(!isSilenced(LABELS, silence({ isEqual: false }), START))
    assert.ok(isSilenced(LABELS, silence({ value: 'ma.n', isRegex: true }), START))
    assert.ok(!isSilenced(LABELS, silence({ value: 'ma', isRegex: true }), START))
    assert.ok(isSilenced(LABELS, silence({ name: 'nothing', value: '' }), START))
  })

  it('covers its own time only, and nothing when it has expired or cannot be understood', () => {
    assert.ok(!isSilenced(LABELS, silence({}), START + 3_600_000))
    assert.ok(!isSilenced(LABELS, silence({}, { startsAt: '2026-03-01T10:30:00Z' }), START))
    assert.ok(!isSilenced(LABELS, silence({}, { status: { state: 'expired' } }), START))
    assert.ok(!isSilenced(LABELS, silence({ value: '(', isRegex: true }), START))
    assert.ok(!isSilenced(LABELS, parseSilences([{ id: 'x', matchers: [], startsAt: 'x', endsAt: 'y' }]), START))
  })
})

describe('a receiver', () => {
  const SMTP = { SMTP_HOST: 'mail.example', SMTP_TO: 'duty@church.example', SMTP_USER: 'me', SMTP_PASSWORD: 'secret' }

  it('comes from the environment where its dialog is empty', () => {
    assert.deepEqual(readReceiver({ channel: 'email' }, SMTP), {
      ...{ channel: 'email', host: 'mail.example', port: 587, security: 'starttls', verifyTls: true },
      ...{ user: 'me', password: 'secret', from: 'rtmp-hmonitor@mail.example', to: 'duty@church.example' },
    })
  })

  it('is not set up where neither says anything', () => {
    for (const { channel } of NOTIFIERS) assert.equal(readReceiver({ channel }, {}), null)
  })

  it('does not give the login of one mail server to another', () => {
    const receiver = readReceiver({ channel: 'email', host: 'other.example' }, SMTP)
    assert.ok(receiver?.channel === 'email' && receiver.user === '' && receiver.password === '')
  })

  it('says which part is wrong, without its text', () => {
    assert.throws(() => readReceiver({ channel: 'email' }, { SMTP_HOST: 'mail.example' }), { message: /SMTP_TO/ })
    assert.throws(() => readReceiver({ channel: 'email', port: '99999' }, SMTP), { message: /SMTP_PORT/ })
    assert.throws(() => readReceiver({ channel: 'email', to: 'a@b\r\nBcc: x@y' }, SMTP), { message: /SMTP_TO/ })
    const secret = { SLACK_WEBHOOK_URL: 'hooks.example/T0/secret' }
    assert.throws(
      () => readReceiver({ channel: 'slack' }, secret),
      ({ message }: Error) => /SLACK_WEBHOOK_URL/.test(message) && !message.includes('secret'),
    )
  })

  it('is refused where a part lacks or is none, by the name of its variable and without its text', () => {
    const secret = 'of-the-test'
    for (const [channel, variables, named] of [
      ['ntfy', { NTFY_URL: `https://ntfy.example/${secret}/a b` }, /NTFY_URL.*name of a topic/],
      ['ntfy', { NTFY_URL: `ntfy.example/${secret}` }, /NTFY_URL.*https/],
      ['telegram', { TELEGRAM_BOT_TOKEN: `1:${secret}` }, /TELEGRAM_CHAT_ID is not/],
      ['telegram', { TELEGRAM_CHAT_ID: '-1' }, /TELEGRAM_BOT_TOKEN is not/],
      ['telegram', { TELEGRAM_BOT_TOKEN: secret, TELEGRAM_CHAT_ID: '-1' }, /TELEGRAM_BOT_TOKEN/],
      ['telegram', { TELEGRAM_BOT_TOKEN: `1:${secret}/../x`, TELEGRAM_CHAT_ID: '-1' }, /TELEGRAM_BOT_TOKEN/],
      ['telegram', { TELEGRAM_BOT_TOKEN: `1:${secret}`, TELEGRAM_CHAT_ID: 'Anna' }, /TELEGRAM_CHAT_ID/],
      ['pushover', { PUSHOVER_TOKEN: secret }, /PUSHOVER_USER is not/],
      ['pushover', { PUSHOVER_TOKEN: secret, PUSHOVER_USER: 'u'.repeat(30) }, /PUSHOVER_TOKEN must be 30/],
      ['discord', { DISCORD_WEBHOOK_URL: secret }, /DISCORD_WEBHOOK_URL/],
      ['teams', { TEAMS_WEBHOOK_URL: `https://me:${secret}@teams.example/` }, /TEAMS_WEBHOOK_URL.*login/],
    ] as const) {
      assert.throws(
        () => readReceiver({ channel }, variables),
        ({ message }: Error) => named.test(message) && !message.includes(secret),
        `${channel} ${named}`,
      )
    }
  })

  it('gives the token of one ntfy server to no other', () => {
    const environment = { NTFY_URL: 'https://ntfy.example/hall', NTFY_TOKEN: 'tk_x' }
    const address = { channel: 'ntfy', topic: 'hall', server: 'https://ntfy.example/' }
    assert.deepEqual(readReceiver({ channel: 'ntfy' }, environment), { ...address, token: 'tk_x' })
    const other = readReceiver({ channel: 'ntfy', ntfyUrl: 'https://other.example/push/stage/' }, environment)
    assert.deepEqual(other, { channel: 'ntfy', server: 'https://other.example/push/', topic: 'stage', token: '' })
  })

  it('is refused where the file of its secret cannot be read, which is not the same as not set up', () => {
    const variables = { SLACK_WEBHOOK_URL_FILE: '/nowhere/slack' }
    assert.throws(() => readReceiver({ channel: 'slack' }, variables), { code: 'unreadable-file' })
  })
})

describe('the variables of the receivers', () => {
  const variables = NOTIFIER_FIELDS.flatMap(({ variable, input }) => (variable ? [{ variable, input }] : []))

  it('are options of the application, with a file for each secret', () => {
    const options = new Map(VARIABLE_GROUPS.flatMap((group) => group.variables).map((option) => [option.name, option]))
    for (const { variable, input } of variables) {
      assert.ok(options.has(variable), variable)
      assert.equal(options.get(variable)?.file === true, input === 'secret', variable)
    }
  })

  it('are filled into no address where they are secret or name a person', () => {
    for (const { variable, input } of variables) {
      if (input === 'secret' || input === 'login') assert.ok(OWN_SECRETS.has(variable), variable)
    }
  })
})
