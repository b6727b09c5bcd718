import { type OwnedProcess, startProcess } from '../test/fixtures/process.ts'

const ARGUMENTS = ['-nostdin', '-nostats', '-loglevel', 'error']

/** Bare readers of libavformat: what reading a stream costs when nothing is measured. */
export async function startBareReaders(ffmpeg: string, url: string, count: number): Promise<OwnedProcess[]> {
  const readers: OwnedProcess[] = []
  for (let index = 0; index < count; index++) {
    const args = [...ARGUMENTS, '-i', url, '-c', 'copy', '-f', 'null', '-']
    readers.push(await startProcess(ffmpeg, args, { install: 'apt-get install ffmpeg' }))
  }
  return readers
}
