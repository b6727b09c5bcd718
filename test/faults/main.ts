/**
 * Plays the whole suite, or the rows named, and prints what was found.
 *
 *   npm run test:faults                       all of them; writes docs/detection.md
 *   npm run test:faults -- black stalled      these only
 *   npm run test:faults -- 'ok-*'             those whose names begin so
 *   npm run test:faults -- --kind flow        one kind
 *   npm run test:faults -- --reader auto      with one reader
 */

import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { ROWS } from './cases/all.ts'
import { footageFile } from './footage.ts'
import { line, page, summary } from './report.ts'
import { playAll, playsOf } from './runner.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: 'string' },
    reader: { type: 'string' },
    concurrency: { type: 'string', default: '16' },
  },
})
const rows = ROWS.filter(
  ({ id, kind }) =>
    (positionals.length === 0 ||
      positionals.some((name) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name))) &&
    (values.kind === undefined || kind === values.kind),
)
const plays = playsOf(rows).filter(({ reader }) => values.reader === undefined || reader === values.reader)
for (const footage of rows.flatMap((row) => row.footage ?? [])) await footageFile(footage)
const began = performance.now()
const servers = { nginx: await startNginxRtmp(), nms: await startNodeMediaServer() }
const results = await playAll(plays, servers, {
  concurrency: Number(values.concurrency),
  done: (result) => console.log(line(result)),
})
await Promise.all([servers.nginx.stop(), servers.nms.stop()])
const seconds = (performance.now() - began) / 1000
console.log(`\n${summary(results, seconds)}`)
if (plays.length === playsOf(ROWS).length) {
  await writeFile(fileURLToPath(new URL('../../docs/detection.md', import.meta.url)), page(results, seconds))
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
