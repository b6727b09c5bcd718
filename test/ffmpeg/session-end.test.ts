import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classifyEnd, type EndFacts } from '../../src/ffmpeg/session-end.ts'
import { SESSION_ENDS, type SessionEnd } from '../../src/observation/stream.ts'

const EXIT = { code: 1, signal: null, startError: null, memoryOver: null, stderr: '' }

function end(facts: Partial<Omit<EndFacts, 'exit'>> & { exit?: Partial<EndFacts['exit']> }) {
  return classifyEnd({ media: false, silence: 0.2, readTimeout: 20, ...facts, exit: { ...EXIT, ...facts.exit } })
}

/** What ffprobe 5.1.9 and the static build of 2023 wrote, measured; all of it before any packet. */
const STDERR: [string, string, SessionEnd][] = [
  [
    'nothing listens',
    '[tcp @ 0x1] Connection to tcp://127.0.0.1:1?tcp_nodelay=0 failed: Connection refused\n[rtmp @ 0x1] Cannot open connection tcp://127.0.0.1:1?tcp_nodelay=0\nrtmp://127.0.0.1:1/live/x: Connection refused\n',
    'refused',
  ],
  [
    'no such host',
    '[tcp @ 0x1] Failed to resolve hostname nope.invalid: Name or service not known\n[rtmp @ 0x1] Cannot open connection tcp://nope.invalid:1935?tcp_nodelay=0\nrtmp://nope.invalid/live/x: Input/output error\n',
    'unreachable',
  ],
  [
    'a name service that does not answer',
    '[tcp @ 0x1] Failed to resolve hostname relay.example: Temporary failure in name resolution\nrtmp://relay.example/live/x: Input/output error\n',
    'dns-failed',
  ],
  [
    'a redirect to a file',
    "[file @ 0x1] Protocol 'file' not on whitelist 'http,https,tls,tcp,crypto'!\nhttp://127.0.0.1/x: Invalid argument\n",
    'refused',
  ],
  ['no route', 'rtmp://192.0.2.1/live/x: No route to host', 'unreachable'],
  [
    'no RTMP',
    '[rtmp @ 0x1] Cannot read RTMP handshake response\nrtmp://127.0.0.1:33527/live/x: End of file\n',
    'refused',
  ],
  [
    'garbage',
    '[rtmp @ 0x1] Server response validating failed\nrtmp://127.0.0.1:39397/live/x: Input/output error\n',
    'refused',
  ],
  [
    'a reset',
    '[rtmp @ 0x1] Cannot read RTMP handshake response\nrtmp://127.0.0.1:35567/live/x: Connection reset by peer\n',
    'refused',
  ],
  [
    'a silent peer',
    '[rtmp @ 0x1] Cannot read RTMP handshake response\nrtmp://127.0.0.1:43531/live/x: Connection timed out\n',
    'timeout',
  ],
  [
    'silence where TLS is expected',
    '[tls @ 0x1] Error in the pull function.\n[tls @ 0x1] IO error: Connection timed out\n[rtmps @ 0x1] Cannot open connection tls://localhost:4\nrtmps://localhost:4/live/one: Connection timed out\n',
    'timeout',
  ],
  [
    'a bad certificate',
    '[tls @ 0x1] Peer certificate failed verification\n[rtmps @ 0x1] Cannot open connection tls://localhost:43585\nrtmps://localhost:43585/live/one: Input/output error\n',
    'refused',
  ],
  [
    'the certificate of another host',
    "[tls @ 0x1] The certificate's owner does not match hostname other.example\n",
    'refused',
  ],
  ['HTTP 404', 'http://127.0.0.1:41205/404.m3u8: Server returned 404 Not Found\n', 'not-found'],
  ['HTTP 403', 'http://127.0.0.1:41205/403.flv: Server returned 403 Forbidden (access denied)\n', 'refused'],
  ['HTTP 500', 'http://127.0.0.1:41205/500: Server returned 5XX Server Error reply\n', 'refused'],
  [
    'RTMP: no such stream',
    '[rtmp @ 0x1] Server error: NetStream.Play.StreamNotFound\nrtmp://h/live/x: Operation not permitted\n',
    'not-found',
  ],
  ['RTMP: an error', '[rtmp @ 0x1] Server error: rejected by policy\n', 'refused'],
  ['a page', 'http://127.0.0.1:41205/html: Invalid data found when processing input\n', 'refused'],
  ['HTTP 429', 'http://127.0.0.1:1/x: Server returned 4XX Client Error, but not one of 40{0,1,3,4}\n', 'refused'],
  ['HTTP 400', 'http://127.0.0.1:1/x: Server returned 400 Bad Request\n', 'refused'],
  [
    'an unknown option',
    "Unrecognized option 'nope'.\nError splitting the argument list: Option not found\n",
    'crashed',
  ],
  [
    'missing libraries',
    'ffprobe: error while loading shared libraries: libavdevice.so.59: cannot open shared object file\n',
    'crashed',
  ],
  ['a closed door', 'rtmp://127.0.0.1:41365/nope/x: Input/output error\n', 'refused'],
  ['nothing at all', '', 'refused'],
]

