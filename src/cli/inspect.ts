import { chooseFfprobe } from '../ffmpeg/binaries.ts'
import { createProfiles } from '../health/profile-lookup.ts'
import { givenStream } from '../inspection/given-stream.ts'
import { type InspectionAnswer, refusedInspection } from '../inspection/inspections.ts'
import { limitLines } from '../inspection/limits.ts'
import { type PreflightProgress, preflight } from '../inspection/preflight.ts'
import type { VerdictWord } from '../inspection/verdict.ts'
import { STREAM } from '../kinds/stream.ts'
import { systemClock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { streamSources } from '../readers/sources.ts'
import { placeholdersIn } from '../secrets/placeholder.ts'
import { redactUrl } from '../secrets/stream-address.ts'
import { Variables } from '../secrets/variables.ts'
import type { CommandLine } from './command-line.ts'

type InspectLine = Extract<CommandLine, { command: 'inspect' }>

export const EXIT_STATUS: Readonly<Record<VerdictWord, number>> = { pass: 0, warn: 1, fail: 2, unknown: 3 }

/**
 * Looks at the stream of a command line. Rejects only when it is aborted: what keeps it from looking is an answer too.
 * It holds no key.
 */
export async function inspect(
  line: InspectLine,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  progress: (progress: PreflightProgress) => void,
): Promise<InspectionAnswer> {
  const subject = redactUrl(line.url)
  try {
    const profile = line.profile === null ? null : createProfiles().get(line.profile)
    const values = await valuesOf(placeholdersIn(line.url), environment)
    const { target, secrets } = givenStream(STREAM, line.url, line, values)
    const verdict = await preflight(
      { target, profile, signal, time: line.time, progress },
      {
        clock: systemClock,
        sources: streamSources({ ffprobe: () => chooseFfprobe(line.ffprobe ?? undefined, environment) }),
        expand: (template) => secrets.expand(template),
        redact: (text) => secrets.redact(text),
      },
    )
    return { subject, profile: line.profile, ...verdict, limits: limitLines(profile, verdict), error: null }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof MonitorError) return refusedInspection(subject, line.profile, error)
    throw error
  }
}

/** @throws MonitorError `missing-variable` */
async function valuesOf(names: readonly string[], environment: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  const { values, missing } = await new Variables(environment, new Map()).resolve(names)
  for (const error of missing.values()) throw error
  return values
}
