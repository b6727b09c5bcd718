import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { monitorState, monitorStates } from '../../src/node-red/monitor-states.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const monitor = (more: object = {}): FlowNode => ({
  id: 'monitor-1',
  type: 'hmonitor-monitor',
  name: 'hall',
  site: 'main-hall',
  ...more,
})
const ids = () => monitorStates().map(({ id }) => id)

describe('the monitor node', () => {
  let runtime: TestRuntime
  afterEach(async () => {
    await runtime.deploy(flowOf())
    await runtime.stop()
  })

  it('names its monitor and its site', async () => {
    runtime = await TestRuntime.start([...flowOf(), monitor()])
    assert.equal(monitorState('monitor-1').name, 'hall')
    assert.equal(monitorState('monitor-1').site, 'main-hall')
  })

  it('takes the site of the environment where its dialog names none', async () => {
    process.env.SITE = 'annex'
    try {
      runtime = await TestRuntime.start([...flowOf(), monitor({ site: '' })])
      assert.equal(monitorState('monitor-1').site, 'annex')
    } finally {
      delete process.env.SITE
    }
  })

  it('takes the time zone of its dialog, else of the environment, else of this computer', async () => {
    process.env.TIMEZONE = 'Asia/Tokyo'
    try {
      runtime = await TestRuntime.start([...flowOf(), monitor({ timezone: 'Europe/Berlin' })])
      const state = monitorState('monitor-1')
      assert.equal(state.timezone, 'Europe/Berlin')
      await runtime.deploy([...flowOf(), monitor()], 'nodes')
      assert.equal(state.timezone, 'Asia/Tokyo')
      await runtime.deploy([...flowOf(), monitor({ timezone: 'Mars/Olympus' })], 'nodes')
      assert.equal(state.timezone, Intl.DateTimeFormat().resolvedOptions().timeZone)
    } finally {
      delete process.env.TIMEZONE
    }
  })

  it('takes the language of its dialog, else of the environment, else English', async () => {
    process.env.SITE_LANGUAGE = 'de'
    try {
      runtime = await TestRuntime.start([...flowOf(), monitor({ language: 'en' })])
      const state = monitorState('monitor-1')
      assert.equal(state.language, 'en')
      await runtime.deploy([...flowOf(), monitor()], 'nodes')
      assert.equal(state.language, 'de')
      await runtime.deploy([...flowOf(), monitor({ language: 'tlh' })], 'nodes')
      assert.equal(state.language, 'en')
    } finally {
      delete process.env.SITE_LANGUAGE
    }
  })

  it('keeps what the monitor knows over a deploy, and changes its name', async () => {
    runtime = await TestRuntime.start([...flowOf(), monitor()])
    const state = monitorState('monitor-1')
    await runtime.deploy([...flowOf(), monitor({ name: 'annex' })], 'nodes')
    await runtime.deploy([...flowOf(), monitor({ name: 'annex' })], 'full')
    assert.equal(monitorState('monitor-1'), state)
    assert.equal(state.name, 'annex')
  })

  it('takes all of it along when it is removed', async () => {
    runtime = await TestRuntime.start([...flowOf(), monitor()])
    assert.ok(ids().includes('monitor-1'))
    await runtime.deploy(flowOf(), 'nodes')
    assert.ok(!ids().includes('monitor-1'))
  })
})
