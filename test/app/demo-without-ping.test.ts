/** The demo where ping cannot be run: well from the first second on, and it says what to install. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { demoTargets } from '../../app/demo/targets.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { ownerOf } from '../../src/targets/shard.ts'
import { until } from '../fixtures/wait.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

/** A folder with every program of this machine but ping. */
function programsWithoutPing(folder: string): string {
  const programs = join(folder, 'bin')
  mkdirSync(programs)
  for (const from of (process.env.PATH ?? '').split(':')) {
    let names: string[] = []
    try {
      names = readdirSync(from)
    } catch {
      // A folder of PATH need not exist.
    }
    for (const name of names) {
      if (/^ping/.test(name)) continue
      try {
        symlinkSync(join(from, name), join(programs, name))
      } catch {
        // The first of two programs of the same name is the one that counts.
      }
    }
  }
  return programs
}

describe('the targets of the demo', () => {
  const folder = makeFolder()
  before(() => mkdirSync(folder.dataDir))
  after(() => folder.remove())

  it('have a host where ping can be run', async () => {
    const { file, problem } = await demoTargets(folder.dataDir, { ping: 'true' })
    assert.equal(problem, null)
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).hosts.length, 1)
  })

  it('have a stream for each of several monitors, which all need the same host and relay', async () => {
    const { file } = await demoTargets(folder.dataDir, { ping: 'true', shards: 5 })
    const { streams } = JSON.parse(readFileSync(file, 'utf8')) as { streams: { name: string; dependsOn: string[] }[] }
    assert.equal(new Set(streams.map(({ name }) => ownerOf(name, 5))).size, 5)
    assert.equal(streams.length, 5)
    for (const { dependsOn } of streams.slice(1)) assert.deepEqual(dependsOn, ['demo-host', 'demo-relay'])
  })

  for (const [what, ping] of [
    ['there is no ping', join(folder.path, 'no-such-program')],
    ['ping may not send', 'false'],
  ] as const) {
    it(`have none where ${what}, depend on none, and say what to install`, async () => {
      const { file, problem } = await demoTargets(folder.dataDir, { ping })
      assert.match(problem ?? '', /apt-get install iputils-ping/)
      const targets = JSON.parse(readFileSync(file, 'utf8'))
      assert.equal(targets.hosts, undefined)
      assert.deepEqual(targets.streams[0].dependsOn, ['demo-encoder', 'demo-relay'])
      assert.equal(statSync(file).mode & 0o777, 0o600)
    })
  }
})

describe('npm start with nothing to watch, on a machine without ping', () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  before(async () => {
    monitor = new MonitorProcess(folder.path, { DATA_DIR: folder.dataDir, PATH: programsWithoutPing(folder.path) })
    await monitor.up()
  })
  after(async () => {
    await monitor.end()
    folder.remove()
  })

  it('says what to install', () => assert.match(monitor.output, /apt-get install iputils-ping/))

  it('shows a demo that is well', async () => {
    let states: string[] = []
    const look = async () => {
      const response = await fetch(`${monitor.url}/api/v1/status`)
      const { targets } = (await response.json()) as { targets: Observation[] }
      states = targets.map(({ kind, state }) => `${kind} ${state}`).sort()
      return states.join() === 'encoder ok,platform ok,service ok,stream ok'
    }
    await until(look, 60, () => `${states.join()}\n${monitor.output}`)
    const health = await fetch(`${monitor.url}/health`)
    assert.deepEqual([health.status, ((await health.json()) as { status: string }).status], [200, 'ok'])
  })
})
