import { textOf } from '../connection/legible.ts'
import { LIVE_STATES, type LiveState } from '../observation/platform.ts'
import { isRecord, ownEntry } from '../observation/shape.ts'
import { at, idIn, oneOf, timeOf } from './json.ts'

/** Characters. */
const LONGEST_TITLE = 200

/** What is asked for of a recurring event, so that no stream key is sent: `fields` also raises the allowance. */
export const EVENT_FIELDS = [
  'uri',
  'title',
  'status',
  'next_occurrence_time',
  'schedule.start_time',
  'streamable_clip.uri',
  'streamable_clip.live.status',
  'streamable_clip.metadata.connections.live_stats.uri',
  'metadata.connections.live_video.status',
  'metadata.connections.pre_live_video.status',
].join(',')

/** The same of a one-time event, which is a video. */
export const VIDEO_FIELDS = [
  'uri',
  'name',
  'live.status',
  'live.scheduled_start_time',
  'metadata.connections.live_stats.uri',
].join(',')

/** What is believed of an event. */
export interface LiveEvent {
  id: string
  type: 'recurring' | 'one-time'
  title: string
  userState: 'started' | 'ended' | null
  liveState: LiveState
  nextStart: string | null
  /** The video whose viewers can be asked for; null where the account is not told. */
  statsOf: string | null
}

/** Why an answer cannot be believed, as the end of "Vimeo's answer …". */
export type Unbelievable = { wrong: string }

/** Names that the specification and the mobile SDKs spell differently. */
const OTHER_SPELLINGS: Readonly<Record<string, LiveState>> = { archive_error: 'archiving_error' }

/** Reads a recurring event: `GET /live_events/{id}`, or an item of a list. */
export function parseEvent(body: unknown): LiveEvent | Unbelievable {
  const id = idIn(at(body, 'uri'), 'live_events')
  if (!isRecord(body) || id === null) return { wrong: 'is no live event' }
  const clip = at(body, 'streamable_clip')
  const sources = [
    at(clip, 'live', 'status'),
    at(body, 'metadata', 'connections', 'live_video', 'status'),
    at(body, 'metadata', 'connections', 'pre_live_video', 'status'),
  ]
  if (clip === null && sources[0] === undefined) sources[0] = null
  const liveState = stateIn(sources)
  if (typeof liveState !== 'string') return liveState
  return {
    id,
    type: 'recurring',
    title: textOf(at(body, 'title'), LONGEST_TITLE) ?? '',
    userState: oneOf(at(body, 'status'), ['started', 'ended']),
    liveState,
    nextStart: timeOf(at(body, 'next_occurrence_time')) ?? timeOf(at(body, 'schedule', 'start_time')),
    statsOf: statsIn(clip),
  }
}

/** Reads a one-time event: `GET /videos/{id}`. A video that never was live is none. */
export function parseVideo(body: unknown): LiveEvent | Unbelievable {
  const id = idIn(at(body, 'uri'), 'videos')
  if (!isRecord(body) || id === null) return { wrong: 'is no video' }
  const liveState = stateIn([at(body, 'live', 'status')])
  if (typeof liveState !== 'string') return liveState
  return {
    id,
    type: 'one-time',
    title: textOf(at(body, 'name'), LONGEST_TITLE) ?? '',
    userState: null,
    liveState,
    nextStart: timeOf(at(body, 'live', 'scheduled_start_time')),
    statsOf: statsIn(body),
  }
}

/** Whether a video is one that was never meant to be live. */
export function isPlainVideo(body: unknown): boolean {
  return idIn(at(body, 'uri'), 'videos') !== null && at(body, 'live') === null
}

/**
 * The first state that is told. Null everywhere is an event without a clip, between two occurrences; nothing told, or
 * what is no text, is an answer that is not to be believed.
 */
function stateIn(sources: readonly unknown[]): LiveState | Unbelievable {
  const strange = sources.find((source) => source !== undefined && source !== null && typeof source !== 'string')
  if (strange !== undefined) return { wrong: `has ${typeof strange} in the place of the live state` }
  if (sources.every((source) => source === undefined)) return { wrong: 'says nothing of the live state' }
  const told = sources.find((source) => typeof source === 'string')
  if (told === undefined) return 'unavailable'
  const known = oneOf(told, LIVE_STATES) ?? ownEntry(OTHER_SPELLINGS, String(told))
  return known ?? { wrong: `has the live state "${textOf(told, 40) ?? ''}", which is not known here` }
}

/** Only the number is taken from the path: nobody may send the token elsewhere. */
function statsIn(video: unknown): string | null {
  return idIn(at(video, 'metadata', 'connections', 'live_stats', 'uri'), 'videos')
}

/** The number of an event whose page's address people paste; any other text as it is. */
export function eventNumber(text: string): string {
  const page = /^https:\/\/(?:www\.)?vimeo\.com\/(?:manage\/events\/|manage\/videos\/|event\/)?(\d+)(?:[/?#]|$)/
  return page.exec(text)?.[1] ?? text
}
