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

/**
 * How long a field is true. `stays`: until it is measured again. `moment`: no longer than the measurement, then it is
 * null, or `nothing` where it cannot be null. `news`: a list that is handed over once, at most so many entries of it.
 */
type Lifetime<T> =
  | 'stays'
  | (null extends T ? 'moment' : { readonly nothing: T })
  | (T extends readonly unknown[] ? { readonly news: number } : never)

/** Of every field, so that one that is new cannot be forgotten. */
export type Lifetimes<M> = { readonly [F in keyof M]-?: Lifetime<Exclude<M[F], undefined>> }

/** @param lifetimes of all fields of the measurements */
export function handover<M extends object>(lifetimes: Lifetimes<M>): Handover<M> {
  const nothing: Record<string, unknown> = {}
  const news = new Map<string, number>()
  for (const [field, lifetime] of Object.entries<string | object>(lifetimes)) {
    if (lifetime === 'moment') nothing[field] = null
    else if (typeof lifetime === 'object' && 'nothing' in lifetime) nothing[field] = lifetime.nothing
    else if (typeof lifetime === 'object' && 'news' in lifetime) news.set(field, Number(lifetime.news))
  }
  const listIn = (measurements: M, field: string) => (measurements as Record<string, unknown[]>)[field] ?? []
  const withNews = (measurements: M, listOf: (field: string, most: number) => unknown[]) =>
    news.size === 0
      ? measurements
      : { ...measurements, ...Object.fromEntries([...news].map(([field, most]) => [field, listOf(field, most)])) }
  return {
    withoutValues: (measurements) => ({ ...measurements, ...nothing }),
    withoutNews: (measurements) => withNews(measurements, () => []),
    withNewsOf: (older, newer) =>
      withNews(newer, (field, most) => [...listIn(older, field), ...listIn(newer, field)].slice(-most)),
  }
}
