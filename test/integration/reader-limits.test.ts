import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { inputArguments } from '../../src/ffmpeg/ffprobe-arguments.ts'
import { inspectStream } from '../../src/ffmpeg/inspect.ts'
import { ffprobeReader } from '../../src/ffmpeg/packet-reader.ts'
import { classifyEnd } from '../../src/ffmpeg/session-end.ts'
import { MEMORY_LIMITS, memoryOf } from '../../src/programs/memory.ts'
import { parseStreamUrl } from '../../src/secrets/stream-address.ts'
import { fakeFfprobe } from '../fixtures/fake-ffprobe.ts'
import { until } from '../fixtures/wait.ts'
import { BUILDS, watch } from './watched.ts'

/** A playlist that names itself ten times: each level of it is ten times as large. */
const variants = Array.from({ length: 10 }, (_, index) => `#EXT-X-STREAM-INF:BANDWIDTH=${index + 1}00000\nself.m3u8`)
const PLAYLIST = `#EXTM3U\n${variants.join('\n')}\n`

/** MB beyond its limit that a reader may reach: what it takes between two looks. */
const OVERSHOOT = 150

/** A reader that holds what it may not. */
const GREEDY = `exec perl -e '$n = ${1.5 * MEMORY_LIMITS.packets} * 1048576; $x = "x" x $n; sleep 60'`

describe('what a program that reads a stream may take', { concurrency: 2 }, () => {
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(PLAYLIST)
  })
  let url = ''
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/self.m3u8`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  for (const [build, file] of Object.entries(BUILDS)) {
    it(`bounds the memory of a real ffprobe that follows a playlist without end (${build})`, async () => {
      const program = await findFfprobe(file)
      const { args } = inputArguments(parseStreamUrl(url), { media: 'both', verifyTls: true, resolved: null })
      const reader = ffprobeReader(() => Promise.resolve(program))
      const source = await reader.start({
        program,
        args,
        url,
        env: {},
        packet: () => {},
        broken: () => {},
        inputFor: () => Promise.resolve(null),
      })
      let most = 0
      const look = setInterval(() => {
        most = Math.max(most, memoryOf(source.pid as number))
      }, 20)
      const exit = await source.ended
      clearInterval(look)
      assert.ok(requests > 10, 'it followed the playlist')
      assert.ok(most < MEMORY_LIMITS.packets + OVERSHOOT, `it held ${most} MB`)
      const ending = classifyEnd({ exit, media: false, silence: 3, readTimeout: 20 })
      assert.equal(ending.end, 'out-of-memory')
      assert.match(
        ending.message,
        /^ffprobe held \d+ MB of memory, where it may hold 300 MB, and was ended, so nothing/,
      )
    })
  }

  it('says that nothing is known of the stream, and does not come back for it at once', async () => {
    const ffprobe = await fakeFfprobe({ reads: GREEDY })
    const watched = watch('rtmp://127.0.0.1:1/live/x', { ffprobe: ffprobe.path })
    try {
      await watched.until('unknown out-of-memory', 15)
      const ends = () => watched.events.filter(({ event }) => event === 'session').length
      assert.equal(ends(), 1)
      await new Promise((resolve) => setTimeout(resolve, 4000))
      assert.equal(ends(), 1)
      assert.equal(watched.said(), 'unknown out-of-memory')
    } finally {
      await watched.stop()
      await ffprobe.remove()
    }
  })

  it('bounds an inspection as well', async () => {
    const ffprobe = await fakeFfprobe({ reads: GREEDY })
    try {
      const program = await findFfprobe(ffprobe.path)
      const address = parseStreamUrl('rtmp://127.0.0.1:1/live/x')
      await assert.rejects(inspectStream(address, program, new AbortController().signal), {
        code: 'inspection-failed',
        message: /held \d+ MB of memory, where it may hold 300 MB, and was ended/,
      })
    } finally {
      await ffprobe.remove()
    }
  })

  for (const [what, reads] of [
    ['a line without an end', 'exec perl -e \'$| = 1; print "x" x 65536 while 1\''],
    ['what it complains of without an end', 'exec perl -e \'print STDERR "no key here" x 6000 while 1\''],
    ['garbage as fast as it can', 'exec yes packet,what,is,this'],
  ] as const) {
    it(`keeps none of ${what}`, async () => {
      const ffprobe = await fakeFfprobe({ reads })
      const before = process.memoryUsage.rss()
      const watched = watch('rtmp://127.0.0.1:1/live/x', { ffprobe: ffprobe.path })
      let most = 0
      let late = 0
      let last = performance.now()
      const look = setInterval(() => {
        const now = performance.now()
        late = Math.max(late, now - last - 20)
        last = now
        most = Math.max(most, process.memoryUsage.rss() - before)
      }, 20)
      try {
        await new Promise((resolve) => setTimeout(resolve, 5000))
        assert.ok(most < 150 * 2 ** 20, `${Math.round(most / 2 ** 20)} MB more`)
        assert.ok(late < 1500, `the event loop stood still for ${Math.round(late)} ms`)
      } finally {
        clearInterval(look)
        await watched.stop()
        await ffprobe.remove()
      }
    })
  }

  it('says what the system is short of where it cannot start one, which is nothing of the stream', async () => {
    const ffprobe = await fakeFfprobe({ reads: 'sleep 60' })
    try {
      const args = ['--nofile=64:64', process.execPath, '--input-type=module', '-e', withoutDescriptors(ffprobe.path)]
      const { stdout } = await promisify(execFile)('prlimit', args, { timeout: 30_000 })
      const [first, second] = stdout.trim().split('\n')
      assert.match(
        first ?? '',
        /^unknown no-resources .*as many files and connections open as it may have; .*ulimit -n/,
      )
      // It goes on by itself when there are some again.
      assert.match(second ?? '', /^unknown connecting/)
    } finally {
      await ffprobe.remove()
    }
  })

  it('says that it could not be started where it has gone meanwhile', async () => {
    const ffprobe = await fakeFfprobe({ reads: 'exit 1' })
    const program = await findFfprobe(ffprobe.path)
    const watched = watch('rtmp://127.0.0.1:1/live/x', {
      reader: 'ffprobe',
      programs: { ffprobe: () => Promise.resolve({ ...program, path: '/nowhere/ffprobe' }) },
    })
    try {
      await watched.until('unknown crashed', 10)
      await until(() => /could not be started/.test(JSON.stringify(watched.read())), 5, 'it says so')
    } finally {
      await watched.stop()
      await ffprobe.remove()
    }
  })
})

/** A process that has no descriptor left while it watches a stream, and then has some. */
function withoutDescriptors(ffprobe: string): string {
  const watched = new URL('watched.ts', import.meta.url).href
  return `
    import { closeSync, openSync } from 'node:fs'
    const { watch } = await import(${JSON.stringify(watched)})
    const taken = []
    try {
      for (;;) taken.push(openSync('/dev/null'))
    } catch {}
    const one = watch('rtmp://127.0.0.1:1/live/x', { ffprobe: ${JSON.stringify(ffprobe)} })
    await one.until('unknown no-resources', 10)
    const says = JSON.stringify(one.read().message)
    taken.forEach((fd) => closeSync(fd))
    console.log(one.said(), says)
    await one.until('unknown connecting', 15)
    console.log(one.said())
    await one.stop()
    process.exit()
  `
}
