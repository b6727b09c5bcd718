/** Judging depends on no wire: a real Node-RED in which nothing is wired to the outputs of the probe nodes. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { WebPresenter } from '../../app/demo/web-presenter/web-presenter.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { freePort } from '../fixtures/ports.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { shippedFlow, startWatching, type Watching } from '../watching.ts'

const ALERT: FlowNode = { id: 'alert-1', type: 'hmonitor-alert', z: '', criticalHold: '0', wires: [['told'], []] }
const TOLD: FlowNode = { id: 'told', type: 'debug', z: '', active: false, wires: [] }

describe('a flow in which no probe node is wired to anything', () => {
  let encoder: WebPresenter
  let watching: Watching
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-unwired-'))
  before(async () => {
    encoder = await WebPresenter.start({ connectSeconds: 0 })
    const file = join(folder, 'targets.json')
    const limits = { streamOffline: { enter: 0.5, enterHold: 0 }, streamNeverReached: { enterHold: 1 } }
    const targets = {
      streams: [
        {
          name: 'main',
          url: `rtmp://127.0.0.1:${await freePort()}/live/main`,
          expected: 'always',
          dependsOn: ['encoder'],
          limits,
        },
      ],
      webPresenters: [{ name: 'encoder', address: encoder.restAddress, interval: 1 }],
    }
    writeFileSync(file, JSON.stringify(targets))
    const flows = shippedFlow()
    const tab = flows.find(({ type }) => type === 'hmonitor-targets')?.z
    const unwired = flows
      .filter(({ type }) => type !== 'hmonitor-record')
      .map((node) => (isProbe(node) ? { ...node, wires: [[], [], []] } : node))
    watching = await startWatching({
      flows: [...unwired, { ...ALERT, z: tab }, { ...TOLD, z: tab }],
      env: { TARGETS_FILE: file, METRICS_TOKEN: '' },
    })
  })
  after(async () => {
    await watching?.stop()
    await encoder?.switchOff()
    rmSync(folder, { recursive: true, force: true })
  })

  const isProbe = ({ type }: FlowNode) => type === 'hmonitor-ffprobe' || type === 'hmonitor-web-presenter'
  const observed = async (name: string) => (await watching.status(name)) as Observation | undefined
  const fired = () => watching.runtime.from('alert-1').map(({ payload }) => payload as Alert)

  it('says in the status how its targets are', async () => {
    await until(
      async () => (await observed('main'))?.state === 'down',
      15,
      () => watching.described(),
    )
    assert.equal((await observed('main'))?.error, undefined)
  })

  it('judges one target by another: an encoder that is idle while its stream is expected', async () => {
    const types = async () => (await observed('encoder'))?.issues.map(({ type }) => type) ?? []
    await until(
      async () => (await types()).includes('encoderIdle'),
      20,
      () => watching.described(),
    )
    const [issue] = (await observed('encoder'))?.issues ?? []
    assert.match(issue?.summary ?? '', /expected streaming for "main"/)
  })

  it('fires the alert of it once', async () => {
    const idle = () => fired().filter(({ alertname }) => alertname === 'HmonitorEncoderIdle')
    await until(
      () => idle().length > 0,
      20,
      () =>
        fired()
          .map(({ alertname }) => alertname)
          .join(', '),
    )
    assert.deepEqual(
      idle().map(({ change }) => change),
      ['firing'],
    )
  })

  it('is well in /health: what is measured is fresh', async () => {
    const response = await watching.runtime.fetch('/health')
    const { reasons } = (await response.json()) as { reasons: { code: string }[] }
    assert.deepEqual(
      reasons.filter(({ code }) => code === 'stale'),
      [],
    )
    assert.equal(response.status, 200, JSON.stringify(reasons))
  })

  it('has no metrics of its targets: those are what the flow gives to record', async () => {
    assert.equal(await watching.value('hmonitor_stream_up', { target: 'main' }), undefined)
    assert.equal(await watching.value('hmonitor_targets', { kind: 'stream' }), 1)
  })
})
