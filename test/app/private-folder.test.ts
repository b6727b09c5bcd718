import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { makePrivate } from '../../app/private-folder.ts'
import { MonitorProcess, makeFolder, startAndFail } from './monitor-process.ts'

const rights = (...path: string[]) => statSync(join(...path)).mode & 0o777

/** A folder as an older monitor, or a person, left it. */
function openFolder(dataDir: string, mode: number): void {
  mkdirSync(join(dataDir, 'outbox', 'old'), { recursive: true })
  mkdirSync(join(dataDir, 'node_modules'))
  for (const file of ['.sessions.json', 'flows_cred.json', 'outbox/old/x.json', 'node_modules/x.js']) {
    writeFileSync(join(dataDir, file), '{}')
    chmodSync(join(dataDir, file), 0o644)
  }
  for (const folder of ['outbox/old', 'outbox', 'node_modules', '']) chmodSync(join(dataDir, folder), mode)
}

describe('the folder with the data', () => {
  let folder: ReturnType<typeof makeFolder>
  beforeEach(() => {
    folder = makeFolder()
  })
  afterEach(() => folder.remove())

  for (const mode of [0o755, 0o777, 0o770, 0o2775, 0o711]) {
    it(`is closed to others with what is in it, if it was ${mode.toString(8)} before`, () => {
      const { dataDir } = folder
      openFolder(dataDir, mode)
      assert.equal(makePrivate(dataDir), mode.toString(8).padStart(4, '0'))
      for (const path of ['', 'outbox', 'outbox/old']) assert.equal(rights(dataDir, path), 0o700, path)
      for (const path of ['.sessions.json', 'flows_cred.json', 'outbox/old/x.json']) {
        assert.equal(rights(dataDir, path), 0o600, path)
      }
      assert.equal(rights(dataDir, 'node_modules/x.js'), 0o644, 'nobody gets as far as that')
      assert.equal(makePrivate(dataDir), null, 'and the next time there is nothing to say')
    })
  }

  it('is closed where a link leads to it, and what links in it point to stays as it is', () => {
    const { dataDir, path } = folder
    openFolder(dataDir, 0o755)
    writeFileSync(join(path, 'elsewhere'), '')
    chmodSync(join(path, 'elsewhere'), 0o644)
    symlinkSync(join(path, 'elsewhere'), join(dataDir, 'link'))
    symlinkSync(dataDir, join(path, 'link'))
    makePrivate(join(path, 'link'))
    assert.equal(rights(dataDir), 0o700)
    assert.equal(rights(path, 'elsewhere'), 0o644)
  })

  // Nobody else can give a folder away.
  if (process.getuid?.() === 0) {
    it('is refused where it belongs to another user, with what to do', () => {
      mkdirSync(folder.dataDir)
      chownSync(folder.dataDir, 65_534, 65_534)
      const { status, stderr } = startAndFail(folder.path, { DATA_DIR: folder.dataDir })
      assert.equal(status, 1)
      assert.match(stderr, /^DATA_DIR belongs to another user \(65534, this one is 0\)[\s\S]*sudo chown -R 0/)
    })
  }

  it('holds nothing that others may read while the monitor runs, and whatever its user lets others do', async () => {
    const { dataDir } = folder
    openFolder(dataDir, 0o755)
    const monitor = new MonitorProcess(folder.path, { DATA_DIR: dataDir, DEMO: 'off' }, { umask: '000' })
    try {
      await monitor.up()
      assert.match(monitor.output, /DATA_DIR was open to other users of this machine \(mode 0755\)/)
      const token = await monitor.logIn(monitor.password ?? '')
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const flows = await (await fetch(`${monitor.url}/flows`, { headers })).text()
      assert.equal((await fetch(`${monitor.url}/flows`, { method: 'POST', headers, body: flows })).status, 204)
      for (const file of ['.sessions.json', 'flows.json', 'secrets.json', '.running', '.config.runtime.json']) {
        assert.equal(rights(dataDir, file), 0o600, file)
      }
      assert.equal(rights(dataDir), 0o700)
    } finally {
      await monitor.end()
    }
  })
})
