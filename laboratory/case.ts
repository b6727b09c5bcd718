/** One row of the laboratory: what is done for real, and where the fault truly is. */
import type { MonitorPlace } from '../src/diagnosis/situation.ts'
import type { Location } from '../src/observation/diagnosis.ts'
import type { StreamTarget } from '../src/targets/target.ts'
import type { Footage } from '../test/faults/footage.ts'
import type { World } from './world.ts'

/** Seen from everywhere alike, or from each place of the monitor. Empty: nothing is wrong, and nothing is to be said. */
type Truth = readonly Location[] | Readonly<Record<MonitorPlace, readonly Location[]>>

export interface LaboratoryCase {
  /** Small letters, digits and hyphens. */
  name: string
  /** What is done, for a person. */
  what: string
  truth: Truth
  /** From there the evidence cannot tell, with the reason: it counts for no accuracy, and may still not be certain and wrong. */
  blind?: Partial<Record<MonitorPlace, string>>
  /** Where monitors stand. Where it is left out: at the venue, and at one of the others. */
  from?: readonly MonitorPlace[]
  /** Played for so many times 16 s; then `becomes`, for ever, in the same connection. */
  footage?: Footage
  becomes?: Footage
  /** ffmpeg's options of the output; `FAULT_AT` stands for the second of media at which the fault begins. */
  output?: readonly string[]
  /** ffmpeg's arguments in the place of all of them, without the address: it encodes while it sends. */
  encodes?: readonly string[]
  /** How the stream is read. */
  secure?: boolean
  /** Of the stream. */
  target?: Partial<StreamTarget>
  /** The uplink can be delayed. */
  delayed?: boolean
  /** More variables of the monitors. */
  environment?: Readonly<Record<string, string>>
  /** Where it reaches the monitor itself or all that it sees: there is no control there. */
  disturbs?: readonly MonitorPlace[]
  /** Seconds of watching at the most, where nothing has fired. Default 45. */
  watched?: number
  /** Does it: resolves when the fault is there. */
  make(world: World): unknown
}

export function truthAt({ truth }: Pick<LaboratoryCase, 'truth'>, place: MonitorPlace): readonly Location[] {
  return isForAll(truth) ? truth : truth[place]
}

/** Two places, because a machine has only so much time; which is the second is fixed by the name. */
export function placesOf({ name, from }: Pick<LaboratoryCase, 'name' | 'from'>): readonly MonitorPlace[] {
  return from ?? ['venue', hashOf(name) % 2 === 0 ? 'server' : 'elsewhere']
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

function isForAll(truth: Truth): truth is readonly Location[] {
  return Array.isArray(truth)
}
