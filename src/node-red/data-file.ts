import { join } from 'node:path'
import type { NodeAPI } from 'node-red'
import { JsonFile } from '../alerts/json-file.ts'

/**
 * The file in which a node keeps what must survive a restart: below DATA_DIR, else below the user directory of
 * Node-RED. In memory only where there is neither.
 *
 * @param folder what is kept, for example `outbox`
 */
export function dataFile(RED: NodeAPI, folder: string, nodeId: string): JsonFile {
  const own = process.env.DATA_DIR?.trim()
  const userDir: unknown = RED.settings.userDir
  const base = own || (typeof userDir === 'string' ? userDir : '')
  // Ids are Node-RED's own, but a flow file may be written by hand.
  return new JsonFile(base === '' ? null : join(base, folder, `${nodeId.replace(/[^\w-]/g, '_')}.json`))
}
