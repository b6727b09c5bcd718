import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ChildProgram, startChild } from '../../src/programs/child.ts'
import { MEMORY_LIMITS, memoryOf, watchMemory } from '../../src/programs/memory.ts'
import { until } from '../fixtures/wait.ts'

/** A program that holds so many MB, for so long. */
const holds = (megabytes: number, seconds = 60) => `$n = ${megabytes} * 1048576; $x = "x" x $n; sleep ${seconds}`

const run = (program: Partial<ChildProgram> & Pick<ChildProgram, 'file' | 'args'>) =>
  startChild(
    { memory: 'small', ...program },
    { reject: false, stdin: 'ignore', killSignal: 'SIGKILL', timeout: 20_000 },
  )

describe('a child program', { concurrency: true }, () => {
  before(() => {
    process.env.STREAM_KEY = 'k3y'
    process.env.SMTP_PASSWORD = 'p4ss'
    process.env.http_proxy = 'http://proxy.example:3128'
  })
  after(() => {
    delete process.env.STREAM_KEY
    delete process.env.SMTP_PASSWORD
    delete process.env.http_proxy
  })

  it('finds in its environment where things are, and nothing that the monitor keeps there', async () => {
    const { stdout } = await run({ file: 'env', args: [], env: { LC_ALL: 'C' } }).process
    const names = String(stdout)
      .split('\n')
      .map((line) => line.split('=')[0])
    assert.ok(names.includes('PATH') && names.includes('LC_ALL'))
    for (const name of ['STREAM_KEY', 'SMTP_PASSWORD', 'http_proxy']) assert.ok(!names.includes(name), name)
  })

  it('is told of the proxy where it is to use it', async () => {
    const { stdout } = await run({ file: 'env', args: [], passOn: ['http_proxy'] }).process
    assert.match(String(stdout), /^http_proxy=http:\/\/proxy\.example:3128$/m)
  })

  it('is killed when it holds more memory than it may', async () => {
    const child = run({ file: 'perl', args: ['-e', holds(2 * MEMORY_LIMITS.small)] })
    const { signal, timedOut } = await child.process
    assert.equal(signal, 'SIGKILL')
    assert.equal(timedOut, false)
    const over = child.memoryOver()
    assert.equal(over?.limit, MEMORY_LIMITS.small)
    assert.ok(over.held > over.limit, `it held ${over.held} MB`)
  })

  it('is told with more than its limit, however little more it held', async () => {
    // Of two that differ by half a megabyte, one is less than that above a whole number.
    for (const megabytes of [20, 20.5]) {
      const child = run({ file: 'perl', args: ['-e', holds(megabytes)] })
      const pid = child.process.pid as number
      await until(() => memoryOf(pid) > megabytes, 10, 'it holds what it is to hold')
      const limit = Math.floor(memoryOf(pid))
      const watch = watchMemory(pid, limit, () => child.process.kill('SIGKILL'))
      await child.process
      watch.stop()
      assert.ok(watch.over !== null && watch.over.held > limit, `${watch.over?.held} MB of ${limit} MB`)
    }
  })

  it('answers for what it starts itself', async () => {
    const child = startChild(
      { file: 'sh', args: ['-c', `perl -e '${holds(2 * MEMORY_LIMITS.small)}'; true`], memory: 'small' },
      { reject: false, stdin: 'ignore', killDescendants: true, timeout: 20_000 },
    )
    const { timedOut } = await child.process
    assert.equal(timedOut, false)
    assert.notEqual(child.memoryOver(), null)
  })

  it('is left alone below its limit, and no longer watched when it has ended', async () => {
    const child = run({ file: 'perl', args: ['-e', holds(MEMORY_LIMITS.small / 2, 2)] })
    const { exitCode } = await child.process
    assert.equal(exitCode, 0)
    assert.equal(child.memoryOver(), null)
  })

  it('gets no more from the system than twice its limit, where it is confined, and writes no core file', async () => {
    const script = `$| = 1; open(F, "/proc/self/limits"); print grep { /core|data/i } <F>; ${holds(3 * MEMORY_LIMITS.small)}`
    const { stdout, stderr, exitCode } = await run({ file: 'perl', args: ['-e', script], confined: true }).process
    assert.match(String(stdout), new RegExp(`data size +${2 * MEMORY_LIMITS.small * 1048576} `))
    assert.match(String(stdout), /core file size +0 /)
    assert.match(String(stderr), /out of memory/i)
    assert.notEqual(exitCode, 0)
  })

  it('is itself, and not what set its limits', async () => {
    const child = run({ file: 'sleep', args: ['60'], confined: true })
    const name = () => readFileSync(`/proc/${child.process.pid}/comm`, 'utf8').trim()
    await until(() => name() === 'sleep', 5, 'it runs')
    assert.ok(memoryOf(child.process.pid as number) > 0)
    child.process.kill('SIGKILL')
    await child.process
  })
})

it('has its limits in the documentation', () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const { packets, inspection, keyframes, small } = MEMORY_LIMITS
  assert.equal(packets, inspection)
  for (const limit of [packets, keyframes, MEMORY_LIMITS['all-pictures'], small]) {
    assert.match(page, new RegExp(`^\\| (ffprobe|ffmpeg|ping), .* \\| ${limit} \\|$`, 'm'))
  }
})

/** Files that may start processes by themselves, and why. */
const STARTS_ITSELF: Readonly<Record<string, string>> = {
  'src/programs/child.ts': 'it is the one place',
  'src/network/ping/run-helper.ts': 'Node.js, for its channel',
  'src/ffmpeg/named-pipes.ts': 'mkfifo reads nothing',
  'app/start.mjs': 'the application itself, which reads the environment',
  'app/node-red.ts': 'Node-RED, whose environment runtime-variables.ts makes',
  'app/prepare.mjs': 'runs before there are packages',
  'app/prepare/child.mjs': 'runs before there are packages',
  'app/demo/demo.ts': "the demo's Node.js, for its channel",
  'app/demo/publisher.ts': 'writes to its standard input',
  'app/shards/balancer.ts': 'of what ends nginx where it ends itself, for its channel',
  'app/shards/nginx-process.ts': 'ends nginx where the balancer is gone, and has its environment',
  'app/stack/relay-start.ts': 'a container of its own',
}

it('is started in one place, and where it is not, with an environment that was chosen', async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  for (const folder of ['src', 'app']) {
    for (const name of await readdir(path.join(root, folder), { recursive: true })) {
      const file = path.join(folder, name)
      if (!/\.(ts|mjs|cjs)$/.test(name) || /\.generated\.|node_modules/.test(name)) continue
      const text = await readFile(path.join(root, file), 'utf8')
      if (!/from '(node:child_process|execa)'|require\('(node:)?child_process'\)/.test(text)) continue
      assert.ok(file in STARTS_ITSELF, `${file} starts processes: let src/programs/child.ts do it`)
      if (file !== 'app/start.mjs') assert.match(text, /\benv\b/, `${file} hands on the whole environment`)
    }
  }
})
