import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { type BannerInput, banner } from '../../app/banner.ts'
import { readEnvironment } from '../../app/environment.ts'
import { misspeltVariables } from '../../app/misspelt.ts'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { findProgram } from '../../app/programs.ts'
import { restartDelay } from '../../app/supervisor.ts'
import { readTargets, whatToWatch } from '../../app/watched.ts'

const input: BannerInput = {
  url: 'http://127.0.0.1:1880',
  monitors: [],
  login: { hash: 'hash-of-it', from: 'kept', password: null, keep() {} },
  token: { value: null, from: 'none' },
  tokenFile: '/data/metrics-token',
  watched: { from: 'environment', variables: ['RTMP_STREAMS'] },
  hasDemo: false,
  taken: { watched: 1, refused: 0, mistakes: [] },
  demoProblem: null,
  ffprobe: { found: true, path: '/usr/bin/ffprobe', version: '5.1.9', from: 'PATH' },
  flows: { did: 'kept', newer: [], absent: [] },
  misspelt: [],
  problem: null,
  areCredentialsLost: false,
}

describe('what is shown when the monitor is up', () => {
  it('fits a terminal of 120 columns and says nothing that is of no use', () => {
    const text = banner(input)
    assert.ok(text.split('\n').every((line) => line.length <= 120))
    assert.doesNotMatch(text, /Token|Flows|Note|undefined|null/)
  })

  it('has the password once where it was made now, and never the hash', () => {
    const made = banner({ ...input, login: { ...input.login, from: 'made', password: 'k7fm-93qx' } })
    assert.equal(made.split('k7fm-93qx').length, 2)
    assert.ok(!made.includes('hash-of-it'))
  })

  it('has a token where it was made now, and else where it is kept', () => {
    assert.match(banner({ ...input, token: { value: 'secret-token', from: 'made' } }), /Token +secret-token\n/)
    const kept = banner({ ...input, token: { value: 'secret-token', from: 'kept' } })
    assert.ok(!kept.includes('secret-token') && kept.includes('/data/metrics-token'))
  })

  it('says what to do where flows are behind', () => {
    const text = banner({ ...input, flows: { did: 'kept', newer: ['Collect', 'API'], absent: ['Demo'] } })
    assert.match(text, /a newer version came of Collect, API\n +not among yours: Demo\n +npm start -- --renew-flows/)
  })

  it('says which variable was probably meant where one is misspelt', () => {
    const misspelt = [{ written: 'RTMP_STREAM', meant: 'RTMP_STREAMS' }]
    assert.match(
      banner({ ...input, misspelt }),
      /^ {2}Variables RTMP_STREAM is not read, did you mean "RTMP_STREAMS"\?$/m,
    )
    assert.doesNotMatch(banner(input), /Variables/)
  })

  it('does not say that it watches where the flows do not run, and says why and what to do', () => {
    const text = banner({ ...input, problem: { error: 'missing-types', types: ['ui-chart'] } })
    assert.match(text, /it watches nothing/)
    assert.doesNotMatch(text, /Watching/)
    assert.match(text, /node types are missing: ui-chart\.\nInstall their package/)
  })

  it('says that credentials are lost, beside what it watches', () => {
    const text = banner({ ...input, areCredentialsLost: true })
    assert.match(text, /RTMP HMonitor is running\./)
    assert.match(text, /Watching/)
    assert.match(text, /flows_cred\.json cannot be decrypted/)
  })

  it('says what the demo lacks, or why there is none', () => {
    const demo = { ...input, watched: { from: 'demo' }, demoProblem: 'It lacks a thing.' } as const
    assert.match(banner({ ...demo, hasDemo: true }), /a demo, .*\n +It lacks a thing\.\n/)
    assert.match(banner(demo), /nothing\. It lacks a thing\.\n/)
  })

  it('counts what is refused, with the reasons, and not hundreds of them', () => {
    const mistakes = Array.from({ length: 7 }, (_, index) => `streams[${index}]: Not watched: unknown key "profil"`)
    const text = banner({ ...input, taken: { watched: 1, refused: 7, mistakes } })
    assert.match(
      text,
      /Watching +the streams in RTMP_STREAMS\n +watching 1 of 8, 7 refused:\n +- streams\[0\]: Not watched/,
    )
    const many = { watched: 0, refused: 500, mistakes: Array.from({ length: 500 }, () => 'a mistake') }
    assert.match(
      banner({ ...input, taken: many }),
      /watching 0 of 500, 500 refused:\n( +- a mistake\n){20} +- and 480 more/,
    )
  })

  it('leads to what people look at', () => {
    assert.match(banner(input), /Dashboard +http:\/\/\S+\/dashboard\n/)
  })

  it('says which ffprobe it is, and how to get a newer one where it is the old one of the packages', () => {
    assert.match(banner(input), /ffprobe +5\.1\.9, \/usr\/bin\/ffprobe\n/)
    const brought = banner({ ...input, ffprobe: { found: true, path: '/x', version: 'N-66595', from: 'package' } })
    assert.match(brought, /N-66595, the build that came with the packages, which gets no security updates\.\n/)
    assert.match(brought, /Install FFmpeg 5\.0 or newer \(Debian: apt-get install ffmpeg\) and start again\.\n/)
  })

  it('says how to get ffprobe where there is none', () => {
    const text = banner({ ...input, ffprobe: { found: false, reason: 'There is no ffprobe.' } })
    assert.match(
      text,
      /There is no ffprobe\.\n +Install FFmpeg \(Debian: apt-get install ffmpeg\) or set FFPROBE_PATH\./,
    )
  })
})

