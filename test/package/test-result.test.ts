import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'

/** What the reporter says of a test file that reads so. */
function report(file: string): Promise<{ counts: { passed: number; failed: number }; failures: { name: string }[] }> {
  const reporter = path.resolve('scripts/test-result.mjs')
  // Inside a test the runner would report to the one outside.
  const { NODE_TEST_CONTEXT, ...env } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, ['--test', `--test-reporter=${reporter}`, file], { env }, (_, stdout) =>
      resolve(JSON.parse(stdout)),
    )
  })
}

describe('the result of a run of tests', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hmonitor-result-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('has every failure with its file, its name and what was wrong, and no group that failed by it', async () => {
    const file = path.join(folder, 'fails.test.mjs')
    await writeFile(
      file,
      `import { describe, it } from 'node:test'
      describe('a group', () => {
        it('is good', () => {})
        it('is bad', () => { throw new Error('3 and not 4') })
      })`,
    )
    const { counts, failures } = await report(file)
    assert.equal(counts.passed, 1)
    assert.equal(counts.failed, 1)
    assert.deepEqual(
      failures.map((failure) => ({ ...failure, message: JSON.stringify(failure).includes('3 and not 4') })),
      [{ name: 'is bad', file, message: true }],
    )
  })

  it('has none where everything passed', async () => {
    const file = path.join(folder, 'passes.test.mjs')
    await writeFile(file, `import { it } from 'node:test'\nit('is good', () => {})`)
    assert.deepEqual((await report(file)).failures, [])
  })
})
