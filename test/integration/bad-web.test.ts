import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { Alertmanagers } from '../../src/alerts/alertmanager.ts'
import { Heartbeat } from '../../src/alerts/heartbeat.ts'
import type { Message } from '../../src/alerts/message.ts'
import { notifierFor, type Receiver } from '../../src/alerts/notifiers/notifiers.ts'
import { SLACK } from '../../src/alerts/notifiers/slack.ts'
import { WEBHOOK } from '../../src/alerts/notifiers/webhook.ts'
import { RestClient } from '../../src/encoder/rest-client.ts'
import { lookAtPlaylist } from '../../src/hls/hls-watch.ts'
import { ask } from '../../src/platform/vimeo-request.ts'
import { BAD_WEB, startBadWeb } from '../fixtures/bad-web.ts'
import { until } from '../fixtures/wait.ts'

const MESSAGE: Message = {
  ...{ subject: 'x', tone: 'critical', alerts: [], incidents: [], dashboardUrl: null, timezone: 'UTC', sections: [] },
}

/** Everybody who asks a server that he does not know, and what he makes of it in one word. */
const READERS: Record<string, (port: number, signal: AbortSignal) => Promise<string>> = {
  'HLS playlist': async (port, signal) => {
    const { targetDuration, fault } = await lookAtPlaylist(`http://127.0.0.1:${port}/x.m3u8`, { signal })
    return `${targetDuration} ${fault}`
  },
  Alertmanager: async (port, signal) => {
    const alertmanagers = new Alertmanagers([`http://me:secret@127.0.0.1:${port}`])
    return `${await alertmanagers.silences(signal)} ${await alertmanagers.post([], signal)}`
  },
  webhook: async (port, signal) => {
    await WEBHOOK.open({ channel: 'webhook', url: `http://127.0.0.1:${port}`, secret: '' }).send(MESSAGE, signal)
    return 'taken'
  },
  Slack: async (port, signal) => {
    await SLACK.open({ channel: 'slack', url: `http://127.0.0.1:${port}` }).send(MESSAGE, signal)
    return 'taken'
  },
  ...Object.fromEntries(
    Object.entries({
      ntfy: (url) => ({ channel: 'ntfy', server: url, topic: 'x', token: '' }),
      Telegram: (url) => ({ channel: 'telegram', api: url, token: '1:x', chat: '1' }),
      Pushover: (url) => ({ channel: 'pushover', api: url, token: 'x', user: 'x' }),
      Discord: (url) => ({ channel: 'discord', url }),
      Teams: (url) => ({ channel: 'teams', url }),
    } satisfies Record<string, (url: string) => Receiver>).map(([name, receiver]) => [
      name,
      async (port: number, signal: AbortSignal) => {
        await notifierFor(receiver(`http://127.0.0.1:${port}`)).send(MESSAGE, signal)
        return 'taken'
      },
    ]),
  ),
  heartbeat: async (port, signal) => {
    let why = 'none'
    const url = `http://127.0.0.1:${port}`
    const heartbeat = new Heartbeat({
      url,
      every: 100,
      isWell: () => true,
      failed: (said) => {
        why = said
      },
    })
    heartbeat.start()
    if (!signal.aborted) await once(signal, 'abort')
    heartbeat.close()
    return why
  },
  encoder: async (port, signal) => (await new RestClient({ host: '127.0.0.1', port }, () => 0).ask(signal)).state,
  Vimeo: async (port, signal) => {
    const address = { protocol: 'http:' as const, hostname: '127.0.0.1', port: String(port) }
    const answer = await ask({ path: '/live_events/1', query: {}, token: 'x', address, timeout: 1, signal })
    return answer.came === 'answer' ? 'answer' : answer.what
  },
}

describe('whoever asks a server lives through whatever it does, in time, and leaves no connection', {
  concurrency: 4,
}, () => {
  const ends: (() => unknown)[] = []
  after(() => Promise.all(ends.map((end) => end())))

  for (const [title, behave] of Object.entries(BAD_WEB)) {
    it(`when it ${title}`, async () => {
      await Promise.all(
        Object.entries(READERS).map(async ([reader, read]) => {
          const sockets = new Set<Socket>()
          const peer = await startBadWeb((socket) => {
            sockets.add(socket)
            socket.on('close', () => sockets.delete(socket))
            behave(socket)
          })
          ends.push(peer.stop)
          const giving = new AbortController()
          const timer = setTimeout(() => giving.abort(), 1500)
          const begin = performance.now()
          const said = await read(peer.port, giving.signal).catch((error: Error) => error.message)
          clearTimeout(timer)
          assert.ok(performance.now() - begin < 5000, `${reader} took too long`)
          assert.doesNotMatch(said, /secret|^answer$|streaming/, reader)
          await until(
            () => sockets.size === 0,
            3,
            () => `${reader} leaves ${sockets.size} connections`,
          )
        }),
      )
    })
  }
})
