import { SHIPPED_PROFILES } from '../health/profiles/shipped.ts'

const PROFILES = SHIPPED_PROFILES.map(({ name }) => name).join(', ')

export const HELP = `Says within 20 seconds whether a live stream is fit to go on air.

  rtmp-hmonitor inspect URL [options]

URL is where the stream can be played: rtmp, rtmps, rtmpt, srt, rtsp, http or https.
A key in it can be seen by everybody on this machine. Write its name instead, in
single quotes, and set the variable NAME, or NAME_FILE to a file that holds the key:

  STREAM_KEY_FILE=key.txt rtmp-hmonitor inspect 'rtmp://relay.example/live/\${STREAM_KEY}'

Options
  -p, --profile NAME     hold it against what a platform takes: ${PROFILES}
      --media WHAT       what it must have: both (default), video or audio
      --json             print JSON: verdict, issues, parameters, measurements
      --timeout SECONDS  how long it may take (default 20)
      --insecure         take a certificate that cannot be verified
      --ffprobe PATH     the ffprobe to use (default: FFPROBE_PATH, or the one on the PATH)
  -h, --help             print this
  -V, --version          print the version

Exit status
  0 pass, 1 warn, 2 fail, 3 unknown: the check could not be completed
`
