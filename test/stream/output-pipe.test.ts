import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { openPipe } from '../../src/stream/output-pipe.ts'
import { until } from '../fixtures/wait.ts'

const openFiles = () => readdirSync('/proc/self/fd').length

async function collect(script: string) {
  let text = ''
  const pipe = await openPipe((chunk) => {
    text += chunk.toString('latin1')
  })
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', pipe.fd, 'inherit'] })
  pipe.started()
  return { pipe, child, text: () => text }
}

describe('the pipe from a process', () => {
  it('brings what is written as it comes, and the rest at its end', async () => {
    // The first child process of all makes Node open what it keeps.
    const first = await collect('true')
    await once(first.child, 'exit')
    first.pipe.finish()
    const before = openFiles()
    const { pipe, child, text } = await collect('echo one; sleep 0.2; echo two')
    await until(() => text() === 'one\n', 1, 'the first line')
    await once(child, 'exit')
    pipe.finish()
    assert.equal(text(), 'one\ntwo\n')
    pipe.finish()
    assert.equal(openFiles(), before)
  })

  it('brings much without keeping this process from anything else', async () => {
    const { pipe, child, text } = await collect('yes')
    let turns = 0
    const timer = setInterval(() => turns++, 10)
    await until(() => text().length > 3_000_000, 5, '3 MB')
    clearInterval(timer)
    assert.ok(turns > 10, `${turns} turns`)
    child.kill()
    await once(child, 'exit')
    pipe.finish()
  })

  it('ends a writer whose reader is gone', async () => {
    const { pipe, child } = await collect('yes')
    pipe.finish()
    await once(child, 'exit')
    assert.equal(child.signalCode ?? child.exitCode !== 0, child.signalCode ?? true)
  })
})
