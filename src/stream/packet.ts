/** One packet of a stream, as a packet source sees it: the only thing the packet meter knows of a stream. */
export interface Packet {
  /** `other` is data or subtitles: it is not media that anybody watches. */
  media: 'video' | 'audio' | 'other'
  /** The container's number of the track. It holds for one session only. */
  index: number
  /** Presentation time stamp, seconds; null where the container has none. */
  pts: number | null
  /** Decoding time stamp, seconds; null where the container has none. */
  dts: number | null
  /** Bytes. */
  size: number
  /** A decoder can begin here. Audio packets are key frames, always. */
  keyframe: boolean
  /** The codec's parameters came (again) with this packet. */
  newExtradata: boolean
  /**
   * Whether the codec's configuration came before it, without which no player can decode it. Absent where its source does
   * not know, or the codec needs none.
   */
  configured?: boolean
}
