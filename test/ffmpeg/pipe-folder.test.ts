import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'

const MODULE = new URL('../../src/ffmpeg/output-pipe.ts', import.meta.url).href

/** What a process does with an open pipe, so that there is a folder with more of them. */
const withPipe = (then: string) => `
  const { openPipes } = await import(${JSON.stringify(MODULE)})
  await openPipes([{ take() {}, every: 1 }])
  process.stdout.write('open')
  ${then}
`

describe('the folder of named pipes', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'pipe-folder-'))
  after(() => rmSync(temporary, { recursive: true }))
  beforeEach(() => {
    for (const name of readdirSync(temporary)) rmSync(join(temporary, name), { recursive: true })
  })
  const start = (then: string) => {
    const args = ['--input-type=module', '-e', withPipe(then)]
    return spawn(process.execPath, args, {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  it('is for its user alone', async () => {
    const child = start('setInterval(() => {}, 1000)')
    await once(child.stdout, 'data')
    const [name = '', ...more] = readdirSync(temporary)
    assert.deepEqual(more, [])
    assert.equal(statSync(join(temporary, name)).mode & 0o777, 0o700)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  for (const [how, then] of [
    ['has done its work', 'process.exit()'],
    [
      'is ended as Node-RED ends itself at SIGTERM',
      "process.on('SIGTERM', () => process.exit()); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)",
    ],
    ['fails', "setTimeout(() => { throw new Error('a fault') })"],
  ] as const) {
    it(`is gone when its process ${how}`, async () => {
      const child = start(then)
      await once(child, 'exit')
      assert.deepEqual(readdirSync(temporary), [])
    })
  }

  it('is removed by the next start where its process was killed, and no other one is', async () => {
    const killed = start('setInterval(() => {}, 1000)')
    await once(killed.stdout, 'data')
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    assert.equal(readdirSync(temporary).length, 1)
    const [left] = readdirSync(temporary)
    // Of another program, and of a process of the same number that began at another time.
    mkdirSync(join(temporary, 'rtmp-hmonitor-other'))
    mkdirSync(join(temporary, `rtmp-hmonitor-pipes-${process.pid}-1-abcdef`))
    const alive = start('setInterval(() => {}, 1000)')
    await once(alive.stdout, 'data')
    const next = start('setInterval(() => {}, 1000)')
    await once(next.stdout, 'data')
    await until(
      () => readdirSync(temporary).length === 3,
      5,
      () => readdirSync(temporary).join(' '),
    )
    assert.ok(!readdirSync(temporary).includes(left ?? ''))
    assert.ok(readdirSync(temporary).includes('rtmp-hmonitor-other'))
    for (const child of [alive, next]) child.kill('SIGKILL')
    await Promise.all([once(alive, 'exit'), once(next, 'exit')])
  })
})
