import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const promClient = createRequire(import.meta.url).resolve('prom-client')

/** The node types of `node-red-contrib-prometheus-exporter`. */
export const EXPORTER_TYPES = ['prometheus-exporter', 'prometheus-metric-config']

/**
 * Stands in for that package, which cannot be had from the registry: counters that take `inc` and gauges that take
 * `set`, with the labels that their config node lists and no others, on `PROMETHEUS_METRICS_PATH`.
 */
const PROGRAM = `
const { Counter, Gauge, Registry } = require(${JSON.stringify(promClient)})
module.exports = (RED) => {
  const registers = [new Registry()]
  RED.httpNode.get(process.env.PROMETHEUS_METRICS_PATH || '/metrics', async (_request, response) => {
    response.type('text/plain').end(await registers[0].metrics())
  })
  RED.nodes.registerType('prometheus-metric-config', function (config) {
    RED.nodes.createNode(this, config)
    const labelNames = config.labels.split(',').map((label) => label.trim())
    const Metric = config.mtype === 'counter' ? Counter : Gauge
    this.metric = new Metric({ name: config.name, help: config.help, labelNames, registers })
    this.on('close', () => registers[0].removeSingleMetric(config.name))
  })
  RED.nodes.registerType('prometheus-exporter', function (config) {
    RED.nodes.createNode(this, config)
    const { metric } = RED.nodes.getNode(config.metric)
    this.on('input', ({ payload: { op, val, labels } }, _send, done) => {
      try {
        metric[op](labels, val)
        done()
      } catch (error) {
        done(error)
      }
    })
  })
}
`

/** Writes the stand-in into a folder for `nodesDir`. */
export async function writeOtherExporter(folder: string): Promise<void> {
  const templates = EXPORTER_TYPES.map((type) => `<script type="text/html" data-template-name="${type}"></script>`)
  await writeFile(join(folder, 'prometheus-exporter.js'), PROGRAM)
  await writeFile(join(folder, 'prometheus-exporter.html'), templates.join('\n'))
}
