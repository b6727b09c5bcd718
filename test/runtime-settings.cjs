/**
 * Settings of the Node-RED that `runtime.ts` starts, and the window through which a test looks into that process:
 * log lines, messages on wires, statuses and what is published to the editor go to the parent as they happen, and
 * the parent can ask for counts of what a deploy might leave behind.
 *
 * CommonJS, because Node-RED requires its settings file.
 */
const { events, hooks, log } = require('@node-red/util')
const RED = require('node-red')

const LEVELS = new Map(
  Object.entries(log)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => [value, name.toLowerCase()]),
)

/** @param {Record<string, unknown>} message */
function tell(message) {
  if (!process.connected) return
  process.send(message, undefined, undefined, () => {})
}

/** A message as a test may see it: an HTTP request and response are not data, and may be circular. */
function plain(msg) {
  const { req, res, ...rest } = msg
  try {
    return JSON.parse(JSON.stringify(rest))
  } catch {
    return { unserialisable: Object.keys(rest) }
  }
}

function watchRuntime() {
  events.on('flows:started', () => tell({ heard: 'started' }))
  events.on('runtime-event', (event) => {
    if (event.id === 'runtime-state' && event.payload?.error) tell({ heard: 'failed', reason: event.payload })
  })
  events.on('node-status', ({ id, status }) => tell({ heard: 'status', id, status }))
  events.on('comms', ({ topic, data }) => {
    if (topic === 'debug') tell({ heard: 'debug', data: plain(data ?? {}) })
  })
  hooks.add('onSend.test-runtime', (sends) => {
    for (const { source, destination, msg } of sends) {
      tell({ heard: 'send', source: source.id, port: source.port, destination: destination.id, msg: plain(msg) })
    }
  })
}

function countListeners(emitter, prefix) {
  return emitter.eventNames().map((name) => [`${prefix} ${String(name)}`, emitter.listenerCount(name)])
}

function diagnostics() {
  const resources = {}
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1
  return {
    resources,
    routes: { node: RED.httpNode._router?.stack.length ?? 0, admin: RED.httpAdmin._router?.stack.length ?? 0 },
    listeners: Object.fromEntries([...countListeners(events, 'runtime'), ...countListeners(process, 'process')]),
  }
}

/**
 * @param {{logLevel: string, nodesDir: string[], settings: Record<string, unknown>}} options
 */
module.exports = function runtimeSettings(options) {
  process.on('message', (message) => {
    if (message.ask === 'diagnostics') tell({ answer: message.number, value: diagnostics() })
  })
  // A test run that is killed takes its runtime with it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  watchRuntime()
  return {
    uiHost: '127.0.0.1',
    uiPort: 0,
    flowFile: 'flows.json',
    credentialSecret: 'test-runtime',
    nodesDir: options.nodesDir,
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
    logging: {
      console: { level: 'off' },
      test: {
        level: options.logLevel,
        handler: () => (line) => {
          const text = line.msg instanceof Error ? (line.msg.stack ?? String(line.msg)) : line.msg
          tell({
            heard: 'log',
            line: {
              level: LEVELS.get(line.level) ?? String(line.level),
              text: typeof text === 'string' ? text : JSON.stringify(text),
              type: line.type,
              id: line.id,
            },
          })
        },
      },
    },
    ...options.settings,
  }
}
