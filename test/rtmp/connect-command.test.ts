import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeAmf0, encodeAmf0 } from '../../src/rtmp/amf0.ts'
import { connectCommand, readConnectAnswer } from '../../src/rtmp/dialogue.ts'
import { clientHello, RANDOM_LENGTH, readServerHello } from '../../src/rtmp/handshake.ts'

const status = (code: string, description = '') => ({ level: 'status', code, description })

describe('the command connect', () => {
  it('names the application and the server, and nothing else of the address', () => {
    const [name, transaction, about] = decodeAmf0(connectCommand('live', 'rtmp://server.example:1935/live'))
    assert.deepEqual([name, transaction], ['connect', 1])
    const { app, tcUrl } = about as Record<string, string>
    assert.deepEqual([app, tcUrl], ['live', 'rtmp://server.example:1935/live'])
  })

  it('is answered by a result', () => {
    const payload = encodeAmf0('_result', 1, { fmsVer: 'FMS/3,0,1,123' }, status('NetConnection.Connect.Success', 'ok'))
    assert.deepEqual(readConnectAnswer({ type: 20, payload }), {
      accepted: true,
      code: 'NetConnection.Connect.Success',
      description: 'ok',
    })
  })

  it('is answered by a result in a message for AMF3', () => {
    const answer = encodeAmf0('_result', 1, null, status('x'))
    assert.equal(readConnectAnswer({ type: 17, payload: Buffer.concat([Buffer.of(0), answer]) })?.accepted, true)
    // Some leave the byte out that says that AMF0 follows.
    assert.equal(readConnectAnswer({ type: 17, payload: answer })?.accepted, true)
  })

  it('is turned away by an error, a status or a close', () => {
    const rejected = status('NetConnection.Connect.Rejected', 'no such application')
    for (const payload of [
      encodeAmf0('_error', 1, null, rejected),
      encodeAmf0('onStatus', 0, null, rejected),
      encodeAmf0('close', 0, null),
    ]) {
      assert.equal(readConnectAnswer({ type: 20, payload })?.accepted, false)
    }
  })

  it('is not answered by what else a server says first', () => {
    assert.equal(readConnectAnswer({ type: 5, payload: Buffer.alloc(4) }), null)
    assert.equal(readConnectAnswer({ type: 20, payload: encodeAmf0('onBWDone', 0, null) }), null)
    assert.equal(readConnectAnswer({ type: 20, payload: encodeAmf0('_result', 2, null) }), null)
  })
})

describe('the handshake of RTMP', () => {
  const hello = (rest = 0) =>
    Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 1), Buffer.alloc(1536, 2), Buffer.alloc(rest)])

  it('begins with the version and 1536 bytes', () => {
    const bytes = clientHello(Buffer.alloc(RANDOM_LENGTH, 7))
    assert.equal(bytes.length, 1537)
    assert.deepEqual([...bytes.subarray(0, 10)], [3, 0, 0, 0, 0, 0, 0, 0, 0, 7])
  })

  it('waits for all of the answer, and repeats what the server said', () => {
    assert.deepEqual(readServerHello(Buffer.alloc(0)), { answer: 'incomplete' })
    assert.deepEqual(readServerHello(hello().subarray(0, 3072)), { answer: 'incomplete' })
    const answer = readServerHello(hello(5))
    assert.ok(answer.answer === 'complete')
    assert.deepEqual(answer.acknowledge, Buffer.alloc(1536, 1))
    assert.equal(answer.rest.length, 5)
  })

  it('says what answers in the place of RTMP', () => {
    const says = (text: string | Buffer) => {
      const answer = readServerHello(Buffer.from(text))
      return answer.answer === 'wrong' ? answer.message : answer.answer
    }
    assert.match(says('HTTP/1.1 400 Bad Request'), /HTTP/)
    assert.match(says(Buffer.of(0x15, 3, 1)), /rtmps:\/\//)
    assert.match(says('SSH-2.0-OpenSSH'), /not RTMP/)
  })
})
