import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseExposition, valuesOf } from '../exposition.ts'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { root, startRuntime } from '../runtime.ts'
import { flowFiles } from './flow-files.ts'
import { writeOtherExporter } from './other-exporter.ts'

describe("flows/integrations: another package's exporter, fed from output 2 of record", () => {
  it('serves what is measured of a stream, and its counters grow', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hmonitor-exporter-'))
    await writeOtherExporter(folder)
    const server = await startNginxRtmp()
    const publisher = await startPublisher(server.url('live/main'), { gop: 0.5 })
    const [integration] = flowFiles().filter(({ role }) => role === 'integration')
    const flows = integration?.nodes.map((node) =>
      node.type === 'hmonitor-ffprobe' ? { ...node, url: server.url('live/main') } : node,
    )
    const runtime = await startRuntime({
      flows: flows ?? [],
      nodesDir: [root, folder],
      env: { PROMETHEUS_METRICS_PATH: '/exporter/metrics' },
    })
    const value = async (name: string, labels = {}) =>
      valuesOf(parseExposition(await (await runtime.fetch('/exporter/metrics')).text()), name, labels)[0] ?? 0
    const bytes = () => value('hmonitor_stream_received_bytes_total', { target: 'main', media: 'video' })
    try {
      await until(async () => (await value('hmonitor_stream_up', { target: 'main' })) === 1, 20, 'the stream is up')
      const before = await bytes()
      await until(async () => (await bytes()) > before, 10, 'bytes are counted')
      const isRate = async () => Math.abs((await value('hmonitor_stream_frames_per_second')) - 30) < 1
      await until(isRate, 20, '30 frames per second')
      assert.deepEqual(runtime.complaints(), [])
    } finally {
      await runtime.stop()
      await publisher.kill()
      await server.stop()
      await rm(folder, { recursive: true })
    }
  })
})