describe('what of the targets can be taken', () => {
  it('is read as the targets node reads it, without a secret', async () => {
    const { watched, refused, mistakes } = await readTargets({
      RTMP_STREAMS: 'main=rtmp://relay.example/live/${KEY},tube=rmtp://relay.example/live/Abc9-s3cret-key',
      KEY: 'Def8-s3cret-key',
      PING_HOSTS: 'gateway',
    })
    assert.deepEqual([watched, refused], [1, 2])
    assert.match(
      mistakes.join('\n'),
      /^PING_HOSTS: Not watched: write name=address.*\nRTMP_STREAMS "tube": Not watched: .*did you mean "rtmp:\/\/"/,
    )
    assert.doesNotMatch(mistakes.join(), /s3cret/)
  })
})

describe('what is watched', () => {
  const home = process.cwd()
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-watched-'))
    process.chdir(folder)
  })
  afterEach(() => {
    process.chdir(home)
    rmSync(folder, { recursive: true })
  })
  const watched = (variables: Record<string, string> = {}) =>
    whatToWatch(readEnvironment({ DATA_DIR: folder, ...variables }))

  it('is a demo where nothing is said, unless that is off', () => {
    assert.deepEqual(watched(), { from: 'demo' })
    assert.deepEqual(watched({ DEMO: 'off' }), { from: 'nothing' })
  })

  it('is what the environment lists', () => {
    assert.deepEqual(watched({ RTMP_STREAMS: 'a=rtmp://h/l/k' }), { from: 'environment', variables: ['RTMP_STREAMS'] })
    assert.deepEqual(watched({ VIMEO_LIVE_EVENTS: 'a=1', RTMP_STREAMS: ' ' }), {
      ...{ from: 'environment', variables: ['VIMEO_LIVE_EVENTS'] },
    })
  })

  it('is the targets file before that, and the environment is said to be ignored', () => {
    const file = join(folder, 'targets.json')
    writeFileSync(file, '{}')
    const ignored = ['RTMP_STREAMS']
    assert.deepEqual(watched({ RTMP_STREAMS: 'a=rtmp://h/l/k' }), { from: 'file', file, exists: true, ignored })
  })

  it('is the file that TARGETS_FILE names also where it does not exist yet', () => {
    const file = join(folder, 'later.json')
    assert.deepEqual(watched({ TARGETS_FILE: file }), { from: 'file', file, exists: false, ignored: [] })
  })
})

