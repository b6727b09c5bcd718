import { type SimulatedEvent, SRT_PASSPHRASE, STREAM_KEY, STREAM_PASSWORD } from './simulated-event.ts'

/** The objects of API version 3.4, with the secrets that the real ones hold too. */

export type Body = Record<string, unknown>

const RTMP = 'rtmp://rtmp.cloud.vimeo.com/live'
const RTMPS = 'rtmps://rtmp.cloud.vimeo.com/live'
const CREATED = '2026-01-04T09:24:56+00:00'

export function errorBody(error: string, code: number): Body {
  return { error, link: null, developer_message: error, error_code: code }
}

export function listBody(events: readonly Body[], page: number, perPage: number): Body {
  const last = Math.max(1, Math.ceil(events.length / perPage))
  const link = (number: number) => `/me/live_events?page=${number}&per_page=${perPage}`
  return {
    total: events.length,
    page,
    per_page: perPage,
    paging: {
      next: page < last ? link(page + 1) : null,
      previous: page > 1 ? link(page - 1) : null,
      first: link(1),
      last: link(last),
    },
    data: events.slice((page - 1) * perPage, page * perPage),
  }
}

export function eventBody(event: SimulatedEvent): Body {
  const { clip, onAir, preLive, status } = event.now()
  const connection = (state: string) => ({
    status: state,
    uri: `/live_events/${event.id}/videos/${event.videoId}`,
    options: ['GET'],
  })
  return {
    uri: `/live_events/${event.id}`,
    title: event.title,
    link: `https://vimeo.com/event/${event.id}`,
    created_time: CREATED,
    completed_on: null,
    status,
    rtmp_link: RTMP,
    rtmps_link: RTMPS,
    stream_key: STREAM_KEY,
    backup_stream_key: STREAM_KEY,
    srt_passphrase: SRT_PASSPHRASE,
    stream_title: event.title,
    stream_password: STREAM_PASSWORD,
    stream_mode: 'live',
    latency: 'standard',
    preferred_stream_method: 'encoder',
    next_occurrence_time: event.nextOccurrence,
    schedule:
      event.nextOccurrence === null
        ? null
        : { type: 'weekly', start_time: event.nextOccurrence, time_zone: 'Europe/Berlin', weekdays: [7] },
    time_zone: 'Europe/Berlin',
    unlimited_duration: true,
    streamable_clip: clip ? videoBody(event) : null,
    live_clips: [],
    metadata: {
      connections: {
        live_video: onAir ? connection('streaming') : null,
        pre_live_video: preLive === null ? null : connection(preLive),
        videos: { options: ['GET'], total: 6, uri: `/live_events/${event.id}/videos` },
      },
      interactions: { delete: null, edit: null, activate: null },
    },
  }
}

export function videoBody(event: SimulatedEvent): Body {
  const { live, startedAt, session } = event.now()
  const active = startedAt === null ? null : new Date(startedAt).toISOString()
  return {
    uri: `/videos/${event.videoId}`,
    name: event.title,
    type: 'live',
    link: `https://vimeo.com/${event.videoId}`,
    duration: 0,
    created_time: CREATED,
    status: 'available',
    stats: { plays: 4711 },
    live: {
      status: live ?? 'unavailable',
      link: RTMP,
      rtmps_link: RTMPS,
      key: STREAM_KEY,
      id: event.videoId,
      created_time: CREATED,
      active_time: active,
      ended_time: null,
      archived_time: null,
      is_record_mode: false,
      rtmp_preview: false,
      recurring_event: null,
      scheduled_start_time: event.nextOccurrence,
      seconds_remaining: 7200,
      session_id: session,
      ...(live === 'streaming_error' && { streaming_error: errorBody('The stream was terminated.', 4000) }),
    },
    metadata: {
      connections: {
        ...(event.viewers !== null && {
          live_stats: { options: ['GET'], uri: `/videos/${event.videoId}/stats/live` },
        }),
      },
    },
  }
}

export function sessionBody(event: SimulatedEvent): Body {
  const { ingest, status, startedAt, session } = event.now()
  const start = startedAt === null ? null : Math.floor(startedAt / 1000)
  const underway = ingest === 4
  return {
    archive: { clip_id: event.videoId, status: 0 },
    can_manage: true,
    id: event.id,
    ingest: {
      encoder_type: 'rtmp',
      end_time: ingest === 5 && start !== null ? Math.floor(Date.now() / 1000) : null,
      height: underway ? 1080 : null,
      width: underway ? 1920 : null,
      is_rtmp_session: true,
      is_scheduled_playback: null,
      rtmp_expires_at: null,
      rtmp_link: RTMP,
      rtmps_link: RTMPS,
      scheduled_start_time: event.nextOccurrence,
      session_id: session,
      start_time: start,
      // A string, as the published specification has it.
      status: ingest === null ? null : String(ingest),
      stream_ended_reason: ingest === 5 ? 1 : null,
      stream_key: STREAM_KEY,
    },
    metering: { seconds_max: 0, seconds_remaining: 7200 },
    status,
    stream_mode: 'live',
  }
}

export function liveStatsBody(event: SimulatedEvent): Body {
  const { peak, onAir } = event.now()
  return {
    plays: 120,
    total_view_time: 36_000,
    viewers: { current: onAir ? event.viewers : 0, peak },
  }
}
