import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { type Certificate, selfSignedCertificate } from '../fixtures/certificate.ts'
import { type Peer, relayTo, startPeer } from '../fixtures/peers.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startFfmpegListener } from '../fixtures/servers/ffmpeg-listen.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startRtspServer } from '../fixtures/servers/rtsp.ts'
import { BUILDS, FIRST_MEDIA, type Watched, watch } from './watched.ts'

/** A stream that is measured as it is: 30 frames a second, and a key frame every 2 s. */
async function isMeasured(watched: Watched): Promise<void> {
  await watched.until(({ measurements }) => measurements.last10s.framesPerSecond !== null, 20)
  const { last10s, tracks } = watched.read().measurements
  assert.ok(Math.abs((last10s.framesPerSecond ?? 0) - 30) < 1, `${last10s.framesPerSecond} frames per second`)
  assert.deepEqual(tracks, { video: true, audio: true })
}

/** Of all processes of this machine. */
async function commandLinesWith(secret: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(secret))
}

describe('a stream is watched by', { concurrency: true }, () => {
  let server: NginxRtmp
  let certificate: Certificate
  let tls: Peer
  const publishers: Publisher[] = []
  before(async () => {
    ;[server, certificate] = await Promise.all([startNginxRtmp(), selfSignedCertificate()])
    tls = await startPeer(relayTo(server.port), certificate)
    publishers.push(await startPublisher(server.url('live/x')), await startPublisher(server.url('hls/x')))
  })
  after(async () => {
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await Promise.all([tls?.stop(), server?.stop(), certificate?.remove()])
  })

  for (const [build, ffprobe] of Object.entries(BUILDS)) {
    it(`RTMPS, when the check of a self-signed certificate is switched off (${build} ffprobe)`, async () => {
      const watched = watch(`rtmps://localhost:${tls.port}/live/x`, { ffprobe, verifyTls: false })
      try {
        await watched.until('present', FIRST_MEDIA)
        await isMeasured(watched)
      } finally {
        await watched.stop()
      }
    })

    it(`RTMP, by the name of the host (${build} ffprobe)`, async () => {
      const watched = watch(`rtmp://localhost:${server.port}/live/x`, { ffprobe })
      try {
        await watched.until('present', FIRST_MEDIA)
        await watched.until(({ measurements }) => measurements.parameters?.video[0]?.width === 320, 15)
      } finally {
        await watched.stop()
      }
    })

    it(`HLS, present by new segments and stalled after three target durations (${build} ffprobe)`, async () => {
      const name = `stalls-${build}`
      const publisher = await startPublisher(server.url(`hls/${name}`))
      const watched = watch(server.hlsUrl(name).replace('127.0.0.1', 'localhost'), { ffprobe })
      try {
        await watched.until('present', FIRST_MEDIA)
        await isMeasured(watched)
        await publisher.kill()
        // nginx hands out what it holds when the publisher goes, and names a target duration of 2 to 4 s.
        const seconds = await watched.until('absent stalled', 20)
        assert.ok(seconds > 4, `after ${seconds} s`)
      } finally {
        await watched.stop()
        await publisher.kill()
      }
    })

    it(`RTSP, and its password is in no process list (${build} ffprobe)`, async () => {
      const rtsp = await startRtspServer()
      const watched = watch(rtsp.url.replace('//', '//viewer:pass-of-rtsp@'), { ffprobe })
      try {
        await watched.until('present', FIRST_MEDIA)
        await isMeasured(watched)
        await watched.until(({ measurements }) => measurements.parameters?.format === 'rtsp', 20)
        assert.deepEqual(await commandLinesWith('pass-of-rtsp'), [])
        rtsp.publisher.freeze()
        await watched.until('absent stalled', 3)
      } finally {
        await watched.stop()
        await rtsp.stop()
      }
    })
  }

  for (const [build, ffprobe] of Object.entries(BUILDS)) {
    it(`RTSP that is offered by UDP alone (${build} ffprobe)`, async () => {
      const rtsp = await startRtspServer({ transport: 'udp' })
      const watched = watch(rtsp.url, { ffprobe })
      try {
        await watched.until('present', FIRST_MEDIA)
        await isMeasured(watched)
        rtsp.publisher.freeze()
        await watched.until('absent stalled', 3)
      } finally {
        await watched.stop()
        await rtsp.stop()
      }
    })
  }

  it('RTSP within TLS, where its certificate is trusted or need not be, and not otherwise (rtsps)', async () => {
    const rtsp = await startRtspServer({ certificate })
    const strict = watch(rtsp.url, { ffprobe: BUILDS.system })
    const watches = Object.values(BUILDS).map((ffprobe) => watch(rtsp.url, { ffprobe, verifyTls: false }))
    try {
      await strict.until('absent refused', FIRST_MEDIA)
      assert.match(JSON.stringify(strict.read()), /certificate is self-signed/)
      for (const watched of watches) {
        await watched.until('present', FIRST_MEDIA)
        await isMeasured(watched)
        await watched.until(({ measurements }) => measurements.parameters !== null, 20)
      }
    } finally {
      await Promise.all([strict, ...watches].map((watched) => watched.stop()))
      await rtsp.stop()
    }
  })

  it('SRT, and its passphrase is in no process list', async () => {
    const listener = await startFfmpegListener({ protocol: 'srt', passphrase: 'pass-of-listener' })
    // The static build of @ffprobe-installer crashes as soon as an SRT connection is made.
    const url = `${listener.url}?streamid=stream-of-srt&passphrase=pass-of-listener`
    const watched = watch(url, { ffprobe: BUILDS.system })
    try {
      await watched.until('present', FIRST_MEDIA)
      await isMeasured(watched)
      assert.deepEqual(await commandLinesWith('stream-of-srt'), [])
      await listener.kill()
      await watched.until('absent', 3)
    } finally {
      await watched.stop()
      await listener.kill()
    }
  })

  // One test for both: the tests of this file run at once, and the environment is the process's.
  it('RTMPS, when its certificate is one that this machine trusts (packaged and system)', async () => {
    const before = process.env.SSL_CERT_FILE
    process.env.SSL_CERT_FILE = certificate.certFile
    const watches = Object.values(BUILDS).map((ffprobe) => watch(`rtmps://localhost:${tls.port}/live/x`, { ffprobe }))
    try {
      await Promise.all(watches.map((watched) => watched.until('present', FIRST_MEDIA)))
    } finally {
      if (before === undefined) delete process.env.SSL_CERT_FILE
      else process.env.SSL_CERT_FILE = before
      await Promise.all(watches.map((watched) => watched.stop()))
    }
  })
})
