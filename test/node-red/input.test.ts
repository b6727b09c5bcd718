import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { handleInput } from '../../src/node-red/input.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import { FakeNode } from './fakes.ts'

describe('the input of a node', () => {
  it('tells Node-RED that a message is done', async () => {
    const node = new FakeNode()
    handleInput(node.asNode(), (msg, { send }) => send(msg))
    assert.equal(await node.receive({ payload: 1 }), undefined)
    assert.deepEqual(node.sent, [{ payload: 1 }])
  })

  it('hands an error with its code to Catch nodes, thrown or rejected', async () => {
    for (const handler of [
      () => {
        throw new MonitorError('invalid-message', 'no payload')
      },
      async () => {
        throw new MonitorError('invalid-message', 'no payload')
      },
    ]) {
      const node = new FakeNode()
      handleInput(node.asNode(), handler)
      const error = await node.receive({})
      assert.equal(error?.code, 'invalid-message')
      assert.equal(String(error), 'Error: no payload')
    }
  })

  it('gives an error that nobody foresaw a code too, whatever was thrown', async () => {
    const node = new FakeNode()
    handleInput(node.asNode(), async () => {
      throw 'a string'
    })
    const error = await node.receive({})
    assert.equal(error?.code, 'internal')
    assert.equal(error?.message, 'a string')
  })

  it('shows no secret in an error, nor in its stack, nor in its cause', async () => {
    for (const error of [
      new Error('cannot read sesame', { cause: new Error('sesame') }),
      new MonitorError('invalid-url', 'sesame', { cause: 'sesame' }),
    ]) {
      const node = new FakeNode()
      handleInput(
        node.asNode(),
        () => {
          throw error
        },
        (text) => text.replaceAll('sesame', '***'),
      )
      const shown = await node.receive({})
      assert.doesNotMatch(`${shown?.message} ${shown?.stack} ${shown?.cause}`, /sesame/)
    }
  })

  it('aborts work when the node closes, and calls that no error', async () => {
    const node = new FakeNode()
    handleInput(node.asNode(), (_msg, { signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    })
    const done = node.receive({})
    await node.close()
    assert.equal(await done, undefined)
  })
})
