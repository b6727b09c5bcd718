import type { SessionEnd } from '../observation/stream.ts'
import { explainShortage } from '../programs/child.ts'
import type { MemoryOver } from '../programs/memory.ts'
import type { Ending } from '../stream/packet-source.ts'
import type { ProgramExit } from './running-program.ts'

/** What can read a stream, and where a user may name another. */
const PROGRAMS = { ffprobe: 'in the node or in FFPROBE_PATH', ffmpeg: 'in FFMPEG_PATH' } as const

/** What is known when a session's process has ended. */
export interface EndFacts {
  /** What read the stream. Default: ffprobe. */
  program?: keyof typeof PROGRAMS
  exit: ProgramExit
  /** Whether it printed any packet. */
  media: boolean
  /** Seconds since its last packet; since its start where there was none. */
  silence: number
  /** Seconds without a byte after which it gives up by itself. */
  readTimeout: number
}

/** Signals by which somebody else ends a process; any other one is its own fault. */
const SENT: ReadonlySet<string> = new Set(['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP', 'SIGQUIT'])

/** Part of `readTimeout` after which silence is taken for its cause. */
const NEARLY = 0.9

/** Seconds without media after which the server had let us in, and ended it later. */
const WAITED = 5

/** Seconds: a connection by SRT that failed sooner was rejected. One that nobody answers takes 3 s (libsrt's default). */
const SRT_ANSWERED = 2

/**
 * What the programs' own words say, first match first. Measured with ffprobe 5.1.9 and the static build of 2023 against
 * nginx-rtmp, node-media-server and peers that refuse, are silent, speak HTTP, send garbage or show a bad certificate.
 */
const WORDS: readonly { pattern: RegExp; end: SessionEnd; message: string; beforeStream?: true }[] = [
  { pattern: /^prlimit: /, end: 'crashed', message: 'it could not be started' },
  {
    pattern: /certificate/i,
    end: 'refused',
    message:
      'the certificate of the server is not trusted, or is for another host; where that is as it should be, switch the check off for this stream (verifyTls)',
    beforeStream: true,
  },
  {
    pattern: /failed to resolve hostname.*(temporary failure|try again|non-recoverable)/i,
    end: 'dns-failed',
    message: 'the host name could not be looked up: the name service does not answer',
  },
  {
    pattern: /failed to resolve hostname/i,
    end: 'unreachable',
    message: 'no address is known for the host name',
    beforeStream: true,
  },
  {
    pattern: /connection refused/i,
    end: 'refused',
    message: 'the server refuses the connection',
    beforeStream: true,
  },
  {
    pattern: /no route to host|network is unreachable/i,
    end: 'unreachable',
    message: 'there is no route to the host',
    beforeStream: true,
  },
  {
    pattern: /(401 unauthorized|403 forbidden|authori[sz]ation failed|authentication failed|access denied)/i,
    end: 'refused',
    message: 'the server does not let us in: the user, the password or the token is not accepted',
  },
  {
    pattern: /(404 not found|410 gone|streamnotfound|stream not found|no such stream)/i,
    end: 'not-found',
    message: 'the server does not know this stream',
  },
  {
    // RFC 2326, 11.3.13. It is also said of TCP where the server then agrees to UDP, hence the last line.
    pattern: /failed: 461 [\s\S]*protocol not supported/i,
    end: 'refused',
    message:
      'the server offers the stream neither by TCP nor by UDP, which are the transports that are tried (461): does it send by multicast only? Let it offer one of the two',
  },
  {
    pattern: /(failed: (429|453|503) |too many (requests|connections|readers|clients))/i,
    end: 'refused',
    message: 'the server takes no more readers at present',
  },
  {
    pattern: /(server returned 4|method \w+ failed: 4)/i,
    end: 'refused',
    message: 'the server refuses what it is asked for, and not because it does not know the stream',
  },
  { pattern: /(server error:|server returned 5)/i, end: 'refused', message: 'the server answers with an error' },
  { pattern: /connection to srt:.* failed/i, end: 'unreachable', message: 'no SRT server answers there' },
  {
    // Garbage fails the check of the handshake, or, where its version byte lets it pass that, as the first messages.
    pattern: /(server response validating failed|rtmp packet size mismatch)/i,
    end: 'refused',
    message: 'what answers there does not speak RTMP',
    beforeStream: true,
  },
  {
    // nginx-rtmp with `max_connections` reached does this, and so does what is no RTMP server at all.
    pattern: /cannot read rtmp handshake response\s+.*(end of file|reset by peer)/i,
    end: 'refused',
    message:
      'the server accepts the connection and closes it within the handshake: it takes no more connections at present (max_connections), or none of ours, or what answers there does not speak RTMP',
    beforeStream: true,
  },
  {
    pattern: /timed out/i,
    end: 'timeout',
    message: 'the server accepts the connection and then stays silent',
  },
  {
    pattern: /invalid data found/i,
    end: 'refused',
    message: 'the server answers, but with nothing that could be read as a stream',
  },
  {
    // The address itself was looked at before: this is what a playlist or a redirect names.
    pattern: /not on whitelist/i,
    end: 'refused',
    message: 'the server, or its playlist, sends on to what is not read: a file, or another protocol',
  },
  {
    pattern:
      /(unrecognized option|option .* not found|protocol not found|shared librar|failed to set value|no such filter|decoder .*not found|unknown bitstream filter|error initializing)/i,
    end: 'crashed',
    message: 'it could not be read as it was asked for',
  },
]

