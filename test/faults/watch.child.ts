/** Watches one stream for a test in another network namespace; says what happens as lines of JSON. Ends with its stdin. */

import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { watchStream } from './watched-stream.ts'

const [url = '', settings = '{}'] = process.argv.slice(2)
const target = JSON.parse(settings) as Partial<StreamTarget>
watchStream({
  name: 'main',
  url,
  target,
  state: new MonitorState('child', KINDS),
  listener: {
    observed: ({ state, issues, measurements }) => console.log(JSON.stringify({ state, issues, up: measurements.up })),
    happened: (said) => console.log(JSON.stringify({ said })),
  },
})
