import { iso } from '../observation/local-time.ts'
import type { Interval } from './accounting.ts'
import type { Picture } from './report.ts'
import type { PictureInput } from './report-input.ts'

/** Milliseconds from a moment: a picture that is further away shows something else. */
const NEAR = 20_000
/** Milliseconds before an interruption, and after it, in which a picture shows how it was. */
const BEFORE = 300_000
const AFTER = 120_000

/** Interruptions that have pictures, so that the file stays small: two of each, and those of the worst moments. */
export const MOST_PICTURED = 6

/** The one that is nearest to the middle of a slice. @param step seconds */
export function nearestPicture(pictures: readonly PictureInput[], at: number, step: number): Picture | null {
  const distance = (picture: { at: number }) => Math.abs(picture.at - (at + step * 500))
  const nearest = [...pictures].sort((one, other) => distance(one) - distance(other))[0]
  return nearest === undefined || distance(nearest) > NEAR ? null : pictureOf(nearest)
}

/** The last one before an interruption, and the first one after it. */
export function picturesAround(pictures: readonly PictureInput[], { from, to }: Interval): Picture[] {
  const before = pictures.findLast(({ at }) => at < from && at >= from - BEFORE)
  const after = pictures.find(({ at }) => at >= to && at < to + AFTER)
  return [before, after].flatMap((picture) => (picture === undefined ? [] : [pictureOf(picture)]))
}

function pictureOf({ at, jpeg }: PictureInput): Picture {
  return { at: iso(at), jpeg: Buffer.from(jpeg).toString('base64') }
}
