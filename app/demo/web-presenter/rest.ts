import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Device } from './device.ts'
import type { Situation } from './faults.ts'

const BASE = '/control/api/v1'

/** Milliseconds between two pieces of an answer that does not end. */
const PIECES = 5

/** The REST interface of firmware 3.x: what Blackmagic documents, with the same fields and codes. */
export function createRestServer(device: Device, situation: Situation): Server {
  return createServer((request, response) => {
    request.resume()
    situation.asked(`${request.method} ${request.url?.replace(BASE, '')}`)
    const { fault } = situation
    if (fault.fault === 'hang' || fault.fault === 'half-open') return
    if (fault.fault !== 'slow') return answer(device, situation, request, response)
    const timer = setTimeout(() => answer(device, situation, request, response), fault.seconds * 1000)
    response.once('close', () => clearTimeout(timer))
  })
}

function answer(device: Device, { fault }: Situation, { method, url }: IncomingMessage, response: ServerResponse) {
  if (fault.fault === 'status') return send(response, fault.code, { error: 'as the test asked' })
  const path = url?.startsWith(`${BASE}/`) ? url.slice(BASE.length) : ''
  if (method === 'PUT') return put(device, path, response)
  const body = path === '/livestreams/0' ? status(device, fault.fault) : bodyOf(device, path)
  if (method !== 'GET' || body === undefined) return send(response, 404, { error: 'not found' })
  const text = fault.fault === 'malformed' ? '<html>Web Presenter</html>' : JSON.stringify(body)
  if (fault.fault === 'oversized') return sendForEver(response)
  if (fault.fault !== 'cut') return send(response, 200, text)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length })
  response.write(text.slice(0, text.length / 2), () => response.destroy())
}

/** The status object: `duration` is absent while idle. */
function status(device: Device, fault: string): Record<string, unknown> {
  const { duration, bitrate, cache } = device
  const body: Record<string, unknown> = {
    status: fault === 'unknown-status' ? 'Rehearsing' : device.status,
    bitrate: fault === 'wrong-type' ? 'plenty' : bitrate,
    effectiveVideoFormat: device.options.videoFormat,
  }
  if (fault === 'missing-field') delete body.status
  return duration === null ? body : { ...body, duration, cache }
}

function bodyOf(device: Device, path: string): unknown {
  const { label, streamKey, passphrase, videoFormat } = device.options
  const running = device.status !== 'Idle'
  if (path === '/livestreams/0/start') return running
  if (path === '/livestreams/0/stop') return !running
  if (path === '/livestreams/0/activePlatform') {
    return { platform: 'YouTube', server: 'Primary', key: streamKey, passphrase, quality: 'Streaming High' }
  }
  if (path === '/livestreams/platforms') return ['YouTube', 'Facebook', 'Twitch']
  if (path === '/livestreams/customPlatforms') return []
  if (path === '/system/product') {
    return { deviceName: label, productName: 'Blackmagic Streaming Encoder HD', softwareVersion: '3.5' }
  }
  if (path === '/system') {
    return { videoFormat: { name: videoFormat, frameRate: '30', height: 1080, width: 1920, interlaced: false } }
  }
  if (path === '/event/list') return { events: ['/system', '/system/videoFormat'] }
  return undefined
}

function put(device: Device, path: string, response: ServerResponse): void {
  const change = { '/livestreams/0/start': () => device.start(), '/livestreams/0/stop': () => device.stop() }[path]
  change?.()
  response.writeHead(change ? 204 : 404).end()
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

function sendForEver(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '.repeat(65_536)), PIECES)
  response.once('close', () => clearInterval(timer))
}
