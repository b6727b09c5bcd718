/** The demo as two monitors behind a real nginx: `npm start -- --shards 2`. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import type { ClusterStatusDocument } from '../../../src/cluster/cluster-status.ts'
import { MonitorProcess, makeFolder } from '../../app/monitor-process.ts'
import { until } from '../../fixtures/wait.ts'
import { startBrowser } from '../browser.ts'

const PASSWORD = 'open sesame'

describe('npm start -- --shards 2', { timeout: 240_000 }, () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  let browser: Browser
  let url = ''
  before(async () => {
    const env = { DATA_DIR: folder.dataDir, ADMIN_PASSWORD: PASSWORD }
    monitor = new MonitorProcess(folder.path, env, { args: ['--shards', '2'] })
    await monitor.up()
    url = /^ {2}Dashboard +(\S+)\/dashboard/m.exec(monitor.output)?.[1] ?? ''
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await monitor.end()
    folder.remove()
  })

  it('is one cluster, whichever of them the balancer asks, and each has its part', async () => {
    const answered = new Set<string>()
    let last: ClusterStatusDocument | undefined
    const isWell = async () => {
      last = (await (await fetch(`${url}/api/v1/status?scope=cluster`)).json()) as ClusterStatusDocument
      answered.add(last.instance.name)
      return answered.size === 2 && last.targets.length === 6 && last.targets.every(({ state }) => state === 'ok')
    }
    await until(isWell, 90, () => `${JSON.stringify(last)}\n${monitor.output}`)
    const streams = last?.targets.filter(({ kind }) => kind === 'stream').map(({ target, monitor: of }) => [target, of])
    assert.deepEqual(Object.fromEntries(streams ?? []), { demo: 'RTMP HMonitor-1', 'demo-2': 'RTMP HMonitor-0' })
  })

  it('shows both on one dashboard', async () => {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`${url}/dashboard/overview`)
    await page.fill('#password', PASSWORD)
    await page.click('button')
    await page.getByText('RTMP HMonitor, 2 monitors').waitFor()
    const cards = page.locator('.hm-card')
    for (const name of ['demo', 'demo-2']) {
      await cards.filter({ has: page.getByText(name, { exact: true }) }).waitFor()
    }
  })

  it('leaves no process behind after Ctrl-C', async () => {
    assert.match(
      monitor
        .processes()
        .map(({ command }) => command)
        .join('\n'),
      /nginx/,
    )
    monitor.interrupt()
    assert.equal(await monitor.ended(), 0)
    await monitor.gone(5)
  })
})
