import { spawnSync } from 'node:child_process'
import { LOOKS } from '../src/ffmpeg/looks.ts'
import { type OwnedProcess, startProcess } from '../test/fixtures/process.ts'

const ARGUMENTS = ['-nostdin', '-nostats', '-loglevel', 'error']

/**
 * What a bare reader does with what it reads: it copies the packets to nobody, and for content checks it decodes and
 * filters them as well, as they do; `auto`: it copies, and does the latter for `LOOKS.atLeast` of every `LOOKS.every`
 * seconds, each stream at a time of its own.
 */
export type Reading = 'copy' | 'content' | 'full' | 'auto'

const COPY = ['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy']

/** The filters of `src/ffmpeg/ffmpeg-arguments.ts`, without what hands their findings on. */
const FILTERS = [
  ...['-map', '0:v:0', '-filter:v', 'blackdetect=d=0,freezedetect=noise=-60dB:duration=0.5'],
  ...['-map', '0:a:0', '-filter:a'],
  'ebur128=metadata=1,aformat=sample_fmts=s16,astats=metadata=1:reset=5:measure_perchannel=Peak_level+RMS_level+Peak_count:measure_overall=Number_of_samples',
]

const ARGUMENTS_OF: Readonly<
  Record<Exclude<Reading, 'auto'>, { input: readonly string[]; outputs: readonly string[][] }>
> = {
  copy: { input: [], outputs: [COPY] },
  content: { input: ['-threads', '1', '-skip_frame:v', 'nokey'], outputs: [COPY, FILTERS] },
  full: { input: ['-threads', '4'], outputs: [COPY, FILTERS] },
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
  const install = 'apt-get install ffmpeg'
  for (let index = 0; index < count; index++) {
    const reader =
      reading === 'auto'
        ? startProcess('sh', ['-c', CHANGING, 'sh', ffmpeg, url, String((LOOKS.every * (index + 0.5)) / count)], {
            install,
          })
        : startProcess(ffmpeg, argumentsOf(reading, url), { install })
    readers.push(await reader)
  }
}

/** Whether Debian's package `rtmpdump` is installed: what librtmp needs to read a stream and to keep nothing of it. */
export function hasRtmpdump(): boolean {
  return spawnSync('rtmpdump', ['--help']).error === undefined
}

/** As `startBareReaders`. */
export async function startRtmpdumps(url: string, count: number, readers: OwnedProcess[]): Promise<void> {
  for (let index = 0; index < count; index++) {
    const args = ['--quiet', '--live', '--rtmp', url, '--flv', '/dev/null']
    readers.push(await startProcess('rtmpdump', args, { install: 'apt-get install rtmpdump' }))
  }
}

function argumentsOf(reading: Exclude<Reading, 'auto'>, url: string, seconds?: number | '$3'): string[] {
  const { input, outputs } = ARGUMENTS_OF[reading]
  const length = seconds === undefined ? [] : ['-t', String(seconds)]
  const written = outputs.flatMap((output) => [...output, ...length, '-f', 'null', '-'])
  return [...ARGUMENTS, '-filter_threads', '1', ...input, '-i', url, ...written]
}

/** Runs ffmpeg with these arguments, so that it ends with the shell; `$1` is ffmpeg, `$2` the URL. */
function command(args: readonly string[]): string {
  const quoted = args.map((arg) => (arg.startsWith('$') ? `"${arg}"` : `'${arg}'`))
  return `setpriv --pdeathsig KILL "$1" ${quoted.join(' ')}`
}

/** A shell, because what its children used until they ended still counts as its own. `$3`: seconds to the first look. */
const CHANGING = `
${command(argumentsOf('copy', '$2', '$3'))}
while :; do
  ${command(argumentsOf('content', '$2', LOOKS.atLeast))}
  ${command(argumentsOf('copy', '$2', LOOKS.every - LOOKS.atLeast))}
done
`
