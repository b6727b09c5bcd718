/** The command line as a process of its own: what it prints, how it ends, what it leaves behind. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { InspectionAnswer } from '../../src/inspection/inspections.ts'
import { startPeer } from '../fixtures/peers.ts'
import { type Publisher, type PublisherOptions, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { root } from '../runtime.ts'

const PROGRAM = join(root, 'src/cli/rtmp-hmonitor.ts')

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' })
}

async function run(args: string[], env: Record<string, string> = {}) {
  const child = start(args, env)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [status] = await once(child, 'close')
  return { status, stdout, stderr }
}

describe('rtmp-hmonitor inspect', { concurrency: 4 }, () => {
  let server: NginxRtmp
  let folder: string
  const publishers: Publisher[] = []
  const publish = async (name: string, options: PublisherOptions = {}) => {
    publishers.push(await startPublisher(server.url(`live/${name}`), options))
    return server.url(`live/${name}`)
  }
  before(async () => {
    server = await startNginxRtmp()
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-cli-'))
  })
  after(async () => {
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('ends with 0 and a table where a stream passes, its key from a file and shown nowhere', async () => {
    await publish('sesame-open', { size: '1280x720', videoBitrate: 3_500_000 })
    writeFileSync(join(folder, 'key'), 'sesame-open\n')
    const env = { STREAM_KEY_FILE: join(folder, 'key') }
    const { status, stdout, stderr } = await run(['inspect', server.url('live/${STREAM_KEY}'), '-p', 'youtube'], env)
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, /^PASS /)
    assert.match(stdout, /live\/\$\{STREAM_KEY\} {2}for youtube\n/)
    assert.match(stdout, /\nVideo +h264 .*1280x720/)
    assert.match(stdout, /\nFrame rate +(29\.9\d|30(\.0\d)?)\/s/)
    assert.match(stdout, /\nKey frames +every 2 s\n/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a pipe gets no colours
    assert.doesNotMatch(stdout, /\u001b/)
    assert.doesNotMatch(stdout + stderr, /sesame/)
    assert.equal(stderr, '')
  })

  it('ends with 1 and JSON where there is a warning', async () => {
    const url = await publish('long-gops', { gop: 5, size: '640x360' })
    const { status, stdout } = await run(['inspect', url, '--profile', 'facebook', '--timeout', '30', '--json'])
    const answer = JSON.parse(stdout) as InspectionAnswer
    assert.equal(status, 1, stdout)
    assert.equal(answer.verdict, 'warn')
    assert.ok(answer.issues.some(({ type }) => type === 'gopSizeLong'))
    assert.equal(answer.parameters?.video[0]?.height, 360)
    assert.equal(answer.measurements?.tracks.audio, true)
    assert.doesNotMatch(answer.subject, /long-gops/)
  })

  it('ends with 2 where nothing arrives, with what to do', async () => {
    const { status, stdout } = await run(['inspect', 'rtmp://127.0.0.1:1/live/sesame-open'])
    assert.equal(status, 2)
    assert.match(stdout, /^FAIL .*\nrtmp:\/\/127\.0\.0\.1:1\/live\/\*\*\*\n/)
    assert.match(stdout, /\nerror {4}streamOffline\n {9}Nothing arrives: .*\n(.*\n)* {9}2\. Start the stream/)
  })

  const untold: [what: string, args: string[], says: RegExp][] = [
    ['there is no ffprobe', ['inspect', 'rtsp://127.0.0.1:1/live/a', '--ffprobe', '/no/ffprobe'], /apt-get install/],
    [
      'ffprobe is to read it and there is none',
      ['inspect', 'rtmp://127.0.0.1:1/live/a', '--reader', 'ffprobe', '--ffprobe', '/no/ffprobe'],
      /apt-get install/,
    ],
    ['there is no such profile', ['inspect', 'rtmp://127.0.0.1:1/live/a', '-p', 'nobody'], /youtube, vimeo/],
    ['a variable is not set', ['inspect', 'rtmp://127.0.0.1:1/live/${NOT_SET}'], /NOT_SET_FILE/],
    ['the address is a file', ['inspect', '/etc/passwd'], /no protocol/],
    ['it is only published to', ['inspect', 'rtmp://a.rtmp.youtube.com/live2/sesame'], /watch the relay/],
    ['nothing is asked', [], /--help/],
    ['an option is unknown', ['inspect', 'rtmp://127.0.0.1:1/live/a', '--wait'], /--wait/],
  ]
  for (const [what, args, says] of untold) {
    it(`ends with 3 where ${what}, as text and as JSON`, async () => {
      const text = await run(args)
      assert.equal(text.status, 3)
      assert.match((text.stdout + text.stderr).replace(/\s+/g, ' '), says)
      const { status, stdout } = await run([...args, '--json'])
      const answer = JSON.parse(stdout) as InspectionAnswer
      assert.equal(status, 3)
      assert.equal(answer.verdict, 'unknown')
      assert.ok((answer.reason ?? '').length > 10)
      assert.doesNotMatch(text.stdout + text.stderr + stdout, /sesame|\n {4}at /)
    })
  }

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`ends with ${status} and its ffprobe at ${signal}`, async () => {
      const silent = await startPeer(() => {})
      const child = start(['inspect', `rtsp://127.0.0.1:${silent.port}/live/nobody`])
      const pid = child.pid ?? 0
      const ffprobe = () => processesOf(pid).filter(({ command }) => /ffprobe.*live\/nobody/.test(command))
      await until(() => ffprobe().length > 0, 15, 'ffprobe runs')
      const started = processesOf(pid)
      child.kill(signal)
      const [code] = await once(child, 'close')
      assert.equal(code, status)
      assert.deepEqual(processesOf(pid, started), [])
      await silent.stop()
    })
  }

  it('ends as soon as it has answered', async () => {
    const child = start(['inspect', 'rtsp://127.0.0.1:1/live/a', '--ffprobe', '/no/ffprobe'])
    await once(child.stdout ?? child, 'data')
    const began = performance.now()
    await once(child, 'close')
    assert.ok(performance.now() - began < 3000, 'no timer keeps it')
  })

  it('keeps its exit status where nobody reads', async () => {
    const child = start(['inspect', 'rtmp://127.0.0.1:1/live/a', '--json'])
    child.stdout?.destroy()
    const [code] = await once(child, 'close')
    assert.equal(code, 2)
  })

  it('prints its help and its version', async () => {
    const help = await run(['--help'])
    assert.equal(help.status, 0)
    assert.match(help.stdout, /0 pass, 1 warn, 2 fail, 3/)
    const version = await run(['--version'])
    assert.match(version.stdout, /^\d+\.\d+\.\d+\S*\n$/)
  })

  it('colours where colours are wanted, and not where NO_COLOR says so', async () => {
    const args = ['inspect', 'rtsp://127.0.0.1:1/live/a', '--ffprobe', '/no/ffprobe']
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    const coloured = /\u001b\[/
    assert.match((await run(args, { FORCE_COLOR: '1' })).stdout, coloured)
    assert.doesNotMatch((await run(args, { NO_COLOR: '1' })).stdout, coloured)
  })
})
