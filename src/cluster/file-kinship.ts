import { Kinship } from '../incidents/kinship.ts'
import { linksOf } from '../monitor/directory.ts'
import { Relations } from '../monitor/relations.ts'
import type { MonitorState } from '../monitor/state.ts'
import type { SharedFile } from '../targets/share.ts'

/** Who needs whom and who shares what in the file of all monitors, whoever watches it: all of them know the same. */
export class FileKinship {
  readonly #state: MonitorState
  #files: readonly SharedFile[] = []
  #kinship = new Kinship([], new Relations([]).needs)

  constructor(state: MonitorState) {
    this.#state = state
  }

  /** Made anew when the file has been read anew. */
  get now(): Kinship {
    const files = this.#state.sharedFiles
    if (files.length === this.#files.length && files.every((file, index) => file === this.#files[index])) {
      return this.#kinship
    }
    this.#files = files
    const targets = files.flatMap(({ placed }) =>
      placed.map(({ kind, name, target }) => ({ kind, name, links: linksOf(target) })),
    )
    this.#kinship = new Kinship(targets, new Relations(targets).needs)
    return this.#kinship
  }
}
