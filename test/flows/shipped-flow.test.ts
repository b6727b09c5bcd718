import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { until } from '../fixtures/wait.ts'
import { startWatching, streamList, type Watching } from '../watching.ts'

const GOPS = { half: 0.5, two: 2, ten: 10 }
type Name = keyof typeof GOPS
const names = Object.keys(GOPS) as Name[]

/** Bytes per second of a clip's video, from its own packets. */
function trueVideoRate(clip: string): number {
  const of = (entries: string, extra: string[]) =>
    execFileSync('ffprobe', ['-v', 'error', ...extra, '-show_entries', entries, '-of', 'csv=p=0', clip], {
      encoding: 'utf8',
    })
  const sizes = of('packet=size', ['-select_streams', 'v']).split('\n').map(Number)
  const frameRate = 30
  const packets = sizes.filter((size) => size > 0)
  return (packets.reduce((sum, size) => sum + size, 0) / packets.length) * frameRate
}

for (const start of [startNginxRtmp, startNodeMediaServer]) {
  describe(`the shipped flow, watching ${start === startNginxRtmp ? 'nginx-rtmp' : 'node-media-server'}`, () => {
    let server: RtmpServer
    let watching: Watching
    const publishers = new Map<Name, Publisher>()
    const publish = async (name: Name) => {
      publishers.set(name, await startPublisher(server.url(`live/${name}`), { gop: GOPS[name] }))
    }

    before(async () => {
      server = await start()
      await Promise.all(names.map(publish))
      const streams = Object.fromEntries(names.map((name) => [name, server.url(`live/${name}`)]))
      watching = await startWatching({ env: { RTMP_STREAMS: streamList(streams) } })
    })
    after(async () => {
      await watching?.stop()
      await Promise.all([...publishers.values()].map((publisher) => publisher.kill()))
      await server?.stop()
    })

    for (const name of names) {
      it(`sees video with a key frame every ${GOPS[name]} s`, async () => {
        await watching.untilUp(name, 1, 30)
        await until(
          async () => Number(await watching.value('hmonitor_stream_keyframes_total', { target: name })) > 0,
          15,
          'a key frame is counted',
        )
      })
    }

    for (const name of names) {
      it(`measures the bitrate of ${name} within 2 %`, async () => {
        const labels = { target: name, media: 'video' }
        const measure = () => watching.value('hmonitor_stream_received_bytes_per_second', labels)
        const truth = trueVideoRate(publishers.get(name)?.clip ?? '')
        const isClose = async () => Math.abs(Number(await measure()) / truth - 1) < 0.02
        await until(isClose, 30, () => `${name}: ${truth} bytes per second`)
      })
    }

    it('measures frame rate and key frame interval', async () => {
      const isTrue = async () => {
        const frameRate = Number(await watching.value('hmonitor_stream_frames_per_second', { target: 'two' }))
        const interval = Number(await watching.value('hmonitor_stream_keyframe_interval_seconds', { target: 'two' }))
        // Time stamps of FLV are whole milliseconds.
        return Math.abs(frameRate - 30) < 0.3 && Math.abs(interval - 2) < 0.01
      }
      await until(isTrue, 20, '30 frames per second and a key frame every 2 s')
    })

    it('says that all is well, without a warning in the log', async () => {
      for (const name of names) {
        await until(
          async () => (await watching.status(name))?.state === 'ok',
          20,
          () => `${name} is ok`,
        )
      }
      assert.equal((await watching.runtime.fetch('/health')).status, 200)
      assert.deepEqual(watching.runtime.complaints(), [])
    })

    it('says within 3 s that a publisher is gone, and of no other', async () => {
      await publishers.get('two')?.kill()
      await watching.untilUp('two', 0, 3)
      assert.equal(await watching.value('hmonitor_stream_up', { target: 'half' }), 1)
      assert.equal(await watching.value('hmonitor_stream_up', { target: 'ten' }), 1)
    })

    it('names the fault and what to do', async () => {
      const offline = async () => {
        return (await watching.status('two'))?.issues.find(({ type }) => type === 'streamOffline')
      }
      await until(async () => (await offline()) !== undefined, 10, 'streamOffline is raised')
      assert.ok(((await offline())?.remedy.length ?? 0) > 0)
      assert.equal((await watching.status('two'))?.state, 'down')
    })

    it('says that the publisher is back, and clears the fault after it has flowed for 5 s', async () => {
      await publish('two')
      await watching.untilUp('two', 1, 6)
      await until(async () => (await watching.status('two'))?.state === 'ok', 30, 'two is ok')
    })
  })
}
