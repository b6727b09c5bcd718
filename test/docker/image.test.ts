import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'
import { docker } from './compose-stack.ts'

const MONITOR = 'rtmp-hmonitor/monitor:local'
const RELAY = 'rtmp-hmonitor/relay:local'

/** Bytes. */
const LARGEST = 450e6

interface Image {
  Size: number
  Config: { User: string; Labels: Record<string, string> | null; Cmd: string[] }
}

const inspected = async (image: string) => {
  const [found] = JSON.parse(await docker('image', 'inspect', image)) as Image[]
  assert.ok(found, image)
  return found
}

/** Runs a shell command in a container of an image as its user, hardened as in docker-compose.yml. */
const inside = (image: string, script: string) =>
  docker(
    ...['run', '--rm', '--network=none', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges:true'],
    ...['--tmpfs=/tmp', '--entrypoint=/bin/sh', image, '-c', script],
  )

describe("the monitor's image", () => {
  it('is at most 450 MB', async () => {
    const { Size } = await inspected(MONITOR)
    assert.ok(Size <= LARGEST, `${(Size / 1e6).toFixed(0)} MB`)
  })

  it('says its version, its source and its licences, and does not run as root', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    for (const image of [MONITOR, RELAY]) {
      const { Labels, User } = (await inspected(image)).Config
      assert.equal(User, 'node')
      assert.equal(Labels?.['org.opencontainers.image.version'], version)
      assert.match(Labels?.['org.opencontainers.image.source'] ?? '', /^https:\/\/github\.com\//)
      assert.match(Labels?.['org.opencontainers.image.licenses'] ?? '', /^Apache-2\.0 AND /)
    }
  })

  it('runs every program that the monitor starts, as its user', async () => {
    const said = await inside(
      MONITOR,
      'id -u; ffprobe -hide_banner -version && ffmpeg -hide_banner -version && iperf3 --version && ping -V && node --version',
    )
    assert.match(said, /^1000\n/)
    assert.match(said, /^ffprobe version 5\.1|^ffprobe version [6-9]/m)
    assert.match(said, /^ffmpeg version /m)
    assert.match(said, /^iperf /m)
    assert.match(said, /^ping /m)
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>
    }
    assert.match(said, new RegExp(`^v${packages['node_modules/node']?.version}$`, 'm'))
  })

  it('reads all of itself as its user', async () => {
    for (const image of [MONITOR, RELAY]) {
      const hidden = 'find /opt/hmonitor ! -readable -o -type d ! -executable; find /usr/local/bin ! -executable'
      assert.equal(await inside(image, hidden), '', image)
      assert.equal(
        await inside(image, 'find /opt/hmonitor /usr/local -writable ! -type l'),
        '',
        `${image}: may be changed`,
      )
    }
  })

  it('has one Node.js, one npm and one FFmpeg, and nothing that only builds', async () => {
    const found = await inside(
      MONITOR,
      'find / -xdev -type f \\( -name node -o -name ffmpeg -o -name ffprobe -o -name npm-cli.js -o -name tsc -o -name "*.map" \\) -size +0 -perm -u+r 2>/dev/null | grep -v "^/usr/share/doc" | sort',
    )
    assert.deepEqual(found.trim().split('\n'), [
      '/opt/hmonitor/node_modules/npm/bin/npm-cli.js',
      '/usr/local/bin/ffmpeg',
      '/usr/local/bin/ffprobe',
      '/usr/local/bin/node',
    ])
    assert.equal(
      await inside(MONITOR, 'ls /opt/hmonitor/node_modules | grep -E "^(typescript|echarts|esbuild|node)$" || true'),
      '',
    )
  })

  it('has the licences of what is in it, and the sources that the GPL asks for', async () => {
    const found = await inside(
      MONITOR,
      'cat /opt/hmonitor/LICENSE /usr/share/doc/ffmpeg/COPYING.GPLv2 /usr/share/doc/libx264-164/copyright | grep -c .; ls /usr/src/ffmpeg',
    )
    assert.match(found, /^ffmpeg_[\d.]+\.orig\.tar\.xz$/m)
    assert.match(found, /^ffmpeg_[\d.]+-\S+\.debian\.tar\.xz$/m)
    assert.match(found, /^configure$/m)
    // Each Debian package brings its own.
    const without = await inside(
      MONITOR,
      'dpkg-query --show --showformat="\\${Package}\\n" | while read name; do [ -e /usr/share/doc/$name/copyright ] || echo $name; done',
    )
    assert.equal(without, '')
  })

  it('reads every protocol and codec of live streams, and can do what content checks and the demo ask for', async () => {
    const said = await inside(
      MONITOR,
      'for what in protocols demuxers decoders encoders filters muxers; do ffmpeg -v error -$what; done',
    )
    for (const name of [
      ...['rtmp', 'rtmps', 'rtmpt', 'srt', 'tls', 'tcp', 'udp', 'rtp', 'http', 'https', 'httpproxy', 'crypto'],
      ...['flv', 'mpegts', 'hls', 'rtsp', 'matroska,webm', 'mov,mp4,m4a,3gp,3g2,mj2'],
      ...['h264', 'hevc', 'libdav1d', 'vp9', 'mpeg2video', 'aac', 'mp3', 'ac3', 'opus', 'vorbis'],
      ...['libx264', 'blackdetect', 'freezedetect', 'ebur128', 'astats', 'metadata', 'ametadata', 'aselect', 'aformat'],
      ...['testsrc', 'sine', 'framecrc', 'null'],
    ]) {
      assert.match(said, new RegExp(`(^|\\s)${name}(\\s|$)`, 'm'), name)
    }
  })
})

describe("the relay's image", () => {
  it('is smaller than the monitor’s and has nginx with its RTMP module', async () => {
    const [relay, monitor] = [await inspected(RELAY), await inspected(MONITOR)]
    assert.ok(relay.Size < monitor.Size, `${(relay.Size / 1e6).toFixed(0)} MB`)
    await inside(RELAY, 'test -x /usr/sbin/nginx && ls /usr/share/nginx/modules-available/mod-rtmp.conf')
  })
})
