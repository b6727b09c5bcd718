import { type OwnedProcess, startProcess } from '../test/fixtures/process.ts'

const ARGUMENTS = ['-nostdin', '-nostats', '-loglevel', 'error']

/** What a bare reader does with what it reads: nothing, or the decoding and filtering that content checks need. */
export type Reading = 'copy' | 'content' | 'full'

/** The filters of `src/stream/ffmpeg-arguments.ts`, without what hands their findings on. */
const FILTERS = [
  ...['-map', '0:v:0', '-filter:v', 'blackdetect=d=0,freezedetect=noise=-60dB:duration=0.5'],
  ...['-map', '0:a:0', '-filter:a'],
  'ebur128=metadata=1,aformat=sample_fmts=s16,astats=metadata=1:reset=5:measure_perchannel=Peak_level+RMS_level+Peak_count:measure_overall=Number_of_samples',
]

const ARGUMENTS_OF: Readonly<Record<Reading, { input: readonly string[]; output: readonly string[] }>> = {
  copy: { input: [], output: ['-c', 'copy'] },
  content: { input: ['-threads', '1', '-skip_frame:v', 'nokey'], output: FILTERS },
  full: { input: ['-threads', '4'], output: FILTERS },
}

/**
 * Bare readers of libavformat: what reading a stream costs when nothing is measured. Each is put into `readers` as it
 * starts, so that its owner can end it whatever happens.
 */
export async function startBareReaders(
  ffmpeg: string,
  url: string,
  count: number,
  readers: OwnedProcess[],
  reading: Reading = 'copy',
): Promise<void> {
  const { input, output } = ARGUMENTS_OF[reading]
  for (let index = 0; index < count; index++) {
    const args = [...ARGUMENTS, '-filter_threads', '1', ...input, '-i', url, ...output, '-f', 'null', '-']
    readers.push(await startProcess(ffmpeg, args, { install: 'apt-get install ffmpeg' }))
  }
}
