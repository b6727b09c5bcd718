/**
 * The application: makes what a first start needs, starts Node-RED and, where nothing is to be watched, the demo, and
 * ends both. Runs under Node 22; `start.mjs` gets a machine that far.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ENDED_RUNTIME } from '../src/node-red/ended-runtime.ts'
import { findLogin, findToken, hashOfViewers } from './access.ts'
import { readArguments } from './arguments.mjs'
import { banner } from './banner.ts'
import { takeDataDir } from './data-dir.ts'
import { Demo } from './demo/demo.ts'
import { demoTargets } from './demo/targets.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { openFlows, readShippedFlows } from './flow-store.ts'
import { misspeltVariables } from './misspelt.ts'
import { NodeRed } from './node-red.ts'
import { endWithNpm } from './npm-parent.mjs'
import { checkPort } from './port.ts'
import { Failure } from './prepare/failure.mjs'
import { root } from './prepare.mjs'
import { findProgram, HOW_TO_GET } from './programs.ts'
import { hiddenVariables, runtimeVariables } from './runtime-variables.ts'
import { openSecrets, tokenFile } from './secrets.ts'
import { findNginx } from './shards/balancer.ts'
import { type Place, runShards } from './shards/run-shards.ts'
import { shardCount } from './shards/shards.ts'
import { Shutdown } from './shutdown.ts'
import { Supervisor } from './supervisor.ts'
import { readTargets, type Watched, whatToWatch } from './watched.ts'

/** After this many milliseconds a person who waits is told something. */
const SLOW_START = 60_000
const SEE_WHY = 'See why with LOG_LEVEL=debug npm start'

const say = (line: string) => console.log(line)

/** Variables of a file; those that are set already win. */
function loadVariables(file: string | undefined): void {
  const path = file ?? '.env'
  if (existsSync(path)) process.loadEnvFile(path)
  else if (file !== undefined) throw new Failure(`--env: there is no file ${file}.`, [])
}

/** The demo, where there is to be one and it can run. @param shards monitors that watch it */
async function openDemo(environment: Environment, watched: Watched, shutdown: Shutdown, shards: number) {
  if (watched.from !== 'demo') return { demo: null, problem: null }
  const ffmpeg = await findProgram('ffmpeg', environment.ffmpegPath)
  if (!ffmpeg.found) return { demo: null, problem: `The demo needs ffmpeg. ${ffmpeg.reason} ${HOW_TO_GET.ffmpeg}` }
  const { dataDir, demoRtmpPort } = environment
  const demo = new Demo({ dataDir, ffmpeg: ffmpeg.path, rtmpPort: demoRtmpPort }, say)
  shutdown.add(demo)
  const { file: targetsFile, problem } = await demoTargets(dataDir, { shards })
  return { demo: { ...(await demo.listening), targetsFile }, problem }
}

async function main(shutdown: Shutdown): Promise<void> {
  const options = readArguments(process.argv.slice(2))
  loadVariables(options.env as string | undefined)
  const environment = readEnvironment(process.env)
  const { host, dataDir, logLevel } = environment
  const count = shardCount(options.shards as string | undefined, environment)
  const nginx = count === null ? null : await findNginx()
  await checkPort(host, environment.port)
  shutdown.afterwards(takeDataDir(dataDir, say))

  const secrets = openSecrets(dataDir)
  const login = await findLogin(environment, secrets, options['reset-password'] === true)
  const viewerHash = await hashOfViewers(environment)
  const token = findToken(environment)
  const ffprobe = await findProgram('ffprobe', environment.ffprobePath)
  const watched = whatToWatch(environment)
  const { demo, problem: demoProblem } = await openDemo(environment, watched, shutdown, count ?? 1)
  const shipped = readShippedFlows(join(root, 'flows'), demo ? [join(root, 'app', 'demo', 'flow.json')] : [])

  say('Starting Node-RED …')
  const variables = runtimeVariables(process.env, { dataDir, ffprobe, token, watched, demo })
  const taken = await readTargets(variables)
  const run = (monitor: Place) => {
    const flows = openFlows(monitor.dataDir, shipped, options['renew-flows'] === true)
    const own = { ...variables, ...monitor.variables }
    let { port } = monitor
    const supervisor = new Supervisor(
      (after) =>
        new NodeRed({
          dataDir: monitor.dataDir,
          runtime: {
            ...{ host: monitor.host, port, logLevel, hiddenVariables: hiddenVariables(own) },
            ...{ passwordHash: login.hash, viewerHash, credentialSecret: secrets.credentialSecret },
          },
          env: after === null ? own : { ...own, [ENDED_RUNTIME]: JSON.stringify(after) },
          safe: options.safe === true,
        }),
      say,
    )
    shutdown.add(supervisor)
    const up = supervisor.start().then((first) => {
      // After a crash it comes back where it was, also where any free port would have done.
      port = Number(new URL(first.url).port)
      return { ...first, flows }
    })
    return up.catch((error: Error) => Promise.reject(new Failure(error.message, [SEE_WHY])))
  }
  const slow = setTimeout(() => say(`It is still not up. ${SEE_WHY}`), SLOW_START)
  const up = await (nginx === null || count === null
    ? run({ host, port: environment.port, dataDir, variables: {} }).then((one) => ({ ...one, monitors: [] }))
    : runShards(nginx, count, { environment, shutdown, say, run })
  ).finally(() => clearTimeout(slow))
  if (shutdown.begun) return
  say(
    banner({
      ...up,
      login,
      token,
      tokenFile: tokenFile(dataDir),
      watched,
      taken,
      hasDemo: demo !== null,
      demoProblem,
      ffprobe,
      misspelt: misspeltVariables(process.env),
    }),
  )
  login.keep()
}

process.title = 'rtmp-hmonitor'
endWithNpm()
// What it and all that it starts writes, Node-RED's own files too, is for its user alone.
process.umask(0o077)
const shutdown = new Shutdown(say)
try {
  await main(shutdown)
} catch (error) {
  if (!shutdown.begun) {
    console.error(error instanceof Failure ? error.message : error)
    await shutdown.end(1)
  }
}
