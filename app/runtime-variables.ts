import { join } from 'node:path'
import { RECEIVERS_FILE } from '../src/alerts/receivers-file.ts'
import { ENDED_RUNTIME } from '../src/node-red/ended-runtime.ts'
import { SETUP_FILE } from '../src/targets/set-up.ts'
import type { Token } from './access.ts'
import type { DemoAddresses } from './demo/demo.ts'
import { secretNames } from './options.mjs'
import type { Program } from './programs.ts'
import { tokenFile } from './secrets.ts'
import type { Watched } from './watched.ts'

/** The login is the application's: neither nodes nor what they start need it. */
const OWN = ['ADMIN_PASSWORD', 'ADMIN_PASSWORD_FILE', 'ADMIN_PASSWORD_HASH', 'VIEWER_PASSWORD', 'VIEWER_PASSWORD_FILE']

/** Where the demo's parts are: not the user's to set. */
const DEMO = ['DEMO_URL', 'DEMO_RTMP_URL', 'DEMO_RELAY_URL', 'DEMO_ENCODER_ADDRESS']

/**
 * What glibc is to do with memory: buffers of 128 KiB and more are given back to the system when they are free, and so is
 * what is free at the end. Else it begins to keep larger and larger ones once it has seen them: after the start of 100
 * streams it held 85 MB that nobody used (measured). Elsewhere nobody reads these.
 */
const MEMORY = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' }

export interface RuntimeFacts {
  dataDir: string
  ffprobe: Program
  token: Token
  watched: Watched
  demo: (DemoAddresses & { targetsFile: string }) | null
}

/** The environment of Node-RED: the user's, and what the application found. */
export function runtimeVariables(user: NodeJS.ProcessEnv, facts: RuntimeFacts): NodeJS.ProcessEnv {
  const { dataDir, ffprobe, token, watched, demo } = facts
  // Else Express shows stack traces to who asks wrongly.
  const variables: NodeJS.ProcessEnv = { NODE_ENV: 'production', ...MEMORY, ...user, DATA_DIR: dataDir }
  for (const name of [...OWN, ...DEMO, 'VIMEO_API_URL', ENDED_RUNTIME]) delete variables[name]
  if (ffprobe.found) variables.FFPROBE_PATH = ffprobe.path
  if (token.from === 'kept' || token.from === 'made') variables.METRICS_TOKEN_FILE = tokenFile(dataDir)
  if (watched.from === 'file') variables.TARGETS_FILE = watched.file
  // The dashboard is behind a login here: whoever has it may change what is watched, and who is told.
  variables[SETUP_FILE] ||= watched.from === 'file' ? watched.file : join(dataDir, 'targets.json')
  variables[RECEIVERS_FILE] ||= join(dataDir, 'receivers.json')
  if (demo) {
    variables.TARGETS_FILE = demo.targetsFile
    variables.DEMO_RTMP_URL = demo.rtmpUrl
    variables.DEMO_URL = demo.controlUrl
    variables.DEMO_RELAY_URL = demo.rtmpUrl.replace(/\/[^/]*$/, '')
    variables.DEMO_ENCODER_ADDRESS = demo.encoderAddress
    // The user's own token is not for the demo's Vimeo.
    delete variables.VIMEO_ACCESS_TOKEN_FILE
    variables.VIMEO_ACCESS_TOKEN = demo.vimeo.token
    variables.VIMEO_API_URL = demo.vimeo.url
  }
  return variables
}

/** Variables that flows may not read: nodes that need one read it themselves. */
export function hiddenVariables(user: NodeJS.ProcessEnv): string[] {
  return [...secretNames(Object.keys(user)), 'RTMP_STREAMS', 'DEMO_RTMP_URL', 'VIMEO_ACCESS_TOKEN', 'HMONITOR_RUNTIME']
}
