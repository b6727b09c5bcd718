import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MetadataParser } from '../../src/ffmpeg/metadata-line.ts'

function parse(...chunks: (string | Buffer)[]): { said: unknown[][]; parser: MetadataParser } {
  const said: unknown[][] = []
  const parser = new MetadataParser({
    frame: (number, time) => said.push([number, time]),
    entry: (key, value) => said.push([key, value]),
  })
  for (const chunk of chunks) parser.push(Buffer.from(chunk))
  return { said, parser }
}

const TEXT = `frame:1    pts:4067    pts_time:4.067
lavfi.freezedetect.freeze_start=2.067
lavfi.freezedetect.freeze_end=4.067
frame:12   pts:-115600  pts_time:-2.40833
lavfi.astats.1.RMS_level=-inf
`
const SAID = [
  [1, 4.067],
  ['lavfi.freezedetect.freeze_start', '2.067'],
  ['lavfi.freezedetect.freeze_end', '4.067'],
  [12, -2.40833],
  ['lavfi.astats.1.RMS_level', '-inf'],
]

describe('what the filters write', () => {
  it('is a frame with its time, and findings', () => {
    const { said, parser } = parse(TEXT)
    assert.deepEqual(said, SAID)
    assert.equal(parser.garbageLines, 0)
  })

  it('may be cut anywhere', () => {
    for (let at = 0; at <= TEXT.length; at++) assert.deepEqual(parse(TEXT.slice(0, at), TEXT.slice(at)).said, SAID)
  })

  it('says nothing where a frame has no time: its findings are passed over', () => {
    const { said } = parse('lavfi.black_start=1\nframe:1 pts:NOPTS pts_time:NOPTS\nlavfi.black_end=2\n', TEXT)
    assert.deepEqual(said, SAID)
  })

  it('counts what makes no sense as garbage, and goes on', () => {
    for (const bad of ['hello', 'frame:', 'frame:x pts:1 pts_time:1', 'frame:1 pts:1 pts_time:1e99', 'x'.repeat(300)]) {
      const { said, parser } = parse(`${bad}\n`, TEXT)
      assert.deepEqual(said, SAID, bad)
      assert.equal(parser.garbageLines, 1, bad)
    }
  })

  it('never makes the parser throw', () => {
    const piece = fc.oneof(fc.constantFrom(TEXT, 'frame:', '=', 'pts_time:', '\n'), fc.string())
    fc.assert(fc.property(fc.array(piece), (pieces) => void parse(...pieces)))
  })
})
