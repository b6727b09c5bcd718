import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StatusLine } from '../../src/node-red/status.ts'
import { FakeNode } from './fakes.ts'

describe('the line under a node', () => {
  it('is sent only when it changes', () => {
    const node = new FakeNode()
    const status = new StatusLine(node.asNode())
    status.show('green', 'dot', 'ok 4.1 Mb/s')
    status.show('green', 'dot', 'ok 4.1 Mb/s')
    status.show('red', 'dot', 'ok 4.1 Mb/s')
    status.clear()
    status.clear()
    assert.deepEqual(node.statuses, [
      { fill: 'green', shape: 'dot', text: 'ok 4.1 Mb/s' },
      { fill: 'red', shape: 'dot', text: 'ok 4.1 Mb/s' },
      {},
    ])
  })

  it('never exceeds what fits under a node', () => {
    const node = new FakeNode()
    new StatusLine(node.asNode()).show('yellow', 'dot', 'videoIngestionStarved')
    assert.deepEqual(node.statuses, [{ fill: 'yellow', shape: 'dot', text: 'videoIngestionStarv…' }])
  })
})