/** Says in one word of the closed list, and in one sentence, why a session ended. */
export function classifyEnd(facts: EndFacts): Ending {
  const { program = 'ffprobe', exit, media, silence, readTimeout } = facts
  if (exit.startError !== null) {
    const shortage = explainShortage(exit.startError)
    if (shortage !== null) return { end: 'no-resources', message: `${program} could not be started: ${shortage}` }
    return { end: 'crashed', message: `${program} could not be started (${exit.startError})` }
  }
  if (exit.memoryOver !== null || NO_MEMORY.test(exit.stderr.trimEnd())) return tooLarge(program, exit.memoryOver)
  if (exit.signal !== null) {
    return SENT.has(exit.signal)
      ? { end: 'killed', message: `${program} was ended by ${exit.signal}` }
      : {
          end: 'crashed',
          message: `${program} crashed (${exit.signal}); if it does so again, name another one ${PROGRAMS[program]}`,
        }
  }
  const gaveUp = silence >= readTimeout * NEARLY
  if (media) {
    return gaveUp
      ? { end: 'timeout', message: 'the connection stayed open, but nothing came' }
      : { end: 'ended', message: 'the server ended the stream' }
  }
  if (/connection to srt:.* failed/i.test(exit.stderr) && silence < SRT_ANSWERED) return SRT_REJECTED
  if (gaveUp && /failed: 461 /.test(exit.stderr)) return UDP_LOST
  const known = WORDS.find(({ pattern }) => pattern.test(exit.stderr))
  if (known) {
    const { end, message, beforeStream } = known
    return { end, message: `${message}${quote(program, exit.stderr)}`, ...(beforeStream && { beforeStream }) }
  }
  if (gaveUp) {
    return {
      end: 'timeout',
      message: `the server is connected, but has sent no media for ${Math.round(silence)} s: nobody publishes`,
    }
  }
  if (silence >= WAITED) return { end: 'ended', message: 'the server closed the connection while we waited for media' }
  return {
    end: 'refused',
    message: `the server closed the connection before any media came: is the application and the stream key right?${quote(program, exit.stderr)}`,
  }
}

/** FFmpeg does not tell why, though libsrt knows it. */
const SRT_REJECTED: Ending = {
  end: 'refused',
  message:
    'the SRT server rejects the connection: is the passphrase right, and the stream id, and does somebody publish under it? Or it takes no more readers at present',
}

/** It refused TCP, agreed to UDP, and then nothing arrived. */
const UDP_LOST: Ending = {
  end: 'timeout',
  message:
    'the server sends by UDP only (it refuses TCP, 461), and nothing of it arrives: a firewall or NAT between keeps UDP out, or nobody publishes. Let the server offer TCP too, or open its UDP ports',
}

/** What programs end with where the system gives them no more. */
const NO_MEMORY = /\b(cannot allocate memory|out of memory)!?$/i

/** It says nothing of the stream, which others may read well. */
function tooLarge(program: string, over: MemoryOver | null): Ending {
  const what =
    over === null
      ? 'ran out of memory'
      : `held ${over.held} MB of memory, where it may hold ${over.limit} MB, and was ended`
  const message = `${program} ${what}, so nothing is known of the stream. It is tried again once a minute. A playlist that names itself does that, and a server that sends garbage: check what the address gives, with a player, too`
  return { end: 'out-of-memory', message }
}

/** The program's last line, without the address that it begins with. */
function quote(program: string, stderr: string): string {
  const line = stderr.trim().split('\n').at(-1)?.trim() ?? ''
  const words = line.replace(/^\S+:\/\/\S+?:\s/, '').slice(0, 200)
  return words === '' ? '' : ` (${program}: ${words})`
}

/** That a playlist is over. */
export const OVER: Ending = {
  end: 'ended',
  message:
    'the playlist says that the stream is over (EXT-X-ENDLIST, or of the type VOD): what is there is a recording, and it is not fetched',
  isRecording: true,
}
/** A table tells of tracks that were not there when the program began, which prints nothing of them. */
export const OTHER_TRACKS: Ending = {
  end: 'killed',
  message: 'the stream has other tracks than before: it is opened again to see them',
  again: true,
}
/** What was taken for MPEG-TS is none. */
export const NO_TRANSPORT: Ending = { end: 'killed', message: 'it is opened again as what it is', again: true }
/** Nobody wants it any more. */
export const GIVEN_UP: Ending = { end: 'killed', message: 'given up' }

/** For a person: why nothing comes of a program that does not run. */
export function stoppedBySomebody(program: string): string {
  return `somebody stopped ${program} (SIGSTOP), and it is started again`
}
