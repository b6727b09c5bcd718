import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Certificate, selfSignedCertificate } from '../fixtures/certificate.ts'
import { type Peer, startPeer } from '../fixtures/peers.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { BUILDS, type Watched, type WatchedOptions, watch } from './watched.ts'

/** Seconds: programs are looked at first, and then started. */
const SOON = 30
const SECRET = 'veryverysecret'

/** FFmpeg's programs that were told something of the server, once there are any. */
async function commandsThat(pattern: RegExp, watched: Watched): Promise<string[]> {
  const found = () => processesOf(process.pid).filter(({ command }) => /^\S*ff(probe|mpeg) /.test(command))
  const isThere = () => found().some(({ command }) => pattern.test(command))
  await until(isThere, SOON, () => `a program runs with ${pattern}: ${JSON.stringify([found(), watched.read()])}`)
  return found().map(({ command }) => command)
}

describe('the secret of an address is in no process list where a program reads it by', () => {
  let silent: Peer
  before(async () => {
    silent = await startPeer(() => {})
  })
  after(() => silent?.stop())

  const addresses = {
    RTMPT: (port: number) => `rtmpt://127.0.0.1:${port}/live/${SECRET}`,
    RTSP: (port: number) => `rtsp://user:${SECRET}@127.0.0.1:${port}/live`,
    RTSPS: (port: number) => `rtsps://user:${SECRET}@127.0.0.1:${port}/live`,
    SRT: (port: number) => `srt://127.0.0.1:${port}?passphrase=${SECRET}`,
    HTTP: (port: number) => `http://user:${SECRET}@127.0.0.1:${port}/live.ts`,
    'HTTP, in the query': (port: number) => `http://localhost:${port}/live.mpd?token=${SECRET}`,
    HTTPS: (port: number) => `https://user:${SECRET}@127.0.0.1:${port}/live.m3u8`,
  }
  const ways: Record<string, WatchedOptions> = {
    'the static ffprobe': { ffprobe: BUILDS.static },
    'the ffprobe of the system': { ffprobe: BUILDS.system },
    ffmpeg: { checks: 'content' },
  }
  for (const [protocol, addressAt] of Object.entries(addresses)) {
    for (const [way, options] of Object.entries(ways)) {
      it(`${protocol}, with ${way}`, async () => {
        const watched = watch(addressAt(silent.port), { reader: 'ffprobe', ...options })
        try {
          const commands = await commandsThat(/ (pipe:0|\S*\.invalid\/\S*|rtsp:\S*|srt:\S*)( |$)/, watched)
          assert.deepEqual(
            commands.filter((command) => command.includes(SECRET)),
            [],
          )
        } finally {
          await watched.stop()
        }
      })
    }
  }
})

/** A web server that says what it was asked for, and has a live manifest of DASH whose media never comes. */
async function startDash(certificate?: Certificate) {
  const asked: { path: string; authorization: string }[] = []
  const answer: http.RequestListener = ({ url = '', headers }, response) => {
    asked.push({ path: url, authorization: headers.authorization ?? '' })
    if (!url.includes('.mpd')) response.writeHead(404).end()
    else if (headers.authorization === undefined) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="a"' }).end()
    } else response.setHeader('Content-Type', 'application/dash+xml').end(MANIFEST)
  }
  const { createServer } = await import('node:https')
  const server = certificate
    ? createServer({ key: certificate.key, cert: certificate.cert }, answer)
    : http.createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, asked, stop }
}

const MANIFEST = `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static"
  mediaPresentationDuration="PT60S" minBufferTime="PT2S"><Period id="0" start="PT0S">
  <AdaptationSet contentType="video" mimeType="video/mp4"><Representation id="0" codecs="avc1.64001e" bandwidth="500000"
  width="320" height="180"><SegmentTemplate timescale="1" duration="2" startNumber="1"
  initialization="init-$RepresentationID$.mp4" media="part-$Number$.m4s"/></Representation></AdaptationSet></Period></MPD>`

describe('a program that asks for a stand-in', () => {
  for (const [build, ffprobe] of Object.entries(BUILDS)) {
    it(`is sent on to the address, with its user and its query, and finds what stands beside it (${build})`, async () => {
      const web = await startDash()
      const url = `http://user:${SECRET}@127.0.0.1:${web.port}/events/live.mpd?token=${SECRET}`
      const watched = watch(url, { reader: 'ffprobe', ffprobe })
      try {
        const hasAsked = (path: string) => web.asked.some((one) => one.path === path)
        await until(
          () => hasAsked('/events/init-0.mp4'),
          SOON,
          () => `the media is asked for: ${JSON.stringify(web.asked)}`,
        )
        assert.ok(hasAsked(`/events/live.mpd?token=${SECRET}`))
        assert.ok(web.asked.some(({ authorization }) => authorization === `Basic ${btoa(`user:${SECRET}`)}`))
      } finally {
        await watched.stop()
        await web.stop()
      }
    })

    it(`and refuses a certificate that nobody vouches for, unless the target takes it (${build})`, async () => {
      const certificate = await selfSignedCertificate()
      const web = await startDash(certificate)
      const url = `https://user:${SECRET}@127.0.0.1:${web.port}/live.mpd`
      const strict = watch(url, { reader: 'ffprobe', ffprobe, verifyTls: true })
      try {
        await strict.until((reading) => reading.outcome === 'absent', SOON)
        assert.deepEqual(web.asked, [])
      } finally {
        await strict.stop()
      }
      const lenient = watch(url, { reader: 'ffprobe', ffprobe, verifyTls: false })
      try {
        await until(() => web.asked.some(({ path }) => path === '/live.mpd'), SOON, 'the manifest is asked for')
      } finally {
        await lenient.stop()
        await web.stop()
        await certificate.remove()
      }
    })
  }
})
