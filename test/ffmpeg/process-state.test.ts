import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { isStopped } from '../../src/ffmpeg/running-program.ts'
import { until } from '../fixtures/wait.ts'

describe('a process', () => {
  it('is stopped by SIGSTOP, goes on by SIGCONT, and is not stopped when it is gone', async () => {
    const child = spawn('sleep', ['60'])
    const pid = child.pid ?? Number.NaN
    assert.equal(isStopped(pid), false)
    child.kill('SIGSTOP')
    await until(() => isStopped(pid), 2, 'it is stopped')
    child.kill('SIGCONT')
    await until(() => !isStopped(pid), 2, 'it goes on')
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(isStopped(pid), false)
  })

  it('is not stopped because its name looks like it', async () => {
    const child = spawn('bash', ['-c', 'echo "x) T (" > /proc/$$/comm; echo; read'])
    await once(child.stdout, 'data')
    assert.equal(isStopped(child.pid ?? Number.NaN), false)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
})
