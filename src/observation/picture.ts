/** A key frame of a stream, as the stream carries it: what a picture is made of. */
export interface KeyFrame {
  /** The beginning of a file that begins with it; the file need not end well. */
  recording: Uint8Array
  /** The file's container; null: who reads it finds out. */
  format: 'flv' | null
  /** Seconds since it arrived. */
  age: number
}

/** Why there is none. */
export interface NoKeyFrame {
  /** `unsupported`: what reads this stream gives none, today and tomorrow. */
  code: 'no-picture' | 'unsupported'
  /** For a person, without secrets. */
  message: string
}

export type KeyFrameAnswer = KeyFrame | NoKeyFrame
