import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fakeFfprobe } from '../fixtures/fake-ffprobe.ts'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { FIRST_MEDIA, watch } from './watched.ts'

/** Process ids whose command line holds a text. */
function pidsOf(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    // Of a process that has ended and was not waited for it is empty.
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

describe('the process of a session', { concurrency: 4 }, () => {
  let server: NginxRtmp
  let publisher: Publisher
  before(async () => {
    server = await startNginxRtmp()
    publisher = await startPublisher(server.url('live/x'))
  })
  after(async () => {
    await publisher?.kill()
    await server?.stop()
  })

  it('dies though it ignores SIGTERM', async () => {
    // For a time that nobody else on this machine sleeps. What is ignored stays ignored in the program that takes the shell's place.
    const ffprobe = await fakeFfprobe({ reads: "trap '' TERM; exec sleep 60.73" })
    const watched = watch(server.url('live/ignores'), { ffprobe: ffprobe.path })
    try {
      await until(() => pidsOf('sleep\u000060.73').length > 0, 5, 'the process runs')
      const pids = pidsOf('sleep\u000060.73')
      const begin = performance.now()
      await watched.stop()
      const seconds = (performance.now() - begin) / 1000
      assert.ok(seconds > 1.5 && seconds < 4, `it took ${seconds} s`)
      const left = pidsOf('sleep\u000060.73').filter((pid) => pids.includes(pid))
      assert.deepEqual(left, [])
    } finally {
      await watched.stop()
      await ffprobe.remove()
    }
  })

  for (const [what, reads, says] of [
    ['prints garbage', 'while :; do echo what is this; done', 'unknown bad-output'],
    ['prints a line without an end', 'yes | tr -d "\\n"', 'unknown bad-output'],
    ['crashes', 'kill -SEGV $$', 'unknown crashed'],
    ['does not know its options', 'echo "Unrecognized option x" >&2; exit 1', 'unknown crashed'],
  ] as const) {
    it(`says nothing of the stream when it ${what}`, async () => {
      const ffprobe = await fakeFfprobe({ reads })
      const watched = watch(server.url('live/x'), { ffprobe: ffprobe.path })
      try {
        await watched.until(says, 20)
        assert.equal(watched.read().measurements.up, null)
      } finally {
        await watched.stop()
        await ffprobe.remove()
      }
    })
  }

  it('is started again when somebody kills it', async () => {
    const url = server.url('live/x?killed')
    const watched = watch(url, { reader: 'ffprobe' })
    try {
      await watched.until('present', 15)
      for (const pid of pidsOf(url)) process.kill(pid, 'SIGKILL')
      await watched.until('unknown killed', 2)
      await watched.until('present', 10)
      assert.equal(watched.read().measurements.total.sessions.killed, 1)
    } finally {
      await watched.stop()
    }
  })

  for (const checks of ['packets', 'content'] as const) {
    it(`is started again when somebody stops it, and the stream is never said to stall (${checks})`, async () => {
      const url = server.url(`live/x?stopped-${checks}`)
      const watched = watch(url, { checks, reader: 'ffprobe' })
      try {
        await watched.until('present', FIRST_MEDIA)
        const stopped = pidsOf(url)
        for (const pid of stopped) process.kill(pid, 'SIGSTOP')
        await watched.until('unknown', 4)
        await watched.until('present', FIRST_MEDIA)
        assert.deepEqual(
          watched.changes.map(({ said }) => said).filter((said) => said.startsWith('absent')),
          [],
        )
        // One that is stopped hears no SIGTERM: it has two seconds, and is killed.
        const isGone = () => !pidsOf(url).some((pid) => stopped.includes(pid))
        await until(isGone, 4, 'those that were stopped have ended')
      } finally {
        await watched.stop()
      }
    })
  }

  it('is started again with the new address when a secret changes, and only then', async () => {
    let key = 'one'
    let changed = () => {}
    const watched = watch(server.url('live/${KEY}'), {
      reader: 'ffprobe',
      context: {
        expand: (template) => template.replace('${KEY}', key),
        onSecretChanged: (listener) => {
          changed = listener
          return () => {}
        },
      },
    })
    try {
      await until(() => pidsOf(server.url('live/one')).length === 1, 15, 'the first address is read')
      const before = pidsOf(server.url('live/one'))
      changed()
      key = 'x'
      changed()
      await watched.until('present', 10)
      assert.equal(before.length, 1)
      assert.deepEqual(pidsOf(server.url('live/one')), [])
      assert.equal(watched.events.length, 1)
    } finally {
      await watched.stop()
    }
  })

  it('leaves nothing behind when its watch ends', async () => {
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    const url = server.url('live/x?nothing-left')
    for (let round = 0; round < 3; round++) {
      const watches = Array.from({ length: 5 }, () => watch(url, { reader: 'ffprobe' }))
      await until(() => pidsOf(url).length >= 5, 15, 'five processes run')
      await Promise.all(watches.map((watched) => watched.stop()))
      assert.deepEqual(pidsOf(url), [])
    }
    // Other tests of this file run meanwhile; a leak would be one and more per watch.
    assert.ok(open() < before + 15, `${before} file descriptors before, ${open()} after`)
  })

  for (const [how, end] of [
    ['exits', (monitor: OwnedProcess) => process.kill(monitor.pid, 'SIGUSR2')],
    ['is ended by SIGTERM', (monitor: OwnedProcess) => process.kill(monitor.pid, 'SIGTERM')],
    ['is killed', (monitor: OwnedProcess) => process.kill(monitor.pid, 'SIGKILL')],
  ] as const) {
    it(`ends when the monitor ${how}`, async () => {
      const url = server.url(`live/x?${how.replaceAll(' ', '-')}`)
      const child = fileURLToPath(new URL('./watching.child.ts', import.meta.url))
      const monitor = await startProcess(process.execPath, [child, url], { install: 'npm ci' })
      try {
        await until(
          () => monitor.output().includes('present'),
          20,
          () => `the stream is watched: ${monitor.output()}`,
        )
        assert.equal(pidsOf(url).filter((pid) => pid !== monitor.pid).length >= 1, true)
        end(monitor)
        await monitor.exited
        await until(() => pidsOf(url).length === 0, 3, 'no ffprobe is left')
      } finally {
        await monitor.kill()
      }
    })
  }
})
