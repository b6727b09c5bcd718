/** One row of the suite: what is done to a stream, and what the monitor has to say of it. */
import type { State } from '../../src/observation/observation.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import type { Footage } from './footage.ts'
import type { Stage } from './stage.ts'

/** Which rows share what they need; one of each is part of `npm test`. */
export type Kind = 'ingest' | 'flow' | 'content' | 'backup' | 'presence' | 'network' | 'protocol' | 'generated'

/** With what a row is played: what the monitor takes by itself, or FFmpeg's programs. */
export type Reader = StreamTarget['reader']

interface Row {
  id: string
  kind: Kind
  /** What is the matter with the stream. */
  what: string
  /** How it is made. */
  how: string
  target?: Partial<StreamTarget>
  /** Issues that may come too, because they follow from what is done. */
  allowed?: readonly string[]
  /** Default: both of a stream over RTMP. With one alone where both come to the same, or it is about that one. */
  readers?: readonly Reader[]
  /** Part of `npm test`. */
  short?: boolean
  /** What it plays, to be encoded before anything is played: an encoder leaves no time to the others. */
  footage?: readonly Footage[]
  /** Prepares the stream and does what the row is about; calls `stage.fault()` at that moment. */
  play(stage: Stage): Promise<void>
}

export interface Fault extends Row {
  /** Each has to be raised within the time that the table of checks states, and 3 s. */
  expects: readonly string[]
  /** Seconds between key frames, from which windows follow. Default 2. */
  gop?: number
  /** Seconds within which the stream counts as stalled. Default 2. */
  stallAfter?: number
  /** What an issue has to say within so many seconds, because another cause would have another text. */
  says?: { type: string; text: RegExp; within: number }
  /** Seconds by which the fault shows later than it is made, and why. */
  delay?: { seconds: number; because: string }
  /** What is different where the monitor reads by itself: it hears at once what the server says, and sees every track. */
  byItself?: Partial<Pick<Fault, 'expects' | 'allowed' | 'delay'>>
}

export interface Healthy extends Row {
  /** Seconds to watch from the moment that media is there. Default 45. */
  watched?: number
  /** In which it has to end. Default `ok`. */
  state?: State
}

/** What a row is played with. */
export function readersOf({ readers = ['auto', 'ffprobe'] }: Fault | Healthy): readonly Reader[] {
  return readers
}

/** The row as it is with one of its readers. */
export function withReader(row: Fault | Healthy, reader: Reader): Fault | Healthy {
  const target = { ...row.target, reader }
  return isFault(row) ? { ...row, ...(reader === 'auto' && row.byItself), target } : { ...row, target }
}

export function isFault(row: Fault | Healthy): row is Fault {
  return 'expects' in row
}
