import { legible, textOf } from '../connection/legible.ts'
import { DEVICE_STATES, type DeviceState } from '../observation/encoder.ts'
import { badAnswer, type DeviceFailure } from './device-status.ts'

/** Bits per second: ten times what any of these devices can make. */
const MOST_BITRATE = 1e9
/** Ten years in seconds. */
const LONGEST_DURATION = 10 * 366 * 86_400
/** Characters of a text that a device says of itself. */
const LONGEST_TEXT = 64

/**
 * The five states that are documented (`Flushing` for REST alone), from either interface and in any case.
 *
 * @throws DeviceFailure `bad-answer`
 */
export function stateOf(value: unknown): DeviceState {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  const state = DEVICE_STATES.find((known) => known === word)
  if (state === undefined) throw wrong('status', value, 'Idle, Connecting, Streaming, Flushing or Interrupted')
  return state
}

/** Bits per second. @throws DeviceFailure `bad-answer` */
export function bitrateOf(value: unknown): number {
  const bitrate = within('bitrate', value, MOST_BITRATE, 'a number of bits per second')
  if (bitrate === null) throw missing('bitrate')
  return bitrate
}

/** 0 to 1, from a percentage. @throws DeviceFailure `bad-answer` */
export function cacheOf(value: unknown): number | null {
  const percent = within('cache', value, 100, 'a percentage')
  return percent === null ? null : percent / 100
}

/** Seconds. @throws DeviceFailure `bad-answer` */
export function durationOf(value: unknown): number | null {
  return within('duration', value, LONGEST_DURATION, 'a number of seconds')
}

/** `DD:HH:MM:SS` in seconds. @throws DeviceFailure `bad-answer` */
export function clockDurationOf(value: string | undefined): number | null {
  if (value === undefined || value === '') return null
  const match = /^(\d{1,4}):(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(value)
  if (match === null) throw wrong('duration', value, 'days:hours:minutes:seconds')
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number)
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}

/** A text that a device says of itself; null where there is none. */
export function deviceText(value: unknown): string | null {
  return textOf(value, LONGEST_TEXT)
}

/** A number, or its digits. Null where the field is absent. */
function within(name: string, value: unknown, most: number, expected: string): number | null {
  if (value === undefined || value === null || value === '') return null
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && number >= 0 && number <= most) return number
  throw wrong(name, value, expected)
}

function wrong(name: string, value: unknown, expected: string): DeviceFailure {
  if (value === undefined || value === null || value === '') return missing(name)
  const shown = typeof value === 'string' ? `"${legible(value, 20)}"` : typeof value
  return badAnswer(`The encoder says ${shown} for its ${name}, where it should say ${expected}`)
}

function missing(name: string): DeviceFailure {
  return badAnswer(`The encoder does not say its ${name}`)
}
