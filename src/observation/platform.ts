/** What is measured of one target of kind `platform`. */
export interface PlatformMeasurements {
  /** Whether it answers now; null while unknown. */
  up: boolean | null
}
