import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TrackNews } from '../../src/ffmpeg/track-news.ts'

function tell(program: 'ffprobe' | 'ffmpeg', chunks: readonly string[]) {
  let tracks = 0
  const news = new TrackNews(program, () => tracks++)
  const errors = chunks.map((chunk) => news.errorsIn(Buffer.from(chunk)).toString()).join('')
  return { tracks, errors }
}

describe('what a program says beside its errors', () => {
  it('tells of a track that began, in pieces as they come', () => {
    const said = ['[mpegts @ 0x35e51cc0] \n'.trimEnd(), ' ', '[debug] stream=2 stream_type=1b pid=200 prog_reg_desc=\n']
    assert.deepEqual(tell('ffprobe', said), { tracks: 1, errors: '' })
    const warned = '[mpegts @ 0x55ad] [warning] New audio stream 0:3 at pos:240828 and DTS:1.4s\n'
    assert.deepEqual(tell('ffmpeg', [warned]), { tracks: 1, errors: '' })
    assert.equal(
      tell('ffmpeg', ['[mpegts @ 0x55ad] [warning] New audio stream with index 3 at pos:1 and DTS:1s\n']).tracks,
      1,
    )
  })

  it('keeps the errors as they are without levels', () => {
    const said =
      '[srt @ 0x1] [error] Connection to srt://127.0.0.1:9 failed: I/O error\n[error] srt://127.0.0.1:9: I/O error\n'
    assert.equal(
      tell('ffprobe', [said]).errors,
      '[srt @ 0x1] Connection to srt://127.0.0.1:9 failed: I/O error\nsrt://127.0.0.1:9: I/O error\n',
    )
    assert.equal(tell('ffprobe', ['prlimit: failed\n']).errors, 'prlimit: failed\n')
  })

  it('keeps nothing else of it', () => {
    const said = [
      '[mpegts @ 0x1] [debug] Continuity check failed for pid 0 expected 13 got 0\n',
      '    Last message repeated 2 times\n',
      "[info] Input #0, mpegts, from 'srt://host?passphrase=secret':\n",
      `[debug] ${'x'.repeat(5000)}\n`,
    ]
    assert.deepEqual(tell('ffprobe', said), { tracks: 0, errors: '' })
  })
})
