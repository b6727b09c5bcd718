import { pictureNotSeen, videoBlack, videoFrozen } from './content-picture.ts'
import { audioClipping, audioOneSided, audioSilent, loudnessHigh, loudnessLow, soundNotHeard } from './content-sound.ts'
import type { StreamCheck } from './stream-options.ts'

/** What is to be seen and heard. None of them judges a stream without content checks. */
export const CONTENT_CHECKS: readonly StreamCheck[] = [
  videoBlack,
  videoFrozen,
  audioSilent,
  audioOneSided,
  audioClipping,
  loudnessLow,
  loudnessHigh,
  pictureNotSeen,
  soundNotHeard,
]
