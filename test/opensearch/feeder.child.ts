/**
 * A `log` node in a Node-RED of its own, which is handed so many events and stays until it is killed. Where it writes and
 * ships to is said by the environment, as for a monitor.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { monitorEvent, raised } from '../logs/fixtures.ts'
import { flowOf, TestRuntime } from '../nodes/node-red.ts'

const [events = '0'] = process.argv.slice(2)

const runtime = await TestRuntime.start(flowOf({ id: 'log-1', type: 'hmonitor-log', name: '', ship: 'environment' }))
for (let at = 0; at < Number(events); at += 1) {
  const payload = at % 3 === 0 ? raised() : monitorEvent({ target: `camera-${at % 50}` })
  runtime.receive('log-1', { topic: 'main', payload })
  if (at % 50 === 49) await pause(10)
}
setInterval(() => {}, 60_000)
