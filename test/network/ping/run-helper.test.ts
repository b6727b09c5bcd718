import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { PingHelper } from '../../../src/network/ping/run-helper.ts'
import { until } from '../../fixtures/wait.ts'
import { processesOf } from '../../process-table.ts'

const signal = new AbortController().signal
const shell = (script: string, limit = 10) => ({
  file: 'sh',
  args: ['-c', script],
  env: { PATH: process.env.PATH ?? '' },
  limit,
})

/** A process that has a ping run for a minute. */
const ASKER = `
  import { PingHelper } from ${JSON.stringify(new URL('../../../src/network/ping/run-helper.ts', import.meta.url))}
  const run = { file: 'sleep', args: ['60'], env: { PATH: process.env.PATH }, limit: 60 }
  for (let each = 0; each < 5; each++) new PingHelper().run(run, new AbortController().signal)
`

describe('the helper that runs pings', () => {
  it('runs many at once and tells what each wrote and how it ended', async () => {
    const helper = new PingHelper()
    const runs = Array.from({ length: 20 }, (_, index) => helper.run(shell(`echo ${index}; exit ${index}`), signal))
    const results = await Promise.all(runs)
    assert.deepEqual(
      results.map(({ stdout, exitCode }) => [stdout, exitCode]),
      Array.from({ length: 20 }, (_, index) => [String(index), index]),
    )
  })

  it('says that a program is not there, and ends one that takes too long', async () => {
    const helper = new PingHelper()
    const missing = await helper.run({ file: 'no-such-ping', args: [], env: { PATH: '/nowhere' }, limit: 5 }, signal)
    assert.equal(missing.code, 'ENOENT')
    const slow = await helper.run(shell('exec sleep 30', 0.2), signal)
    assert.equal(slow.timedOut, true)
    assert.equal(slow.exitCode, undefined)
  })

  it('ends a run that is not wanted any more', async () => {
    const abort = new AbortController()
    const begun = performance.now()
    const running = new PingHelper().run(shell('exec sleep 30', 60), abort.signal)
    setTimeout(() => abort.abort(), 300)
    assert.equal((await running).exitCode, undefined)
    assert.ok(performance.now() - begun < 10_000)
  })

  it('is started anew when it was killed, and what it ran is lost and nothing else', async () => {
    const helper = new PingHelper()
    const helpers = () =>
      processesOf(process.pid).filter(({ command }) => /run-helper-child|hmonitor-ping/.test(command))
    const others = new Set(helpers().map(({ pid }) => pid))
    const own = () => helpers().filter(({ pid }) => !others.has(pid))
    const lost = helper.run(shell('echo begun; sleep 2'), signal)
    await until(() => own().length > 0, 10, 'a helper runs')
    for (const { pid } of own()) process.kill(pid, 'SIGKILL')
    assert.deepEqual(await lost, { stdout: '', stderr: '', timedOut: false })
    assert.equal((await helper.run(shell('echo again'), signal)).stdout, 'again')
  })

  it('does not outlive whoever asked, nor does what it runs, whenever that one is killed', async () => {
    for (const afterwards of [/hmonitor-ping|run-helper-child/, /^sleep 60/]) {
      const asker = spawn(process.execPath, ['--input-type=module', '-e', ASKER], { detached: true, stdio: 'ignore' })
      const { pid = 0 } = asker
      const exit = once(asker, 'exit')
      const started = () => processesOf(pid).filter(({ command }) => afterwards.test(command))
      await until(
        () => started().length === 5,
        20,
        () => `it runs: ${JSON.stringify(processesOf(pid))}`,
      )
      const known = processesOf(pid)
      asker.kill('SIGKILL')
      await exit
      const left = () => processesOf(pid, known)
      await until(
        () => left().length === 0,
        10,
        () => `left: ${JSON.stringify(left())}`,
      )
    }
  })
})
