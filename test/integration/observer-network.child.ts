/**
 * Runs in a namespace of its own: watches a control host and a service, `HOST URL`, and writes each observation as a line.
 */
import { KINDS } from '../../src/kinds/kinds.ts'
import { WATCHES } from '../../src/kinds/probes.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'

const [address, url] = process.argv.slice(2)
const state = new MonitorState('test', KINDS)
const listener = {
  observed: (observation: Observation) => {
    console.log(JSON.stringify(observation))
  },
  happened: () => {},
}

const host = parseTarget(KINDS.ping, { name: 'gateway', address, control: true, interval: 2, count: 2 })
const service = parseTarget(KINDS.service, { name: 'ingest', url, interval: 1, timeout: 1 })
state.directory.enter('ping', 'gateway', 'node', host.interval)
state.directory.enter('service', 'ingest', 'node', service.interval)
const watches = [WATCHES.ping(state)(host, '', null), WATCHES.service(state)(service, '', null)]
for (const watch of watches) {
  watch.attach(listener)
  watch.start((observation) => state.newest.put(observation))
}
