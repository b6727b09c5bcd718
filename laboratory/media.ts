/** What the publishers of the laboratory send. */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Footage, footageFile } from '../test/faults/footage.ts'

/** Seconds of media before what is wrong with it: 16 s of footage, as often as it takes for all to be known of the stream. */
export const LEAD = 32
const TIMES = LEAD / 16
const FOR_EVER = 500

/** A list for ffmpeg: the footage for ever, or `LEAD` of it and then the other. */
export async function playlist(folder: string, first: Footage, then?: Footage): Promise<string> {
  const lines = ['ffconcat version 1.0']
  const add = (file: string, times: number) => {
    for (let count = 0; count < times; count += 1) lines.push(`file '${file}'`)
  }
  add(await footageFile(first), then === undefined ? FOR_EVER : TIMES)
  if (then !== undefined) add(await footageFile(then), FOR_EVER)
  const file = path.join(folder, `${randomUUID()}.ffconcat`)
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

const QUIET = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-progress', 'pipe:1', '-stats_period', '0.2']
const FLV = ['-f', 'flv', '-flvflags', 'no_duration_filesize']

export function publisherArguments(list: string, url: string, output: readonly string[] = []): string[] {
  const input = ['-readrate', '1', '-f', 'concat', '-safe', '0', '-auto_convert', '0', '-i', list]
  return [...QUIET, ...input, '-map', '0:v', '-map', '0:a', '-c', 'copy', ...output.map(atFault), ...FLV, url]
}

export function encoderArguments(encodes: readonly string[], url: string, output: readonly string[]): string[] {
  return [...QUIET, ...encodes, ...output.map(atFault), ...FLV, url]
}

const atFault = (option: string) => option.replaceAll('FAULT_AT', String(LEAD))
