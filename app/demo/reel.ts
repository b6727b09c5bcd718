import { type FlvClip, stampTag } from './flv.ts'

/** What is played. */
export interface Scene {
  clip: FlvClip
  audio: boolean
}

/** From one scene to the next, in milliseconds: one frame. */
const CUT = 33

/** One endless stream made of clips, whose time goes on from each to the next as from one encoder. */
export class Reel {
  readonly #first: Scene
  readonly #length: number
  #scene: Scene

  /** @param length of every clip, in milliseconds */
  constructor(scene: Scene, length: number) {
    this.#first = scene
    this.#scene = scene
    this.#length = length
  }

  /** Whether a scene can follow within this stream: its video is encoded alike, and there is audio to go on with. */
  takes({ clip, audio }: Scene): boolean {
    return clip.videoHeader.equals(this.#first.clip.videoHeader) && (this.#first.audio || !audio)
  }

  /** Goes on with another scene, from its beginning, which is a key frame. */
  cut(scene: Scene): void {
    this.#scene = scene
  }

  /** The bytes of the stream, a tag at a time, as fast as they are taken. */
  *play(): Generator<Buffer, never> {
    yield this.#first.clip.preamble
    let last = -CUT
    for (let from = 0; ; ) {
      const scene = this.#scene
      for (const tag of scene.clip.tags) {
        if (this.#scene !== scene) break
        // ffmpeg pads audio a frame beyond the end, where the next round has its first.
        if ((tag.media === 'audio' && !scene.audio) || tag.timestamp - firstOf(scene, tag.media) >= this.#length)
          continue
        last = from + tag.timestamp
        yield stampTag(tag, last)
      }
      from = this.#scene === scene ? from + this.#length : last + CUT
    }
  }
}

const firstOf = ({ clip }: Scene, media: string) => clip.tags.find((tag) => tag.media === media)?.timestamp ?? 0
