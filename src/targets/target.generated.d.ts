// Made from targets.schema.json by scripts/generate-target-types.ts. Do not edit.

import type { LimitOverrides } from '../health/check.ts'
import type { UserProfile } from '../health/profile.ts'

/** When it should be on air or at work. always; manual: from the first sign of it until an expect message says that it ended; or a list of windows of the week. */
export type ExpectationRule = 'always' | 'manual' | readonly ExpectedWindow[]

/** A time of the week at which the stream should be on air. */
export interface ExpectedWindow {
  /** The days on which it begins. */
  days: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[]
  /** Local time, for example 09:45. */
  from: string
  /** Local time; at or before the beginning it is of the next day. 24:00 is the end of the day. */
  to: string
  /** IANA name, for example Europe/Berlin. */
  timezone: string
}

/** What every target has, whatever its kind. */
export interface CommonTarget {
  /** What the target is called in metrics, alerts and messages: 1 to 64 letters, digits, spaces and any of _ . : / ( ) + # @ -. It begins with a letter or digit. It is shown to everybody: never put a stream key here. */
  name: string
  /** Seconds between two observations. */
  interval: number
  /** When it should be on air or at work. always; manual: from the first sign of it until an expect message says that it ended; or a list of windows of the week. */
  expected: ExpectationRule
  /** Other numbers for some checks, by the name of the issue (docs/checks.md); null switches a check off. */
  limits: LimitOverrides
  /** Names of targets without which this one cannot work. A fault of theirs mutes the alerts of this one. */
  dependsOn: readonly string[]
  /** Labels of your own. They stand on the target's _info metric, in events and in alerts. */
  labels: Record<string, string>
}

/** A stream that can be played. */
export interface StreamTarget extends CommonTarget {
  /** Where the stream is played from: rtmp, rtmps, rtmpt, srt, rtsp, rtsps, http or https. Write the key as ${NAME}. */
  url: string
  /** The stream key, where url is the server alone, as OBS has the two. Write it as ${NAME}. Of RTMP it may hold slashes: rtmp://relay.example/live and church/main name the stream church/main of the application live. As one address they are rtmp://relay.example/live#church/main. Of other protocols it is added to the end of url. Left out: it stands in url. */
  key?: string
  /** How deep the stream is looked at. packets: everything that can be measured without decoding. content: black and frozen pictures by key frames, and sound too. full: the same with every picture, at about six times the cost. auto: packets all the time, and content now and then: for 15 s after the beginning and every 5 minutes, and at once on suspicion. All but packets need ffmpeg 5.1 or newer. */
  checks: 'packets' | 'content' | 'full' | 'auto'
  /** Minutes that an event of this stream is planned to last: of that, what it may miss is worked out (docs/operations.md). null: the length of the window in which it is expected, and without windows no budget. */
  eventMinutes: number | null
  /** Percent of the time of an event in which the stream should be on the air. */
  objective: number
  /** What the stream must have. Where it must not have both, a missing track is no fault. */
  media: 'both' | 'video' | 'audio'
  /** Seconds without media after which the stream stalls. null: by protocol, 2 s, or three segments of HLS. */
  stallAfter: number | null
  /** Whether a certificate that cannot be verified ends the connection. */
  verifyTls: boolean
  /** What reads the stream. auto: the monitor itself, as far as it can, so that the key is in no list of processes: RTMP and RTMPS, where what the server says counts at once, Enhanced RTMP (HEVC, AV1, Opus) is read whatever the ffprobe is, and of many streams each costs less than half; of HTTP and HLS it fetches what FFmpeg's programs then read. ffprobe: FFmpeg's programs are given the address and connect by themselves, whatever the protocol is; of HLS they read every variant. It is for a server with which auto has trouble. */
  reader: 'auto' | 'ffprobe'
  /** Which variant of HLS is watched, where a playlist offers several: by its height ("720p") or by its bitrate as the playlist names it ("2500k", "2.5M": the nearest). null: the best. The others are not fetched; one that is not there is said, with those that are. */
  variant: string | null
  /** Who may see a picture of the stream. null: the dashboard behind its login, and the API with its token. true: emails of its alerts too, which then carry the present picture and the last good one, and reports of its events. false: nobody. It is made of the newest key frame, of what the monitor itself reads: rtmp, HLS, FLV and MPEG-TS over HTTP. */
  picture: boolean | null
  /** The platform whose limits the stream is held to: youtube, vimeo, twitch, facebook, custom, or one under profiles. null: only what is a fault everywhere. */
  profile: string | null
  /** Profiles of your own for this stream alone (docs/profiles.md). */
  profiles: Record<string, UserProfile>
  /** cbr: the encoder keeps its bitrate, so that a lower one is a fault. vbr or null: it may fall on a still picture. */
  rateControl: 'cbr' | 'vbr' | null
  /** Whether a picture that stands still under sound is a fault. */
  stillPicture: 'allowed' | 'fault'
  /** The name of the entry under vimeo that shows this stream. */
  platform: string | null
  /** The name of the stream whose backup this one is: both must be alike. */
  backupOf: string | null
  /** Where several monitors share a targets file (docs/scale.md): streams with the same key are watched by the same monitor. null: the stream goes by its name, and a backup with its main stream. */
  shardKey: string | null
}

