/** Where a platform takes a stream in and gives none out. */
interface PublishOnly {
  platform: string
  /** Matches the host name, in small letters. */
  host: RegExp
  /** What to watch in its place. */
  instead: string
}

const RELAY =
  'publish to a relay of your own (nginx with its RTMP module, MediaMTX, SRS) that forwards to the platform, and watch the relay'

/**
 * Ingest addresses that can only be published to, as the platforms' own encoder instructions name them: YouTube Live
 * Streaming API `cdn.ingestionInfo`, Twitch `ingest.twitch.tv/ingests`, Amazon IVS "Stream configuration", Facebook Live
 * API `stream_url`, Vimeo "Stream via RTMP", Restream and X encoder set-up pages.
 */
const PUBLISH_ONLY: readonly PublishOnly[] = [
  {
    platform: 'YouTube',
    host: /(^|\.)(rtmps?|upload)\.youtube\.com$/,
    instead: RELAY,
  },
  { platform: 'Twitch', host: /^live(-[a-z0-9-]+)?\.twitch\.tv$/, instead: RELAY },
  {
    platform: 'Twitch, Kick or Amazon IVS',
    host: /(^|\.)([a-z0-9-]+-)?contribute\.live-video\.net$/,
    instead: `${RELAY}; or watch the channel's playback address (HLS, .m3u8)`,
  },
  { platform: 'Facebook', host: /^(live-api(-s)?|rtmp-api(-[a-z0-9-]+)?)\.facebook\.com$/, instead: RELAY },
  {
    platform: 'Instagram',
    host: /^(live-upload|edgetee-upload-[a-z0-9-]+)\.(facebook|instagram)\.com$/,
    instead: RELAY,
  },
  {
    platform: 'Vimeo',
    host: /(^|\.)cloud\.vimeo\.com$/,
    instead: `${RELAY}; or watch the HLS playback address of the live event`,
  },
  { platform: 'X', host: /(^|\.)pscp\.tv$/, instead: RELAY },
  { platform: 'Restream', host: /^(live|[a-z-]+-live)\.restream\.io$/, instead: RELAY },
]

/** The platform whose ingest a host is, and what to do instead; null where it is none that is known. */
export function publishOnly(host: string): { platform: string; instead: string } | null {
  const name = host.toLowerCase().replace(/\.$/, '')
  return PUBLISH_ONLY.find((entry) => entry.host.test(name)) ?? null
}
