/**
 * What a watch must know of a kind's measurements to hand them over rightly: some of them stand for ever, some only
 * for their moment, and some may be handed over only once.
 */
export interface Handover<M> {
  /** The same without what holds only for its moment: for when nothing could be measured. */
  withoutValues(measurements: M): M
  /** The same without what is handed over only once: for when it is shown a second time. */
  withoutNews(measurements: M): M
  /** The newer one with what the older one still had to hand over, because nobody took it. */
  withNewsOf(older: M, newer: M): M
}