/** A host to ping. */
export interface PingTarget extends CommonTarget {
  /** A host name or an IP address. ${NAME} is allowed. */
  address: string
  /** Pings per series, 0.2 s apart. */
  count: number
  /** Which address of a host name is used. any: IPv4 where there is one, else IPv6. */
  family: 'any' | 'ipv4' | 'ipv6'
  /** For where a fault is: venue, on the encoder's side of the line to the internet; way, beyond that line; server, at the stream's server. auto: as its address and what depends on it tell. */
  at: 'auto' | 'venue' | 'way' | 'server'
  /** Whether this host answers as long as the monitor's own network works. */
  control: boolean
}

/** A server to connect to. */
export interface ServiceTarget extends CommonTarget {
  /** tcp, tls, http, https, rtmp or rtmps, with host and port. ${NAME} is allowed. */
  url: string
  /** Seconds for all phases together, from the name to the answer. */
  timeout: number
  /** Whether a certificate that cannot be trusted is a fault. */
  verifyTls: boolean
  /** Which address of a host name is used. any: IPv4 where there is one, else IPv6. */
  family: 'any' | 'ipv4' | 'ipv6'
  /** What an HTTP server may answer. Empty: 200 to 299. Redirections are not followed. */
  status: readonly number[]
  /** Text that the first 256 KiB of an HTTP answer must hold, as written. Empty: whatever it holds. */
  bodyContains: string
  /** For where a fault is: venue, on the encoder's side of the line to the internet; way, beyond that line; server, at the stream's server. auto: as its address and what depends on it tell. */
  at: 'auto' | 'venue' | 'way' | 'server'
}

/** A throughput test. */
export interface BandwidthTarget extends CommonTarget {
  /** http, https or iperf3 (iperf3://host:port). ${NAME} is allowed. Of HTTP, up sends a POST request and down fetches a large file. */
  url: string
  /** up: from here to the server. down: from the server to here. */
  direction: 'up' | 'down'
  /** How long data flows in one test. The first third is slow start, and left out. */
  seconds: number
  /** Data after which a test ends sooner. */
  megabytes: number
  /** Whether a test may run while a stream is on air that depends on it. It takes the whole connection meanwhile, and may break the stream. */
  whileLive: boolean
  /** Whether a certificate that cannot be verified ends the test. */
  verifyTls: boolean
  /** Megabits per second that must be there, without head-room. null: what the streams need that name this test under dependsOn. */
  required: number | null
}

/** A Blackmagic Web Presenter or Streaming Encoder. */
export interface EncoderTarget extends CommonTarget {
  /** A host name or an IP address, with a port where it is another than usual: 192.0.2.20 or encoder.example:8080. ${NAME} is allowed. */
  address: string
  /** auto: whichever answers. rest: HTTP, for firmware 3 and later. ethernet: the text protocol on port 9977, which older firmware has too. */
  protocol: 'auto' | 'rest' | 'ethernet'
  /** fault: it must stream whenever it is expected. allowed: only while a stream that depends on it is expected. */
  idle: 'allowed' | 'fault'
}

/** A Vimeo live event. */
export interface PlatformTarget extends CommonTarget {
  /** The number in the event's address, as text; of a one-time event that of its video. next: the account's event that is on, else the one that begins next. ${NAME} is allowed. */
  liveEvent: string
}

/** The target of each kind, as it is after its definition has checked it. */
export interface TargetOf {
  stream: StreamTarget
  ping: PingTarget
  service: ServiceTarget
  bandwidth: BandwidthTarget
  encoder: EncoderTarget
  platform: PlatformTarget
}
