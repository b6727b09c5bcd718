import { WATCHES } from '../../src/kinds/probes.ts'
/**
 * Watches hosts and services as the nodes do, wherever it is started, such as within a network namespace. It is given
 * them as JSON, `[{kind, target}]`, and writes every observation as a line of JSON.
 */

import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Watch } from '../../src/monitor/watch.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'

const state = new MonitorState('test', KINDS)
const [pings, services] = [WATCHES.ping(state), WATCHES.service(state)]

function follow<K extends Kind, M>(watch: Watch<K, M>): void {
  watch.attach({ observed: (observation) => console.log(JSON.stringify(observation)), happened: () => {} })
  watch.start()
}

for (const { kind, target } of JSON.parse(process.argv[2] ?? '[]') as { kind: string; target: unknown }[]) {
  if (kind === 'ping') follow(pings(parseTarget(KINDS.ping, target), '', null))
  else follow(services(parseTarget(KINDS.service, target), '', null))
}
