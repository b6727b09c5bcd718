import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import brought from '@ffprobe-installer/ffprobe'
import { chooseFfprobe, findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import { type FakeFfprobe, fakeFfprobe } from '../fixtures/fake-ffprobe.ts'

const made: FakeFfprobe[] = []
const fake = async (options: Parameters<typeof fakeFfprobe>[0] = {}) => {
  const one = await fakeFfprobe(options)
  made.push(one)
  return one.path
}
after(() => Promise.all(made.map((one) => one.remove())))

const refusal = async (configured: string | undefined, env: NodeJS.ProcessEnv = {}) => {
  const error = await findFfprobe(configured, env).then(
    () => assert.fail('it was accepted'),
    (reason) => reason,
  )
  assert.ok(error instanceof MonitorError)
  assert.equal(error.code, 'no-ffprobe')
  assert.match(error.message, /Install FFmpeg|Make it executable/)
  return error.message
}

/** As builds from git call themselves. */
const GIT = (libavformat: number) =>
  `ffprobe version N-66595-gc2b38619c0-static https://example\nlibavformat    ${libavformat}. 10.100 / ${libavformat}. 10.100`

describe('the ffprobe in use', { concurrency: true }, () => {
  it('is the configured one, else that of FFPROBE_PATH, else the first on PATH', async () => {
    const [configured, named, onPath] = [await fake(), await fake(), await fake()]
    const env = { FFPROBE_PATH: named, PATH: `/nowhere:${path.dirname(onPath)}:/usr/bin` }
    assert.equal((await findFfprobe(configured, env)).path, configured)
    assert.equal((await findFfprobe('', env)).path, named)
    assert.equal((await findFfprobe(undefined, { PATH: env.PATH })).path, onPath)
    assert.equal((await findFfprobe('ffprobe', { PATH: env.PATH })).path, onPath)
  })

  it('is the one that came with the application where none is named and that on PATH is none, too old or broken', async () => {
    const tooOld = path.dirname(await fake({ version: GIT(58) }))
    for (const PATH of ['/nowhere', tooOld]) assert.equal((await chooseFfprobe('', { PATH })).path, brought.path)
    const onPath = await fake()
    assert.equal((await chooseFfprobe(undefined, { PATH: path.dirname(onPath) })).path, onPath)
  })

  it('is never another one in the place of one that is named', async () => {
    for (const [configured, env] of [
      ['/no/ffprobe', {}],
      [undefined, { FFPROBE_PATH: '/no/ffprobe' }],
    ] as const) {
      await assert.rejects(chooseFfprobe(configured, env), { code: 'no-ffprobe' })
    }
  })

  it('is asked once for its version and protocols, and again when the file is another', async () => {
    const file = await fake()
    const first = await findFfprobe(file, {})
    assert.equal(first.version, '5.1.9-fake')
    assert.deepEqual([...first.protocols], ['http', 'rtmp', 'tcp'])
    assert.equal(first.resolvesNames, true)
    assert.equal(await findFfprobe(file, {}), first)
    await writeFile(file, '#!/bin/sh\necho ffprobe version 7.1\necho libavformat 61. 7.100')
    assert.equal((await findFfprobe(file, {})).version, '7.1')
  })

  it('may be a build from git: its libraries tell how old it is', async () => {
    assert.equal((await findFfprobe(await fake({ version: GIT(60) }), {})).version, 'N-66595-gc2b38619c0')
    assert.match(await refusal(await fake({ version: GIT(58) })), /at least 5\.0 is needed/)
  })

  it('is known to crash when it looks up a name', async () => {
    const file = await fake()
    await writeFile(
      file,
      '#!/bin/sh\ncase "$*" in *localhost*) kill -SEGV $$;; esac\necho ffprobe version 6.0\necho libavformat 60. 1.1',
    )
    assert.equal((await findFfprobe(file, {})).resolvesNames, false)
  })

  it('is refused with what to do when it is too old', async () => {
    const old = 'ffprobe version 4.4.2-0ubuntu0.22.04.1\nlibavformat    58. 76.100 / 58. 76.100'
    assert.match(await refusal(await fake({ version: old })), /4\.4\.2.*at least 5\.0/)
  })

  it('is refused when there is none', async () => {
    assert.match(await refusal('/nowhere/ffprobe'), /no \/nowhere\/ffprobe \(from the configured path\)/)
    assert.match(await refusal(undefined, { FFPROBE_PATH: '/nowhere' }), /from FFPROBE_PATH/)
    assert.match(await refusal(undefined, { PATH: '/nowhere' }), /no ffprobe on PATH/)
  })

  it('is refused when it may not be executed, or is a folder', async () => {
    const file = await fake()
    await chmod(file, 0o644)
    assert.match(await refusal(file), /may execute/)
    assert.match(await refusal(path.dirname(file)), /may execute/)
  })

  it('is refused when it prints garbage, is another program or fails', async () => {
    assert.match(await refusal(await fake({ version: 'hello\u0000 world' })), /does not answer as ffprobe/)
    assert.match(await refusal(await fake({ version: 'ffmpeg version 5.1.9' })), /does not answer as ffprobe/)
    const fails = await fake()
    await writeFile(fails, '#!/bin/sh\nexit 3')
    assert.match(await refusal(fails), /ended with code 3/)
    const noProgram = await fake()
    await writeFile(noProgram, 'neither a script nor a program')
    assert.match(await refusal(noProgram), /does not answer|ended with code/)
    const endless = await fake()
    await writeFile(endless, '#!/bin/sh\nyes')
    assert.match(await refusal(endless), /ended with|was ended|does not answer/)
  })
})
