/** Runs nginx, which does not see that whoever started it is gone, and ends it then. */
import { spawn } from 'node:child_process'

process.title = 'rtmp-hmonitor-balancer'
const [nginx = 'nginx', ...args] = process.argv.slice(2)
const child = spawn(nginx, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  // Which the balancer has chosen.
  env: process.env,
})
child.once('error', () => process.exit(1))
child.once('exit', (code) => process.exit(code ?? 1))
process.once('disconnect', () => child.kill('SIGKILL'))
process.on('SIGTERM', () => child.kill('SIGTERM'))
