/**
 * Node-RED's settings, as the application starts it. CommonJS, because Node-RED requires them.
 *
 * What is secret comes in one variable that is taken out of the environment at once, so that neither flows nor the
 * processes that nodes start inherit it. News for the supervisor goes over the channel between parent and child.
 */
const { createRequire } = require('node:module')
const { join } = require('node:path')
// The same copy that the runtime uses, wherever npm put it.
const ofNodeRed = createRequire(require.resolve('node-red/red.js'))
const { events, log } = ofNodeRed('@node-red/util')
const { lastResort } = require('./last-resort.cjs')
const { logHandler } = require('./log-handler.cjs')
const { bandwidthMiddleware } = require('./bandwidth-endpoint.generated.cjs')
const { dashboardLogin } = require('./dashboard-login.generated.cjs')
const {
  boundConnections,
  clientAddress,
  descriptorLimit,
  requestGuard,
  limitsFor,
  LoginPace,
  trustedProxies,
} = require('./request-guard.generated.cjs')

/**
 * @typedef {{host: string, port: number, logLevel: string, passwordHash: string, viewerHash: string | null, credentialSecret: string,
 *   hiddenVariables: string[]}} RuntimeOptions
 * @returns {RuntimeOptions}
 */
function takeOptions() {
  const given = process.env.HMONITOR_RUNTIME
  delete process.env.HMONITOR_RUNTIME
  if (!given) throw new Error('These settings belong to the monitor. Start it with: npm start')
  const options = JSON.parse(given)
  // With none Node-RED would make one, and credentials would be lost when the folder moves.
  if (!options.credentialSecret || !options.passwordHash) throw new Error('The monitor was given no secrets.')
  return options
}

/** @param {Record<string, unknown>} news */
function tell(news) {
  if (process.connected) process.send(news, undefined, undefined, () => {})
}

/** What is left of a stop that does not end, in milliseconds: longer than nodes may take to close. */
const STOP_LIMIT = 12_000

const { host, port, logLevel, passwordHash, viewerHash, credentialSecret, hiddenVariables } = takeOptions()

lastResort({
  secrets: [
    ...[passwordHash, viewerHash ?? passwordHash, credentialSecret],
    ...hiddenVariables.flatMap((name) => process.env[name] ?? []),
  ],
  log: (line) => log.error(line),
  tell: (cause) => tell({ news: 'ending', cause }),
})

events.on('flows:started', () => tell({ news: 'started' }))
events.on('runtime-event', ({ id, payload }) => {
  if (id !== 'runtime-state' || !payload?.error) return
  // With these alone Node-RED goes on and starts the flows, without any credentials.
  if (payload.error === 'credentials_load_failed') tell({ news: 'credentials-lost' })
  else tell({ news: 'stopped', error: payload.error, types: payload.types ?? payload.modules ?? [] })
})

process.on('disconnect', () => {
  // The supervisor is gone, perhaps killed: nothing may outlive it.
  setTimeout(() => process.exit(1), STOP_LIMIT).unref()
  process.kill(process.pid, 'SIGTERM')
})

/** @param {number} listening the port that Node-RED got */
function announce(listening) {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  const url = `http://${reachable}:${listening}`
  process.env.HMONITOR_URL = url
  tell({ news: 'listening', url })
}

/** @type {number | undefined} the port that Node-RED got */
let serverPort
const { asked } = boundConnections((server) => {
  const address = server.address()
  return typeof address === 'object' && address !== null && address.port === serverPort
}, limitsFor(descriptorLimit()))
const proxies = trustedProxies(process.env.TRUSTED_PROXIES)
/** One pace for editor and dashboard: it is one password. */
const login = {
  passwordHash,
  pace: new LoginPace(),
  addressOf: (/** @type {import('node:http').IncomingMessage} */ request) => clientAddress(request, proxies),
}

const settings = {
  uiHost: host,
  uiPort: port,
  flowFile: 'flows.json',
  flowFilePretty: true,
  credentialSecret,
  nodesDir: [join(__dirname, '..')],
  // Shorter than what the supervisor waits before it kills.
  nodeCloseTimeout: 8000,

  httpAdminRoot: '/',
  // The editor's part answers at / as well and would read bodies first.
  httpAdminMiddleware: requestGuard({
    ...login,
    asked,
    express: ofNodeRed('express'),
    say: (line) => log.warn(line),
    unread: bandwidthMiddleware(),
  }),
  httpNodeRoot: '/',
  // No httpNodeAuth: `serve` asks for the bearer token, and /health must answer without one.
  adminAuth: {
    type: 'credentials',
    users: [{ username: 'admin', password: passwordHash, permissions: '*' }],
  },

  dashboard: dashboardLogin({ secret: credentialSecret, viewerHash, ...login }),

  editorTheme: {
    page: { title: 'RTMP HMonitor' },
    header: { title: 'RTMP HMonitor' },
    palette: {
      categories: ['RTMP HMonitor', 'subflows', 'common', 'function', 'network', 'sequence', 'parser', 'storage'],
    },
    tours: false,
    projects: { enabled: false },
  },
  telemetry: { enabled: false, updateNotification: false },
  contextStorage: { default: { module: 'memory' }, file: { module: 'localfilesystem' } },
  envVarExcludes: hiddenVariables,
  logging: {
    console: { level: 'off' },
    monitor: { level: logLevel, metrics: false, audit: false, handler: logHandler },
  },
}

// Node-RED notes the port here when it listens, which is the moment that counts, and with port 0 the only source.
module.exports = Object.defineProperty(settings, 'serverPort', {
  enumerable: true,
  get: () => serverPort,
  set(value) {
    serverPort = value
    announce(value)
  },
})