describe('why a session ended', () => {
  for (const [what, stderr, expected] of STDERR) {
    it(`is ${expected} after ${what}`, () => assert.equal(end({ exit: { stderr } }).end, expected))
  }

  it('is never said more surely than the words allow', () => {
    const says = (stderr: string, silence = 0.2) => end({ exit: { stderr }, silence })
    const closed = says('[rtmp @ 0x1] Cannot read RTMP handshake response\nrtmp://127.0.0.1:1/live/x: End of file\n')
    assert.match(closed.message, /takes no more connections at present.*or.*does not speak RTMP/)
    const garbage = says('[rtmp @ 0x1] Server response validating failed\nrtmp://127.0.0.1:1/x: Input/output error\n')
    assert.match(garbage.message, /^what answers there does not speak RTMP/)
    const later = says(
      '[tcp @ 0x1] RTMP packet size mismatch 6900023 != 7712974\nrtmp://127.0.0.1:1/x: Input/output error\n',
    )
    assert.match(later.message, /^what answers there does not speak RTMP/)

    const rtsp = (answer: string, last: string) =>
      says(`[rtsp @ 0x1] method SETUP failed: ${answer}\nrtsp://127.0.0.1:1/x: ${last}\n`)
    const other = 'Server returned 4XX Client Error, but not one of 40{0,1,3,4}'
    const transport = rtsp('461 Unsupported Transport', 'Protocol not supported')
    assert.match(transport.message, /neither by TCP nor by UDP.*\(461\)/)
    assert.doesNotMatch(transport.message, /stream key/)
    assert.match(rtsp('453 Not Enough Bandwidth', other).message, /takes no more readers/)
    assert.match(rtsp('503 Service Unavailable', 'Server returned 5XX Server Error reply').message, /takes no more/)
    assert.match(rtsp('454 Session Not Found', other).message, /refuses what it is asked for/)

    const lost = says('[rtsp @ 0x1] method SETUP failed: 461 Unsupported Transport\n', 20.1)
    assert.equal(lost.end, 'timeout')
    assert.match(lost.message, /by UDP only.*nothing of it arrives/)

    const srt = '[srt @ 0x1] Connection to srt://127.0.0.1:9 failed: Input/output error\nsrt://127.0.0.1:9: I/O error\n'
    assert.equal(says(srt, 3.1).end, 'unreachable')
    assert.match(says(srt, 3.1).message, /no SRT server answers/)
    assert.equal(says(srt, 0.1).end, 'refused')
    assert.match(says(srt, 0.1).message, /rejects the connection: is the passphrase right/)
  })

  it('is that ffprobe was killed when somebody sent it a signal, and that it crashed by any other', () => {
    assert.equal(end({ exit: { code: null, signal: 'SIGKILL' }, media: true }).end, 'killed')
    assert.equal(end({ exit: { code: null, signal: 'SIGTERM' } }).end, 'killed')
    assert.equal(end({ exit: { code: null, signal: 'SIGSEGV' }, media: true }).end, 'crashed')
    assert.equal(end({ exit: { code: null, startError: 'EACCES' } }).end, 'crashed')
  })

  it('is that ffprobe took too much memory, with the figures, which is not blamed on the stream', () => {
    const { end: why, message } = end({
      exit: { code: null, signal: 'SIGKILL', memoryOver: { held: 342, limit: 300 } },
      media: true,
    })
    assert.equal(why, 'out-of-memory')
    assert.match(message, /held 342 MB of memory, where it may hold 300 MB, and was ended/)
    assert.match(message, /once a minute/)
    for (const stderr of ['Cannot allocate memory\n', 'rtmp://h/live/x: Cannot allocate memory']) {
      assert.equal(end({ exit: { stderr } }).end, 'out-of-memory')
    }
  })

  it('is that the system could not start ffprobe now, and what it is short of', () => {
    for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']) {
      assert.equal(end({ exit: { code: null, startError: code } }).end, 'no-resources')
    }
    assert.match(end({ exit: { code: null, startError: 'EMFILE' } }).message, /ulimit -n/)
  })

  it('is that the server ended the stream when media had come', () => {
    assert.equal(end({ exit: { code: 0 }, media: true }).end, 'ended')
    assert.equal(end({ exit: { stderr: 'rtmp://h/live/x: Input/output error' }, media: true, silence: 3 }).end, 'ended')
  })

  it('is a time-out when nothing came for as long as ffprobe waits', () => {
    assert.equal(end({ exit: { stderr: 'rtmp://h/live/x: Input/output error' }, silence: 20.1 }).end, 'timeout')
    assert.equal(end({ exit: { code: 0 }, media: true, silence: 20.1 }).end, 'timeout')
  })

  it('is that the server ended it when it had let us wait for media', () => {
    assert.equal(end({ exit: { stderr: 'rtmp://h/live/x: Input/output error' }, silence: 12 }).end, 'ended')
  })

  it('is always of the closed list, with words for a person', () => {
    for (const [, stderr] of STDERR) {
      for (const media of [true, false]) {
        const ending = end({ exit: { stderr }, media })
        assert.ok(SESSION_ENDS.includes(ending.end))
        assert.ok(ending.message.length > 20)
      }
    }
  })

  it('quotes ffprobe without the address, and not at length', () => {
    const { message } = end({ exit: { stderr: `rtmp://h/live/SECRET: ${'x'.repeat(5000)}` } })
    assert.doesNotMatch(message, /SECRET/)
    assert.ok(message.length < 400)
  })
})
