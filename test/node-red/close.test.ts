import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { handleClose } from '../../src/node-red/lifecycle.ts'
import { FakeNode } from './fakes.ts'

describe('the closing of a node', () => {
  it('is waited for', async () => {
    const node = new FakeNode()
    const order: string[] = []
    handleClose(node.asNode(), async () => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push('closed')
    })
    await node.close()
    assert.deepEqual(order, ['closed'])
  })

  it('knows whether the node was removed', async () => {
    for (const removed of [true, false]) {
      const node = new FakeNode()
      const seen: boolean[] = []
      handleClose(node.asNode(), (flag) => void seen.push(flag))
      await node.close(removed)
      assert.deepEqual(seen, [removed])
    }
  })

  it('ends and says so when it fails, at once or later', async () => {
    for (const fail of [
      () => {
        throw new Error('stuck')
      },
      () => Promise.reject(new Error('stuck')),
    ]) {
      const node = new FakeNode()
      handleClose(node.asNode(), fail)
      await node.close()
      assert.match(node.errors.join(), /stuck/)
    }
  })

  it('does not hold up a deploy when it takes too long', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const node = new FakeNode()
      handleClose(node.asNode(), () => new Promise(() => {}))
      const closed = node.close()
      mock.timers.tick(10_000)
      await closed
    } finally {
      mock.timers.reset()
    }
  })
})
