import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { root, startRuntime } from '../runtime.ts'
import { type FlowFile, FOREIGN, flowFiles } from './flow-files.ts'

/** What stands in for packages that are not ours to install: the node types, and nothing that they do. */
async function writeForeignNodes(folder: string): Promise<void> {
  const register = FOREIGN.map(
    (type) => `RED.nodes.registerType('${type}', function (n) { RED.nodes.createNode(this, n) })`,
  )
  const templates = FOREIGN.map((type) => `<script type="text/html" data-template-name="${type}"></script>`)
  await writeFile(join(folder, 'foreign.js'), `module.exports = (RED) => {\n${register.join('\n')}\n}\n`)
  await writeFile(join(folder, 'foreign.html'), templates.join('\n'))
}

describe('a flow file in a real runtime starts, and has nothing to complain of', () => {
  let folder: string
  /** What the flows may call over HTTP: the application, as its variables name it. */
  const application = createServer((_request, response) => response.end('{}'))

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hmonitor-foreign-'))
    await writeForeignNodes(folder)
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  })
  after(async () => {
    application.close()
    await rm(folder, { recursive: true, force: true })
  })

  const start = ({ nodes }: FlowFile) => {
    const url = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
    const env = { DEMO_URL: url, HMONITOR_URL: url, RTMP_STREAMS: 'main=rtmp://127.0.0.1:1/live/stream' }
    return startRuntime({ flows: nodes, nodesDir: [root, folder], env })
  }

  for (const file of flowFiles()) {
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
