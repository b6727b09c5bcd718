/** What is measured of one target of kind `encoder`. */
export interface EncoderMeasurements {
  /** Whether it answers now; null while unknown. */
  up: boolean | null
}
