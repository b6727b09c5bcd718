import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { root, startRuntime } from '../runtime.ts'
import { type FlowFile, flowFiles } from './flow-files.ts'
import { writeOtherExporter } from './other-exporter.ts'

describe('a flow file in a real runtime starts, and has nothing to complain of', () => {
  let folder: string
  /** What the flows may call over HTTP: the application, as its variables name it. */
  const application = createServer((_request, response) => response.end('{}'))

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hmonitor-foreign-'))
    await writeOtherExporter(folder)
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  })
  after(async () => {
    application.close()
    await rm(folder, { recursive: true, force: true })
  })

  const start = ({ nodes }: FlowFile) => {
    const url = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
    const env = {
      PROMETHEUS_METRICS_PATH: '/exporter/metrics',
      DEMO_URL: url,
      HMONITOR_URL: url,
      RTMP_STREAMS: 'main=rtmp://127.0.0.1:1/live/stream',
    }
    return startRuntime({ flows: nodes, nodesDir: [root, folder], env })
  }

  /** A page of the demo stands on the dashboard that is shipped beside it. */
  const withDashboard = (file: FlowFile): FlowFile => {
    const has = (type: string) => file.nodes.some((node) => node.type === type)
    const dashboard = flowFiles().find(({ path }) => path === 'flows/dashboard.json')
    return has('ui-page') && !has('ui-base') ? { ...file, nodes: [...(dashboard?.nodes ?? []), ...file.nodes] } : file
  }

  for (const file of flowFiles().map(withDashboard)) {
    it(file.path, async () => {
      const runtime = await start(file)
      try {
        const ours = file.nodes.filter(({ type }) => /^hmonitor-(ffprobe|targets)$/.test(type))
        await until(() => ours.every(({ id }) => runtime.status.has(id)), 10, 'every probe shows a status')
        assert.deepEqual(
          runtime.complaints().map(({ level, text }) => `${level}: ${text}`),
          [],
        )
      } finally {
        await runtime.stop()
      }
    })
  }
})
