import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { findDecoder } from '../src/ffmpeg/binaries.ts'
import { decodePicture } from '../src/ffmpeg/picture.ts'
import type { Section } from './section.ts'

/** Milliseconds of CPU: docs/performance.md, "Goals". */
const GOAL = 100
const SIZES = ['1280x720', '1920x1080', '3840x2160']
const TICK = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** What one picture of a stream costs: a run of ffmpeg that gets the key frame by its standard input. */
export async function picture(runs: number): Promise<Section> {
  const program = await findDecoder()
  const signal = new AbortController().signal
  const measured: { size: string; keyFrame: number; jpeg: number; cpu: number; longest: number }[] = []
  for (const size of SIZES) {
    const recording = keyFrameOf(size)
    // Its libraries are read from disk once.
    await decodePicture({ recording, format: 'flv' }, program, signal)
    const before = childTime()
    let [jpeg, longest] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const began = performance.now()
      jpeg = (await decodePicture({ recording, format: 'flv' }, program, signal)).length
      longest = Math.max(longest, performance.now() - began)
    }
    measured.push({ size, keyFrame: recording.length, jpeg, cpu: (childTime() - before) / runs, longest })
  }
  return {
    title: 'A picture',
    how: `A JPEG of the newest key frame, H.264 as x264 makes it of testsrc2, by ffmpeg ${program.version}; mean CPU of ${runs} runs, and the longest wait for one.`,
    header: ['picture', 'key frame', 'JPEG', 'CPU', 'longest wait'],
    rows: measured.map(({ size, keyFrame, jpeg, cpu, longest }) => [
      ...[size, kilobytes(keyFrame), kilobytes(jpeg), `${cpu.toFixed(0)} ms`, `${longest.toFixed(0)} ms`],
    ]),
    goals: measured.map(({ size, cpu }) => ({
      what: `a picture of ${size} at most ${GOAL} ms of CPU`,
      measured: `${cpu.toFixed(0)} ms`,
      reached: cpu <= GOAL,
    })),
  }
}

function keyFrameOf(size: string): Buffer {
  const source = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}`, '-frames:v', '1', '-pix_fmt', 'yuv420p']
  return execFileSync('ffmpeg', [...source, '-c:v', 'libx264', '-f', 'flv', '-'], { maxBuffer: 2 ** 26 })
}

/** Milliseconds of CPU of all children that have ended and were waited for (proc_pid_stat(5): cutime, cstime). */
function childTime(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[13]) + Number(fields[14])) * TICK
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`
