import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findFfmpeg } from '../../src/ffmpeg/binaries.ts'
import { fakeFfprobe } from '../fixtures/fake-ffprobe.ts'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { BUILDS, FIRST_MEDIA, watch } from './watched.ts'

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

/** Programs under a name of their own, by which their processes are known: no address stands in a process list. */
function ownPrograms(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `programs-${name}-`))
  symlinkSync(BUILDS.static, join(folder, 'ffprobe'))
  symlinkSync('/usr/bin/ffmpeg', join(folder, 'ffmpeg'))
  const ffmpeg = join(folder, 'ffmpeg')
  return { folder, options: { ffprobe: join(folder, 'ffprobe'), programs: { ffmpeg: () => findFfmpeg(ffmpeg) } } }
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
    // A number that nobody else on this machine sleeps for. What is ignored stays ignored in the program that takes the shell's place.
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
    const { folder, options } = ownPrograms('killed')
    const watched = watch(server.url('live/x'), options)
    try {
      await watched.until('present', 15)
      for (const pid of pidsOf(folder)) process.kill(pid, 'SIGKILL')
      await watched.until('unknown killed', 2)
      await watched.until('present', 10)
      assert.equal(watched.read().measurements.total.sessions.killed, 1)
    } finally {
      await watched.stop()
    }
  })

  for (const checks of ['packets', 'content'] as const) {
    it(`is started again when somebody stops it, and the stream is never said to stall (${checks})`, async () => {
      const { folder, options } = ownPrograms(`stopped-${checks}`)
      const watched = watch(server.url('live/x'), { ...options, checks })
      try {
        await watched.until('present', FIRST_MEDIA)
        const stopped = pidsOf(folder)
        for (const pid of stopped) process.kill(pid, 'SIGSTOP')
        await watched.until('unknown', 4)
        await watched.until('present', FIRST_MEDIA)
        assert.deepEqual(
          watched.changes.map(({ said }) => said).filter((said) => said.startsWith('absent')),
          [],
        )
        // One that is stopped hears no SIGTERM: it has two seconds, and is killed.
        const isGone = () => !pidsOf(folder).some((pid) => stopped.includes(pid))
        await until(isGone, 4, 'those that were stopped have ended')
      } finally {
        await watched.stop()
      }
    })
  }

  it('is started again with the new address when a secret changes, and only then', async () => {
    let key = 'one'
    let changed = () => {}
    const { folder, options } = ownPrograms('changed')
    const watched = watch(server.url('live/${KEY}'), {
      ...options,
      context: {
        expand: (template) => template.replace('${KEY}', key),
        onSecretChanged: (listener) => {
          changed = listener
          return () => {}
        },
      },
    })
    try {
      await until(() => pidsOf(folder).length === 1, 15, 'the first address is read')
      const before = pidsOf(folder)
      changed()
      key = 'x'
      changed()
      await watched.until('present', 10)
      assert.equal(before.length, 1)
      assert.ok(!pidsOf(folder).some((pid) => before.includes(pid)))
      assert.equal(watched.events.length, 1)
    } finally {
      await watched.stop()
    }
  })

  it('leaves nothing behind when its watch ends', async () => {
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    const { folder, options } = ownPrograms('nothing-left')
    for (let round = 0; round < 3; round++) {
      const watches = Array.from({ length: 5 }, () => watch(server.url('live/x'), options))
      await until(() => pidsOf(folder).length >= 5, 15, 'five processes run')
      await Promise.all(watches.map((watched) => watched.stop()))
      assert.deepEqual(pidsOf(folder), [])
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
      const { folder, options } = ownPrograms(how.replaceAll(' ', '-'))
      const child = fileURLToPath(new URL('./watching.child.ts', import.meta.url))
      const monitor = await startProcess(process.execPath, [child, server.url('live/x'), options.ffprobe], {
        install: 'npm ci',
      })
      try {
        await until(
          () => monitor.output().includes('present'),
          20,
          () => `the stream is watched: ${monitor.output()}`,
        )
        assert.equal(pidsOf(folder).filter((pid) => pid !== monitor.pid).length >= 1, true)
        end(monitor)
        await monitor.exited
        await until(() => pidsOf(folder).length === 0, 3, 'no ffprobe is left')
      } finally {
        await monitor.kill()
      }
    })
  }
})
