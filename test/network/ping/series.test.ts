import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { type PingSeries, sendSeries } from '../../../src/network/ping/ping-probe.ts'
import { until } from '../../fixtures/wait.ts'

const HOST = { address: '127.0.0.1', family: 4 } as const

describe('a series of echoes', () => {
  const systemPath = process.env.PATH
  let folder = ''
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'ping-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(() => {
    process.env.PATH = systemPath
  })

  /** Sends it with another ping, a shell script. */
  function withPing(script: string | null, signal = new AbortController().signal): Promise<PingSeries> {
    const file = path.join(folder, 'ping')
    if (script === null) rmSync(file, { force: true })
    else writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    process.env.PATH = folder
    return sendSeries(HOST, 2, 1, signal)
  }
  const codeOf = (series: PingSeries) => ('failure' in series ? series.failure.code : 'sent')

  it('is answered by this computer itself, by IPv4 and IPv6', async () => {
    for (const host of [HOST, { address: '::1', family: 6 }] as const) {
      const series = await sendSeries(host, 2, 1, new AbortController().signal)
      assert.ok('sent' in series, JSON.stringify(series))
      assert.deepEqual([series.sent, series.roundTrips.length], [2, 2])
      assert.ok(series.roundTrips.every((seconds) => seconds > 0 && seconds < 1))
    }
  })

  it('is not sent where there is no ping, or it may not be run', async () => {
    assert.equal(codeOf(await withPing(null)), 'no-ping')
    assert.equal(codeOf(await withPing('echo "ping: socket: Operation not permitted" >&2; exit 2')), 'icmp-forbidden')
    assert.equal(codeOf(await withPing('echo "ping: connect: Network is unreachable" >&2; exit 2')), 'no-network')
  })

  it('is not known where ping says something else, is ended, or says without end', async () => {
    assert.equal(codeOf(await withPing('echo "ping: unrecognized option: i" >&2; exit 1')), 'bad-output')
    assert.equal(codeOf(await withPing('echo one; exit 0')), 'bad-output')
    assert.equal(codeOf(await withPing('kill -9 $$')), 'killed')
    assert.notEqual(codeOf(await withPing('while :; do echo "64 bytes from x: a=1 b=2 time=1 ms"; done')), 'sent')
  })

  it('ends its ping when it is given up', async () => {
    const abort = new AbortController()
    const pidFile = path.join(folder, 'pid')
    const series = withPing(`echo $$ > ${pidFile}; exec /bin/sleep 60`, abort.signal)
    const pid = () => {
      try {
        return Number(readFileSync(pidFile, 'utf8'))
      } catch {
        return 0
      }
    }
    await until(() => pid() > 0, 5, 'it has started')
    abort.abort(new Error('stopped'))
    await assert.rejects(series, /stopped/)
    assert.throws(() => process.kill(pid(), 0), /ESRCH/)
  })
})
