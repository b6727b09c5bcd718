import type { StreamParameters } from '../../observation/stream.ts'

/** Seconds off the air after which what comes is another broadcast, whose parameters may be others. */
export const ANOTHER_BROADCAST = 60

/** What the stream said of itself when this broadcast began, and what it says now. */
export class ParameterHistory {
  #first: StreamParameters | null = null
  #current: StreamParameters | null = null

  get current(): StreamParameters | null {
    return this.#current
  }

  /** What an inspection read; null when it is not known any more. */
  set(parameters: StreamParameters | null): void {
    this.#current = parameters
    this.#first ??= parameters
  }

  /** Media comes again, after `absence` seconds. */
  returned(absence: number): void {
    if (absence > ANOTHER_BROADCAST) this.#first = null
  }

  changes(): string[] {
    return this.#first === null || this.#current === null ? [] : parameterChanges(this.#first, this.#current)
  }
}

type Reader = (parameters: StreamParameters) => string | number | null | undefined

/**
 * What must stay the same while a stream is on the air (Facebook's Live API: no changes in mid-stream). Left out is what
 * an inspection measures rather than reads and so differs from one to the next: declared bitrates and B-frames.
 */
const COMPARED: Readonly<Record<string, Reader>> = {
  container: (p) => p.format,
  'video tracks': (p) => p.video.length || null,
  'video codec': (p) => p.video[0]?.codec,
  'video profile': (p) => p.video[0]?.profile,
  'video size': (p) => p.video[0] && `${p.video[0].width}×${p.video[0].height}`,
  'declared frame rate': (p) => rounded(p.video[0]?.declaredFrameRate),
  'pixel format': (p) => p.video[0]?.pixelFormat,
  'field order': (p) => p.video[0]?.fieldOrder,
  'audio tracks': (p) => p.audio.length || null,
  'audio codec': (p) => p.audio[0]?.codec,
  'audio profile': (p) => p.audio[0]?.profile,
  'sample rate': (p) => p.audio[0]?.sampleRate,
  channels: (p) => p.audio[0]?.channels,
}

/**
 * What differs, as `name: before -> now`. What one of the two does not say has not changed: a short inspection may miss
 * a track, and a track that is really gone is told by `tracks`.
 */
function parameterChanges(before: StreamParameters, now: StreamParameters): string[] {
  return Object.entries(COMPARED).flatMap(([name, read]) => {
    const [old, current] = [read(before) ?? null, read(now) ?? null]
    return old === null || current === null || old === current ? [] : [`${name}: ${old} → ${current}`]
  })
}

/** 29.97 and 30000/1001 are one frame rate. */
function rounded(frameRate: number | null | undefined): number | null {
  return frameRate == null ? null : Math.round(frameRate * 100) / 100
}
