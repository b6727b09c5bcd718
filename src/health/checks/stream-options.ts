import type { StreamMeasurements } from '../../observation/stream.ts'
import type { Check, CheckContext } from '../check.ts'
import type { Profile } from '../profile.ts'

/** What a stream's target says that its checks need to know. */
export interface StreamOptions {
  /** Which tracks the stream is meant to have. */
  media: 'both' | 'video' | 'audio'
  /** It arrives a segment at a time (HLS, DASH), known from its address before an inspection says so. */
  segmented?: boolean
  /** The platform whose limits it is held to. Without one, only what is a fault on every platform is judged. */
  profile?: Profile | null
  /** How its encoder keeps its bitrate. Only of a constant one is it known that it must not fall. */
  rateControl?: 'cbr' | 'vbr' | null
  /** Whether a picture that stands still under sound is a fault. By default it is none: many services show slides. */
  stillPicture?: 'allowed' | 'fault'
  /** The name of the stream whose backup this one is. */
  backupOf?: string | null
  /** Names of targets: those of them that are encoders end the event when they are stopped. */
  eventEndsWith?: readonly string[]
  /** Somebody says when its event is over: then it is not expected any more, though it may go on. */
  hasEvents?: boolean
}

export type StreamCheck = Check<StreamMeasurements, StreamOptions>
export type StreamContext = CheckContext<StreamMeasurements, StreamOptions>

/** Whether it is held to what others ask of it, so that its parameters are judged. */
export function isHeldToOthers({ profile = null, backupOf = null }: StreamOptions): boolean {
  return profile !== null || backupOf !== null
}

/** Containers that arrive a segment at a time, by ffprobe's names. */
const SEGMENTED: ReadonlySet<string> = new Set(['hls', 'applehttp', 'dash'])

/** Whether media comes a segment at a time, so that its arrival says little about the sender. */
export function isSegmented({ options, reading }: Pick<StreamContext, 'options' | 'reading'>): boolean {
  return options.segmented === true || formatsOf(reading.measurements).some((name) => SEGMENTED.has(name))
}

/** ffprobe names a container by one name or several, with commas between them. */
export function formatsOf({ parameters }: StreamMeasurements): string[] {
  return parameters === null ? [] : parameters.format.split(',')
}
