/** What is measured of one target of kind `service`. */
export interface ServiceMeasurements {
  /** Whether it answers now; null while unknown. */
  up: boolean | null
}
