import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommandLine, UsageError } from '../../src/cli/command-line.ts'

const parse = (line: string) => parseCommandLine(line.split(' ').filter((part) => part !== ''))

describe('the command line', () => {
  it('inspects an address with 20 s, both tracks, a checked certificate and no profile', () => {
    assert.deepEqual(parse('inspect rtmp://relay.example/live/main'), {
      command: 'inspect',
      url: 'rtmp://relay.example/live/main',
      profile: null,
      media: 'both',
      reader: 'auto',
      json: false,
      time: 20,
      verifyTls: true,
      ffprobe: null,
    })
  })

  it('takes every option before and after the address', () => {
    const all = parse(
      'inspect --json -p youtube rtmp://a/b --media=video --reader ffprobe --timeout 40 --insecure --ffprobe /opt/ffprobe',
    )
    assert.deepEqual(all, {
      command: 'inspect',
      url: 'rtmp://a/b',
      profile: 'youtube',
      media: 'video',
      reader: 'ffprobe',
      json: true,
      time: 40,
      verifyTls: false,
      ffprobe: '/opt/ffprobe',
    })
  })

  it('asks for help and for the version', () => {
    for (const line of ['--help', '-h', 'help', 'inspect --help']) assert.deepEqual(parse(line), { command: 'help' })
    for (const line of ['--version', '-V']) assert.deepEqual(parse(line), { command: 'version' })
  })

  it('asks a monitor for a report, of what the line says and nothing else', () => {
    assert.deepEqual(parse('report --target main --from 2026-01-31T10:00:00Z --format csv --url http://hall:1880'), {
      command: 'report',
      query: { target: 'main', from: '2026-01-31T10:00:00Z', format: 'csv' },
      url: 'http://hall:1880',
    })
  })

  it('sets up a cluster, with what is chosen', () => {
    const shipped = { command: 'elk setup', url: null, retentionDays: null, snapshots: null, wait: 30 }
    assert.deepEqual(parse('elk setup'), shipped)
    const watch = { command: 'elk watch', url: null, every: 60, once: false, listen: null }
    assert.deepEqual(parse('elk watch --once'), { ...watch, once: true })
    for (const [listen, host, port] of [
      ['9465', '127.0.0.1', 9465],
      ['0.0.0.0:9465', '0.0.0.0', 9465],
      ['[::1]:0', '::1', 0],
      ['localhost:80', 'localhost', 80],
    ] as const) {
      assert.deepEqual(parse(`elk watch --listen ${listen}`), { ...watch, listen: { host, port } })
    }
    assert.deepEqual(parse('elk setup --url https://a:9200 --retention 90d --snapshots /backup --wait 0'), {
      ...shipped,
      ...{ url: 'https://a:9200', retentionDays: 90, snapshots: '/backup', wait: 0 },
    })
  })

  const wrong: [line: string, says: RegExp][] = [
    ['', /command is missing/],
    ['watch rtmp://a/b', /must be inspect, report, elk setup or elk watch/],
    ['elk', /must be elk setup or elk watch/],
    ['elk watch --listen 70000', /--listen is a port/],
    ['elk watch --listen ::1:80', /--listen is a port/],
    ['elk watch --listen http://a:80', /--listen is a port/],
    ['elk setup now', /must be elk setup or elk watch/],
    ['elk watch --every 5', /--every is a number of seconds from 10 to 900/],
    ['elk setup --retention 0d', /--retention is a number of days, 365d for example/],
    ['elk setup --retention 1y', /--retention is a number of days, 365d for example/],
    ['elk setup --wait long', /--wait is a number of seconds up to 900/],
    ['report', /--target is missing/],
    ['report main', /named by --target/],
    ['report --target main --from yesterday', /^--from must be a time/],
    ['report --target main --format pdf', /^--format must be one of html, json, csv/],
    ['report --target main --language fr', /^--language must be one of en, de/],
    ['report --target main --timezone Mars', /^--timezone must be a name/],
    ['inspect', /address .* missing/],
    ['inspect rtmp://a/b rtmp://c/d', /one address/],
    ['inspect rtmp://a/b --media picture', /--media is one of both, video, audio/],
    ['inspect rtmp://a/b --reader obs', /--reader is one of auto, ffprobe/],
    ['inspect rtmp://a/b --timeout soon', /--timeout .* 5 to 300/],
    ['inspect rtmp://a/b --timeout 4', /--timeout .* 5 to 300/],
    ['inspect rtmp://a/b --timeout 301', /--timeout .* 5 to 300/],
    ['inspect rtmp://a/b --quiet', /^Unknown option '--quiet'$/],
    ['inspect rtmp://a/b --profile', /--profile/],
    ['inspect rtmp://a/b --json=yes', /--json/],
  ]
  for (const [line, says] of wrong) {
    it(`refuses "${line}" in one sentence`, () => {
      assert.throws(
        () => parse(line),
        (error) => error instanceof UsageError && says.test(error.message) && !error.message.includes('\n'),
      )
    })
  }
})
