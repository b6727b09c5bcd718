/** What is measured of one target of kind `bandwidth`. */
export interface BandwidthMeasurements {
  /** Whether it answers now; null while unknown. */
  up: boolean | null
}
