/** What the relay's container runs: makes nginx' configuration from `.env` and runs nginx with it until it ends. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Failure } from '../prepare/failure.mjs'
import { IMAGE_PLACES, relayConfiguration } from './relay.ts'

try {
  const file = process.env.RELAY_ENV_FILE
  const written = file === undefined ? {} : parseEnv(readFileSync(file, 'utf8'))
  const configuration = relayConfiguration({ ...written, ...process.env }, IMAGE_PLACES)
  mkdirSync(IMAGE_PLACES.folder, { recursive: true, mode: 0o700 })
  const path = join(IMAGE_PLACES.folder, 'nginx.conf')
  // It holds the keys of the platforms.
  writeFileSync(path, configuration, { mode: 0o600 })
  const nginx = spawn('/usr/sbin/nginx', ['-c', path, '-e', 'stderr'], { stdio: 'inherit', env: { PATH: '/usr/sbin' } })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => nginx.kill('SIGTERM'))
  nginx.once('error', (error) => {
    console.error(error.message)
    process.exitCode = 1
  })
  nginx.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
} catch (error) {
  console.error(error instanceof Failure ? error.message : error)
  process.exitCode = 1
}
