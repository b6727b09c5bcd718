import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dashboardPath, dashboardUrl } from '../../src/nodes/notify/dashboard-url.ts'

/** As much of a runtime as is looked at. */
const runtime = (httpNodeRoot: unknown, ...nodes: object[]) =>
  ({ settings: { httpNodeRoot }, nodes: { eachNode: (each: (node: object) => void) => nodes.forEach(each) } }) as never

describe('the link of a message to the dashboard', () => {
  it('leads to where the dashboard is deployed, behind httpNodeRoot', () => {
    assert.equal(dashboardPath(runtime('/')), '/dashboard')
    assert.equal(dashboardPath(runtime(undefined, { type: 'inject' })), '/dashboard')
    assert.equal(dashboardPath(runtime('/hm/', { type: 'ui-base', path: '/wall/screen' })), '/hm/wall/screen')
    assert.equal(dashboardPath(runtime('hm', { type: 'ui-base', path: 'wall' })), '/hm/wall')
    assert.equal(dashboardPath(runtime(false, { type: 'ui-base', path: 7 })), '/dashboard')
  })

  it('is what DASHBOARD_URL says, where it is an address of the web', () => {
    const own = { HMONITOR_URL: 'http://127.0.0.1:1880' }
    assert.equal(dashboardUrl('/wall', own), 'http://127.0.0.1:1880/wall')
    assert.equal(
      dashboardUrl('/wall', { ...own, DASHBOARD_URL: ' https://hall.example/hm ' }),
      'https://hall.example/hm',
    )
    assert.equal(dashboardUrl('/wall', { ...own, DASHBOARD_URL: 'javascript:alert(1)' }), null)
    assert.equal(dashboardUrl('/wall', {}), null)
  })
})
