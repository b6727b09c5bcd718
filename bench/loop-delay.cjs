/**
 * Required by every Node.js of the monitor under test; works in Node-RED's alone. From the first SIGCONT it measures how
 * late its event loop is; at each it writes that into BENCH_DELAY_FILE and begins anew: a signal that nobody else
 * listens to and that does nothing to a process that runs. Not before, because it costs 0.85 % of a core itself, which
 * would count as the monitor's. CommonJS, because `--require` takes nothing else.
 */
const { renameSync, writeFileSync } = require('node:fs')
const { monitorEventLoopDelay } = require('node:perf_hooks')

/** Milliseconds. */
const RESOLUTION = 5

const file = process.env.BENCH_DELAY_FILE
if (file && /red\.js$/.test(process.argv[1] ?? '')) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  // What is recorded is the time between two turns of the timer, its own period included.
  const seconds = (nanoseconds) => Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000)
  process.on('SIGCONT', () => {
    delay.enable()
    const found = { p50: seconds(delay.percentile(50)), p99: seconds(delay.percentile(99)), max: seconds(delay.max) }
    delay.reset()
    writeFileSync(`${file}.part`, JSON.stringify(found))
    renameSync(`${file}.part`, file)
  })
}
