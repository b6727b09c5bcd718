import { type OwnedProcess, startProcess } from '../test/fixtures/process.ts'

const ARGUMENTS = ['-nostdin', '-nostats', '-loglevel', 'error']

/**
 * Bare readers of libavformat: what reading a stream costs when nothing is measured. Each is put into `readers` as it
 * starts, so that its owner can end it whatever happens.
 */
export async function startBareReaders(
  ffmpeg: string,
  url: string,
  count: number,
  readers: OwnedProcess[],
): Promise<void> {
  for (let index = 0; index < count; index++) {
    const args = [...ARGUMENTS, '-i', url, '-c', 'copy', '-f', 'null', '-']
    readers.push(await startProcess(ffmpeg, args, { install: 'apt-get install ffmpeg' }))
  }
}
