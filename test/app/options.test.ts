import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { accessSync, constants, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { envExample, helpText } from '../../app/help.mjs'
import { OPTIONS, VARIABLE_GROUPS } from '../../app/options.mjs'
import { root } from '../runtime.ts'

/** The Node that came with npm, which may be older than the one that the lock file pins. */
function nodeOfTheMachine(): string {
  const pinned = join(root, 'node_modules')
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(pinned))
    .map((folder) => join(folder, 'node'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
  assert.ok(found, 'The test needs the Node that came with npm on PATH. Install it: apt-get install nodejs')
  return found
}

describe('the script behind npm start, on the Node of the machine and without packages', () => {
  let bare = ''
  const start = (...args: string[]) =>
    spawnSync(nodeOfTheMachine(), [join(bare, 'app', 'start.mjs'), ...args], { encoding: 'utf8' })
  before(() => {
    bare = mkdtempSync(join(tmpdir(), 'hmonitor-bare-'))
    for (const path of ['app', 'scripts', 'package.json'])
      cpSync(join(root, path), join(bare, path), { recursive: true })
  })
  after(() => rmSync(bare, { recursive: true }))

  it('lists every option and variable', () => {
    const { status, stdout, stderr } = start('--help')
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
    assert.equal(stdout.trimEnd(), helpText().trimEnd())
  })

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    assert.equal(start('--version').stdout, `RTMP HMonitor ${version}\n`)
  })

  it('refuses an option that there is not, and says where they are listed', () => {
    const { status, stderr } = start('--renew')
    assert.equal(status, 1)
    assert.match(stderr, /^Unknown option '--renew'\.\n {2}npm start -- --help/)
  })

  it('says what to do where the lock file is missing', () => {
    const { status, stderr } = start()
    assert.equal(status, 1)
    assert.match(stderr, /^package-lock\.json is missing or damaged\.\n {2}git checkout/)
  })
})

describe('the help', () => {
  it('has a line for each option and variable, none longer than a wide terminal', () => {
    const lines = helpText().split('\n')
    for (const { name } of OPTIONS)
      assert.ok(
        lines.some((line) => line.startsWith(`  --${name} `)),
        name,
      )
    for (const { name } of VARIABLE_GROUPS.flatMap(({ variables }) => variables)) {
      assert.ok(
        lines.some((line) => line.startsWith(`  ${name}`)),
        name,
      )
    }
    assert.deepEqual(
      lines.filter((line) => line.length > 130),
      [],
    )
  })

  it('has the variables of the design', () => {
    const names = VARIABLE_GROUPS.flatMap(({ variables }) => variables).flatMap(({ name, file }) =>
      file ? [name, `${name}_FILE`] : [name],
    )
    const design = [
      ...['HOST', 'PORT', 'DATA_DIR', 'ADMIN_PASSWORD', 'ADMIN_PASSWORD_FILE', 'ADMIN_PASSWORD_HASH'],
      ...['METRICS_TOKEN', 'METRICS_TOKEN_FILE', 'ALERT_WEBHOOK_TOKEN', 'ALERT_WEBHOOK_TOKEN_FILE'],
      ...['TARGETS_FILE', 'RTMP_STREAMS', 'PING_HOSTS', 'SERVICES', 'BANDWIDTH_TESTS', 'WEB_PRESENTERS'],
      ...['VIMEO_LIVE_EVENTS', 'FFPROBE_PATH', 'FFMPEG_PATH', 'ALERTMANAGER_URLS', 'ALERT_SOURCE', 'SMTP_HOST'],
      ...['SLACK_WEBHOOK_URL', 'SLACK_WEBHOOK_URL_FILE', 'HEARTBEAT_URL'],
      ...['VIMEO_ACCESS_TOKEN', 'VIMEO_ACCESS_TOKEN_FILE'],
    ]
    assert.deepEqual(
      design.filter((name) => !names.includes(name)),
      [],
    )
  })
})

describe('.env.example', () => {
  it('is what the table of options makes: node app/env-example.mjs', () => {
    assert.equal(readFileSync(join(root, '.env.example'), 'utf8'), envExample())
  })

  it('sets nothing as it is', () => {
    assert.deepEqual(
      envExample()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')),
      [],
    )
  })
})
