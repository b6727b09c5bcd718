import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type OwnedProcess, startProcess } from '../test/fixtures/process.ts'

/** Publishes a clip of varying bitrate, and writes each packet to `sentFile` (framecrc) as it is sent. */
export async function publishVariable(folder: string, url: string, sentFile: string): Promise<OwnedProcess> {
  const outputs = `[f=flv:flvflags=no_duration_filesize]${url}|[f=framecrc:flush_packets=1]${sentFile}`
  const input = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-re', '-stream_loop', '-1']
  const args = [...input, '-i', await variableClip(folder), '-map', '0:v', '-map', '0:a', '-c', 'copy', '-f', 'tee']
  return startProcess('ffmpeg', [...args, outputs], { install: 'apt-get install ffmpeg' })
}

/** The bitrate rises and falls every few seconds; scene changes add key frames of their own. */
async function variableClip(folder: string): Promise<string> {
  const file = path.join(folder, 'variable.mkv')
  const noise = "noise=alls=40:allf=t:enable='lt(mod(t,7),3)'"
  await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-f', 'lavfi'],
    ...['-i', `testsrc2=size=640x360:rate=30,${noise}`, '-f', 'lavfi', '-i', 'sine=sample_rate=48000'],
    ...['-t', '60', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '60'],
    ...['-crf', '30', '-c:a', 'aac', '-b:a', '64000', file],
  ])
  return file
}
