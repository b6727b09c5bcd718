/** A packet of video as its publisher sent it. Seconds, bytes. */
export interface SentPacket {
  dts: number
  size: number
  keyframe: boolean
}

/** How much video a monitor says it has received since it began. */
export interface Moment {
  packets: number
  bytes: number
}

/** framecrc: `stream, dts, pts, duration, size, crc[, F=0x0 when not a key frame]`; `#tb 0: 1/1000` is the unit. */
export function parseFrameCrc(text: string): SentPacket[] {
  const [, numerator = '1', denominator = '1000'] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? []
  const unit = Number(numerator) / Number(denominator)
  return text.split('\n').flatMap((line) => {
    if (!/^0,/.test(line)) return []
    const [, dts, , , size, , flags] = line.split(',').map((field) => field.trim())
    return [
      { dts: Number(dts) * unit, size: Number(size), keyframe: flags === undefined || !flags.startsWith('F=0x0') },
    ]
  })
}

/**
 * The index in `sent` of the first packet that the monitor received: the only one from which all of its counts are what
 * was sent, to the byte. Throws where there is none.
 */
export function placeOf(moments: readonly Moment[], sent: readonly SentPacket[]): number {
  const bytes = [0]
  for (const { size } of sent) bytes.push((bytes.at(-1) ?? 0) + size)
  const fits = (first: number) =>
    moments.every((moment) => (bytes[first + moment.packets] ?? Number.NaN) - (bytes[first] ?? 0) === moment.bytes)
  const places = sent.flatMap((_, index) => (fits(index) ? [index] : []))
  const [place, another] = places
  if (moments.length < 2 || place === undefined || another !== undefined) {
    throw new Error(`What was received is at ${places.length} places of what was sent, and not at exactly one`)
  }
  return place
}
