import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { findFfmpeg } from '../../src/ffmpeg/binaries.ts'
import { MonitorError } from '../../src/observation/errors.ts'

const HELP: Readonly<Record<string, string>> = {
  'bsf=setts': '  -duration          <string>     ...VAS..B.. set expression for packet duration',
  'filter=metadata': '   direct            <boolean>    ..FV....... reduce buffering when printing',
  'filter=blackdetect': '   pixel_black_th    <double>     ..FV....... set the pixel black threshold',
  'filter=freezedetect': '   noise             <double>     ..FV....... set noise tolerance',
  'filter=ebur128': '   metadata          <boolean>    ..FVA...... inject metadata in the filtergraph',
  'filter=astats': '   measure_perchannel <flags>      ..F.A....... only measure_perchannel',
}

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A shell script in the place of ffmpeg, whose help knows everything but `lacking`. */
async function fakeFfmpeg(lacking: readonly string[] = [], name = 'ffmpeg'): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fake-ffmpeg-'))
  folders.push(folder)
  const file = path.join(folder, 'ffmpeg')
  const helps = Object.entries(HELP).map(([topic, text]) => {
    return `  *"-h ${topic}") echo '${lacking.includes(topic) ? 'Unknown.' : text}' ;;`
  })
  const version = `${name} version 5.1.9-fake Copyright (c) 2000-2026 the FFmpeg developers`
  const script = [
    '#!/bin/sh',
    'case "$*" in',
    `  *-version*) echo '${version}' ;;`,
    "  *-protocols*) printf 'Input:\\n  rtmp\\n  tcp\\nOutput:\\n  file\\n' ;;",
    ...helps,
    '  *) exit 1 ;;',
    'esac',
    '',
  ]
  await writeFile(file, script.join('\n'))
  await chmod(file, 0o755)
  return file
}

async function refusal(configured: string | undefined, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const error = await findFfmpeg(configured, env).then(
    () => assert.fail('it was accepted'),
    (reason) => reason,
  )
  assert.ok(error instanceof MonitorError)
  assert.equal(error.code, 'no-ffmpeg')
  assert.match(error.message, /Install FFmpeg .* or name another ffmpeg in FFMPEG_PATH\./)
  return error.message
}

describe('the ffmpeg in use', { concurrency: true }, () => {
  it('is the configured one, else that of FFMPEG_PATH, else the first on PATH', async () => {
    const [configured, named, onPath] = [await fakeFfmpeg(), await fakeFfmpeg(), await fakeFfmpeg()]
    const env = { FFMPEG_PATH: named, PATH: `/nowhere:${path.dirname(onPath)}` }
    assert.equal((await findFfmpeg(configured, env)).path, configured)
    assert.equal((await findFfmpeg(undefined, env)).path, named)
    assert.equal((await findFfmpeg(undefined, { PATH: env.PATH })).path, onPath)
  })

  it('is asked for its version and protocols', async () => {
    const { version, protocols, resolvesNames } = await findFfmpeg(await fakeFfmpeg(), {})
    assert.equal(version, '5.1.9-fake')
    assert.deepEqual([...protocols], ['rtmp', 'tcp'])
    assert.equal(resolvesNames, true)
  })

  it('is refused when there is none, or when it is ffprobe', async () => {
    assert.match(await refusal('/nowhere/ffmpeg'), /no \/nowhere\/ffmpeg \(from the configured path\)/)
    assert.match(await refusal(undefined, { PATH: '/nowhere' }), /no ffmpeg on PATH/)
    assert.match(await refusal(await fakeFfmpeg([], 'ffprobe')), /does not answer as ffmpeg does/)
  })

  for (const topic of Object.keys(HELP)) {
    it(`is refused, and told what it lacks, without ${topic}`, async () => {
      const message = await refusal(await fakeFfmpeg([topic]))
      assert.match(message, new RegExp(`needs? what it does not have \\(.*${topic.replace(/.*=/, '')}`))
    })
  }
})
