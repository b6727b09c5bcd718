/** What is measured of one target of kind `ping`. */
export interface PingMeasurements {
  /** Whether it answers now; null while unknown. */
  up: boolean | null
}
