import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseVariant, offered, readPlaylist, type Variant } from '../../src/hls/media-playlist.ts'

const BASE = 'https://host/live/stream.m3u8'

async function media(...lines: string[]) {
  const read = await readPlaylist(['#EXTM3U', '#EXT-X-TARGETDURATION:4', ...lines, ''].join('\n'), BASE)
  assert.ok(read.kind === 'media', JSON.stringify(read))
  return read.playlist
}
async function variants(...lines: string[]) {
  const read = await readPlaylist(['#EXTM3U', ...lines, ''].join('\n'), BASE)
  assert.ok(read.kind === 'master', JSON.stringify(read))
  return read.variants
}

describe('a playlist of segments', () => {
  it('numbers them, and counts the discontinuities before them', async () => {
    const { segments, targetDuration, ended } = await media(
      ...['#EXT-X-MEDIA-SEQUENCE:7', '#EXT-X-DISCONTINUITY-SEQUENCE:2', '#EXTINF:4,', 'a.ts'],
      ...['#EXT-X-DISCONTINUITY', '#EXTINF:3.5,', '/b.ts', '#EXTINF:4,', 'https://other/c.ts'],
    )
    assert.deepEqual([targetDuration, ended], [4, false])
    assert.deepEqual(
      segments.map(({ url, sequence, period, duration }) => [url, sequence, period, duration]),
      [
        ['https://host/live/a.ts', 7, 2, 4],
        ['https://host/b.ts', 8, 3, 3.5],
        ['https://other/c.ts', 9, 3, 4],
      ],
    )
  })

  it('names what goes before them, parts of files, keys and gaps', async () => {
    const { segments } = await media(
      ...['#EXT-X-VERSION:8', '#EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0"'],
      ...['#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x000102030405060708090A0B0C0D0E0F'],
      ...['#EXTINF:4,', '#EXT-X-BYTERANGE:1000@720', 'all.mp4', '#EXT-X-GAP', '#EXTINF:4,', 'gone.mp4'],
      ...['#EXT-X-KEY:METHOD=NONE', '#EXTINF:4,', 'open.mp4'],
    )
    const [one, gap, open] = segments
    assert.deepEqual(one?.map, { url: 'https://host/live/init.mp4', range: { offset: 0, length: 720 } })
    assert.deepEqual(one?.range, { offset: 720, length: 1000 })
    assert.equal(one?.key?.url, 'https://host/live/key')
    assert.deepEqual([...(one?.key?.iv ?? [])].slice(0, 3), [0, 1, 2])
    assert.deepEqual([one?.isGap, gap?.isGap], [false, true])
    assert.equal(open?.key, null)
  })

  it('passes over parts of low latency, and what is only announced', async () => {
    const { segments } = await media(
      ...['#EXT-X-VERSION:9', '#EXT-X-PART-INF:PART-TARGET=0.5', '#EXTINF:4,', 'a.ts'],
      ...['#EXT-X-PART:DURATION=0.5,URI="part.ts"', '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="next.ts"'],
    )
    assert.deepEqual(
      segments.map(({ url }) => url),
      ['https://host/live/a.ts'],
    )
  })

  it('is over where it says so, or where it is of the type VOD', async () => {
    assert.equal((await media('#EXTINF:4,', 'a.ts', '#EXT-X-ENDLIST')).ended, true)
    assert.equal((await media('#EXT-X-PLAYLIST-TYPE:VOD', '#EXTINF:4,', 'a.ts')).ended, true)
    assert.equal((await media('#EXT-X-PLAYLIST-TYPE:EVENT', '#EXTINF:4,', 'a.ts')).ended, false)
  })

  it('of many hours is read by its end, with the numbers, the key and the map that it has there', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => [
      ...(at % 100 === 50 ? ['#EXT-X-DISCONTINUITY'] : []),
      ...(at === 2500 ? ['#EXT-X-KEY:METHOD=AES-128,URI="later"'] : []),
      ...['#EXTINF:4.000,', `${at}.ts`],
    ]).flat()
    const { segments } = await media('#EXT-X-MEDIA-SEQUENCE:100', '#EXT-X-MAP:URI="init.mp4"', ...many)
    assert.equal(segments.length, 50)
    const last = segments.at(-1)
    assert.deepEqual([last?.sequence, last?.period, last?.url], [5099, 50, 'https://host/live/4999.ts'])
    assert.deepEqual([last?.key?.url, last?.map?.url], ['https://host/live/later', 'https://host/live/init.mp4'])
  })

  it('is foreign where it is encrypted in a way that cannot be undone here, and where it is no playlist', async () => {
    for (const key of [
      'METHOD=SAMPLE-AES,URI="key"',
      'METHOD=AES-128,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"',
    ]) {
      const text = `#EXTM3U\n#EXT-X-VERSION:5\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:${key}\n#EXTINF:4,\na.ts\n`
      const { kind } = await readPlaylist(text, BASE)
      assert.ok(kind === 'foreign' || kind === 'fault', `${key}: ${kind}`)
    }
    assert.equal((await readPlaylist('<html></html>', BASE)).kind, 'foreign')
  })

  it('must not be read where it leads to a file', async () => {
    const read = await readPlaylist('#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n', BASE)
    assert.equal(read.kind, 'fault')
  })
})

describe('the variants of a stream', () => {
  const LADDER = [
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",URI="de.m3u8"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES,URI="en.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=854x480,AUDIO="a"',
    '480.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,AUDIO="a"',
    '1080.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=2800000,RESOLUTION=1280x720,AUDIO="a"',
    '720-low.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=3500000,RESOLUTION=1280x720,AUDIO="a"',
    '720.m3u8',
    '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9000000,RESOLUTION=3840x2160,URI="trick.m3u8"',
  ]

  it('have their sound where it is apart, the default first, and none of them is of key frames alone', async () => {
    const all = await variants(...LADDER)
    assert.deepEqual(
      all.map(({ height, bandwidth, audio }) => [height, bandwidth, audio]),
      [480, 1080, 720, 720].map((height, at) => [
        height,
        [900_000, 5_000_000, 2_800_000, 3_500_000][at],
        'https://host/live/en.m3u8',
      ]),
    )
  })

  it('have it with the picture where the default has no playlist of its own', async () => {
    const [only] = await variants(
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",URI="de.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES',
      '#EXT-X-STREAM-INF:BANDWIDTH=900000,AUDIO="a"',
      'x.m3u8',
    )
    assert.equal(only?.audio, null)
  })

  it('are chosen: the best, by a height, by a bitrate', async () => {
    const all = await variants(...LADDER)
    const chosen = (wanted: string | null) => chooseVariant(all, wanted)?.url.replace('https://host/live/', '')
    assert.deepEqual([null, '1080p', '720p', '480p', '1M', '3M', '3.4M', '99M', '1k'].map(chosen), [
      ...['1080.m3u8', '1080.m3u8', '720.m3u8', '480.m3u8'],
      ...['480.m3u8', '720-low.m3u8', '720.m3u8', '1080.m3u8', '480.m3u8'],
    ])
    assert.equal(chooseVariant(all, '240p'), null)
    assert.equal(chooseVariant([], null), null)
  })

  it('of which nothing but a bitrate is known are chosen by that', () => {
    const bare = (bandwidth: number): Variant => ({
      url: `https://host/${bandwidth}`,
      bandwidth,
      height: 0,
      audio: null,
    })
    const all = [bare(64_000), bare(1_500_000)]
    assert.equal(chooseVariant(all, null)?.bandwidth, 1_500_000)
    assert.equal(offered(all), '64k, 1.5M')
  })
})
