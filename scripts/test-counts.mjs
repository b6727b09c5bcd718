/** A reporter for Node's test runner: the counts of the whole run as JSON, for `test.mjs`. */
export default async function* counts(source) {
  for await (const event of source) {
    // With a file it is the summary of that file; without, of the run.
    if (event.type === 'test:summary' && event.data.file === undefined) yield JSON.stringify(event.data.counts)
  }
}
