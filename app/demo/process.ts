/** The demo's own process: RTMP server, publisher and control. Started by `demo.ts`, and gone when that is gone. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Clips } from './clips.ts'
import { startControl } from './control.ts'
import type { DemoNews, DemoOptions } from './demo.ts'
import { startEncoder } from './encoder.ts'
import { Publisher } from './publisher.ts'
import { startRtmpServer } from './rtmp-server.ts'
import { Stage } from './stage.ts'
import { startVimeo } from './vimeo-event.ts'

process.title = 'rtmp-hmonitor-demo'
const { dataDir, ffmpeg, rtmpPort } = JSON.parse(process.argv[2] ?? '{}') as DemoOptions
let publisher: Publisher | undefined

/** Nothing is left behind, a frozen publisher least of all. */
function end(code: number): never {
  publisher?.kill()
  process.exit(code)
}

function tell(news: DemoNews): void {
  if (process.connected) process.send?.(news, undefined, undefined, () => {})
}

process.once('disconnect', () => end(1))
process.on('SIGTERM', () => end(0))
// Ctrl-C is for the supervisor, which ends us when it has stopped watching.
process.on('SIGINT', () => {})

try {
  const port = await startRtmpServer(rtmpPort)
  const rtmpUrl = `rtmp://127.0.0.1:${port}/live/${randomBytes(9).toString('hex')}`
  const clips = new Clips(join(dataDir, 'demo'), ffmpeg)
  publisher = new Publisher(ffmpeg, rtmpUrl)
  const { event, vimeo } = await startVimeo()
  const { encoder, address } = await startEncoder()
  const stage = new Stage(clips, publisher, [encoder, event])
  const { url } = await startControl(stage)
  tell({ news: 'listening', rtmpUrl, controlUrl: url, vimeo, encoderAddress: address })
  await stage.apply('normal')
  tell({ news: 'publishing' })
  await clips.makeAll()
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  tell({ news: 'failed', reason: code === 'EADDRINUSE' ? `port ${rtmpPort} is already in use` : message })
  setTimeout(() => end(1), 100)
}
