/** A failure that a person can do something about. Its message says what is wrong and, below, what to do. */
export class Failure extends Error {
  /**
   * @param {string} what what is wrong, in one line
   * @param {string[]} advice what to do now, a line each
   */
  constructor(what, advice) {
    super([what, ...advice.map((line) => `  ${line}`)].join('\n'))
    this.name = 'Failure'
  }
}
