import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { openPipes } from '../../src/ffmpeg/output-pipe.ts'
import { until } from '../fixtures/wait.ts'

const openFiles = () => readdirSync('/proc/self/fd').length

async function collect(script: string) {
  let text = ''
  const take = (chunk: Buffer) => {
    text += chunk.toString('latin1')
  }
  const [pipe] = await openPipes([{ take, every: 1 }])
  assert.ok(pipe)
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', pipe.fd, 'inherit'] })
  pipe.started()
  return { pipe, child, text: () => text }
}

describe('the pipe from a process', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'output-pipe-'))
  const before = process.env.TMPDIR
  process.env.TMPDIR = temporary
  after(() => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(temporary, { recursive: true })
  })

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

  it('is one of several, each read at its own pace', async () => {
    const taken: { what: string; text: string }[] = []
    const listener = (what: string, every: number) => ({
      take: (chunk: Buffer) => void taken.push({ what, text: chunk.toString('latin1') }),
      every,
    })
    const pipes = await openPipes([listener('often', 1), listener('seldom', 10)])
    const [often, seldom] = pipes
    assert.ok(often && seldom)
    const script = 'for i in 1 2 3 4 5 6 7 8; do echo $i; echo $i >&3; sleep 0.1; done'
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', often.fd, 'inherit', seldom.fd] })
    for (const pipe of pipes) pipe.started()
    await once(child, 'exit')
    for (const pipe of pipes) pipe.finish()
    const of = (name: string) => taken.filter(({ what }) => what === name)
    for (const name of ['often', 'seldom']) {
      assert.equal(
        of(name)
          .map(({ text }) => text)
          .join(''),
        '1\n2\n3\n4\n5\n6\n7\n8\n',
      )
    }
    assert.ok(of('often').length >= 2 * of('seldom').length, `${of('often').length} and ${of('seldom').length} reads`)
  })

  it('leaves nothing in the temporary directory once the last one is closed', async () => {
    const listeners = Array.from({ length: 20 }, () => ({ take: () => {}, every: 1 }))
    const pipes = await openPipes(listeners)
    const more = await openPipes(listeners)
    assert.ok(readdirSync(temporary).length <= 1)
    for (const pipe of [...pipes, ...more]) pipe.finish()
    assert.deepEqual(readdirSync(temporary), [])
  })

  it('opens again after the temporary directory was emptied', async () => {
    const listeners = [{ take: () => {}, every: 1 }]
    const [first] = await openPipes(listeners)
    for (const name of readdirSync(temporary)) rmSync(join(temporary, name), { recursive: true })
    await assert.rejects(openPipes(listeners), { code: 'ENOENT' })
    const [second] = await openPipes(listeners)
    assert.ok(first && second)
    first.finish()
    second.finish()
  })
})
