/** Characters of one failure: the whole of it stands above, where the test failed. */
const LONGEST_MESSAGE = 2000
/** What fails only because something else failed, which is told by itself. */
const CONSEQUENCES = ['subtestsFailed', 'cancelledByParent']

/**
 * A reporter for Node's test runner: the counts of the whole run and every failure as JSON, for `test.mjs`.
 *
 * @param {AsyncIterable<{type: string, data: any}>} source
 */
export default async function* result(source) {
  /** @type {{name: string, file: string, message: string}[]} */
  const failures = []
  for await (const { type, data } of source) {
    if (type === 'test:fail' && !CONSEQUENCES.includes(data.details.error?.failureType)) {
      const error = data.details.error?.cause ?? data.details.error
      const message = String(error?.stack ?? error).slice(0, LONGEST_MESSAGE)
      failures.push({ name: data.name, file: data.file ?? '', message })
    }
    // With a file it is the summary of that file; without, of the run.
    if (type === 'test:summary' && data.file === undefined) yield JSON.stringify({ counts: data.counts, failures })
  }
}