describe('the ffprobe to use', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-programs-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const put = (name: string, prints: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${prints}\n`, { mode: 0o755 })
    return { PATH: folder }
  }

  it("is the system's own where none is configured, because that one gets security updates", async () => {
    const found = await findProgram('ffprobe', null)
    assert.ok(found.found && found.from === 'PATH' && found.path.startsWith('/') && found.version !== '')
  })

  it("is the build that came with the packages where the system's is too old, broken or not there", async () => {
    const old = 'echo ffprobe version 4.4.2; echo "libavformat 58. 76.100 / 58. 76.100"'
    for (const env of [put('ffprobe', old), put('ffprobe', 'exit 127'), { PATH: '/nowhere' }]) {
      const found = await findProgram('ffprobe', null, env)
      assert.ok(found.found && found.from === 'package' && found.version !== '')
    }
  })

  it('is for the demo an ffmpeg that can make its clips', async () => {
    const own = await findProgram('ffmpeg', null)
    assert.ok(own.found && own.from === 'PATH')
    const free = 'case "$*" in *-version) echo ffmpeg version 7.1;; *) echo " A..... aac  AAC";; esac'
    const found = await findProgram('ffmpeg', null, put('ffmpeg', free))
    assert.ok(found.found && found.from === 'package')
  })

  it('is not another one where the configured one cannot be run, and the reason names it', async () => {
    const found = await findProgram('ffprobe', '/nowhere/ffprobe')
    assert.deepEqual(found, {
      found: false,
      reason: 'FFPROBE_PATH is /nowhere/ffprobe, which cannot be run as ffprobe.',
    })
    // A program that runs and is another one.
    assert.equal((await findProgram('ffprobe', process.execPath)).found, false)
  })
})

describe('the pause before Node-RED is started again', () => {
  it('grows with each crash in a row, up to half a minute', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 50].map(restartDelay), [1, 2, 4, 8, 16, 30, 30])
  })
})

describe('a misspelt name of a variable', () => {
  const meantBy = (variables: Record<string, string>) =>
    misspeltVariables(variables).map(({ written, meant }) => `${written} ${meant}`)

  it('is seen where it is nearly one of ours', () => {
    const mistakes = {
      ...{ RTMP_STREAM: 'RTMP_STREAMS', TARGET_FILE: 'TARGETS_FILE', DATADIR: 'DATA_DIR', PINGHOSTS: 'PING_HOSTS' },
      ...{ METRIC_TOKEN: 'METRICS_TOKEN', ADMIN_PASSWROD: 'ADMIN_PASSWORD', rtmp_streams: 'RTMP_STREAMS' },
      ...{ SLACK_WEBHOOK_URI: 'SLACK_WEBHOOK_URL', VIMEO_ACCES_TOKEN_FILE: 'VIMEO_ACCESS_TOKEN_FILE' },
    }
    for (const [written, meant] of Object.entries(mistakes)) {
      assert.deepEqual(meantBy({ [written]: 'x' }), [`${written} ${meant}`])
    }
  })

  it('is none where it is one of ours, empty, or of somebody else', () => {
    const ours = VARIABLE_GROUPS.flatMap(({ variables }) => variables).map(({ name }) => [name, 'x'])
    assert.deepEqual(meantBy(Object.fromEntries(ours)), [])
    assert.deepEqual(meantBy({ RTMP_STREAM: '' }), [])
    const others = [
      ...['PATH', 'HOME', 'POST', 'PORTS', 'COST', 'HOSTNAME', 'LOGNAME', 'XDG_DATA_DIRS', 'NODE_OPTIONS', 'SHELL'],
      ...['KUBERNETES_SERVICE_HOST', 'KUBERNETES_PORT', 'GRAFANA_SERVICE_PORT', 'SMTP_HOSTNAME', 'SMTP_HELO', 'TERM'],
      ...['DATABASE_URL', 'SERVICE_PORT', 'METRICS_PORT', 'REDIS_PORT', 'USERNAME', 'npm_config_cache', 'LC_MESSAGES'],
    ]
    assert.deepEqual(meantBy(Object.fromEntries(others.map((name) => [name, 'x']))), [])
  })

  it('is none where the right one is set as well: then it is meant for somebody else', () => {
    assert.deepEqual(meantBy({ RTMP_STREAM: 'x', RTMP_STREAMS: 'main=rtmp://server/app/key' }), [])
  })
})
