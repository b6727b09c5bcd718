import { join } from 'node:path'
import type { NodeAPI } from 'node-red'
import { type DamagedFile, JsonFile } from '../storage/json-file.ts'

/**
 * What lies below the folder in which the monitor keeps its own: DATA_DIR, else the user directory of Node-RED. Null
 * where there is neither.
 */
export function dataPath(RED: NodeAPI, ...parts: string[]): string | null {
  const own = process.env.DATA_DIR?.trim()
  const userDir: unknown = RED.settings.userDir
  const base = own || (typeof userDir === 'string' ? userDir : '')
  return base === '' ? null : join(base, ...parts)
}

/**
 * The file in which a node keeps what must survive a restart. In memory only where there is no folder for it.
 *
 * @param folder what is kept, for example `outbox`
 * @param damaged told of a file that is not what it should be
 */
export function dataFile(RED: NodeAPI, folder: string, nodeId: string, damaged: (file: DamagedFile) => void): JsonFile {
  return new JsonFile(filePath(RED, folder, nodeId), damaged)
}

/** Where the file of a node lies; null where there is no folder for it. */
export function filePath(RED: NodeAPI, folder: string, nodeId: string): string | null {
  // Ids are Node-RED's own, but a flow file may be written by hand.
  return dataPath(RED, folder, `${nodeId.replace(/[^\w-]/g, '_')}.json`)
}
