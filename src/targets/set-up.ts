/** Changes the targets file for whoever sets the monitor up in a browser. */

import { existsSync } from 'node:fs'
import { MonitorError } from '../observation/errors.ts'
import type { Environment } from '../secrets/variables.ts'
import { writeSetUpFile } from '../storage/set-up-file.ts'
import { readSmallFile } from '../storage/small-file.ts'
import { collectFromEnvironment, collectFromFile } from './collect.ts'
import { type EditedFile, editedFile, type TargetsEdit, type WrittenEntry, withoutSecrets } from './edited-file.ts'
import { parseJson } from './json.ts'
import { MOST_TARGETS, type TargetKinds } from './target-kind.ts'

/** The variable that says which file may be changed. Without it none is: whoever opens the dashboard may be anybody. */
export const SETUP_FILE = 'TARGETS_SETUP_FILE'

/** Set where the targets are those of the demo: the first one of one's own takes their place. */
const DEMO = 'DEMO_URL'

/** Bytes that the file may have, as where it is read. */
const LONGEST = 1024 * 1024

/** Where a monitor has its targets from. */
export interface TargetsPlace {
  kinds: TargetKinds
  environment: Environment
  /** The file that is read now; empty where none is. */
  file: string
  isShard: boolean
}

/** What is written now, for whoever is to change it. */
export interface WrittenTargets {
  /** The file that a change is written to; null where nothing may be changed, and `why` says so. */
  file: string | null
  why: string | null
  /** Where the targets are now that the first change takes the place of, or takes over. */
  from: 'file' | 'environment' | 'demo' | 'nothing'
  targets: { kind: string; target: WrittenEntry }[]
}

/** @throws MonitorError `invalid-file`, `unreadable-file`: what is wrong with the file has to be mended by hand */
export async function writtenTargets(place: TargetsPlace): Promise<WrittenTargets> {
  const why = refusal(place)
  const file = why === null ? setUpFile(place) : null
  const from = originOf(place)
  const text = await textNow(place)
  const { entries } =
    text === null ? collectFromEnvironment(place.kinds, {}) : collectFromFile(place.kinds, parseJson(text))
  const targets = entries.flatMap(({ list, value }) =>
    typeof value === 'object' && value !== null
      ? [{ kind: list.kind, target: withoutSecrets(list, value as WrittenEntry) }]
      : [],
  )
  return { file, why, from, targets }
}

/**
 * What the file becomes by a change; nothing is written yet.
 *
 * @throws MonitorError `not-in-use` where nothing may be changed; as `editedFile`
 */
export async function proposedTargets(place: TargetsPlace, edit: TargetsEdit): Promise<EditedFile> {
  const why = refusal(place)
  if (why !== null) throw new MonitorError('not-in-use', why)
  return editedFile(place.kinds, await textNow(place), edit, MOST_TARGETS)
}

/**
 * Writes the file; what it was before stands beside it.
 *
 * @returns its path
 * @throws MonitorError `unreadable-file` where it cannot be written
 */
export function writeTargets(place: TargetsPlace, { text }: EditedFile): string {
  const named = setUpFile(place)
  writeSetUpFile(named, text, 0o777)
  return named
}

function setUpFile({ environment }: Pick<TargetsPlace, 'environment'>): string {
  const named = environment[SETUP_FILE]?.trim() ?? ''
  return named === 'none' ? '' : named
}

function originOf(place: TargetsPlace): WrittenTargets['from'] {
  const { kinds, environment, file } = place
  if (file !== '') return file !== setUpFile(place) && environment[DEMO] ? 'demo' : 'file'
  return collectFromEnvironment(kinds, environment).entries.length > 0 ? 'environment' : 'nothing'
}

/** Why nothing may be changed here; null where it may. */
function refusal(place: TargetsPlace): string | null {
  const named = setUpFile(place)
  if (named === '') {
    return `Targets are changed in their file here: ${SETUP_FILE} names none that the dashboard may change`
  }
  if (place.isShard) return 'Several monitors share the targets file: change it where it comes from, for all of them'
  if (place.file !== '' && place.file !== named && originOf(place) !== 'demo') {
    return `What is watched stands in ${place.file}, and ${SETUP_FILE} names ${named}: let both name the same file`
  }
  return null
}

/** What a change begins with; null: with nothing. What variables list is taken over, because a file goes before them. */
async function textNow(place: TargetsPlace): Promise<string | null> {
  const { kinds, environment, file } = place
  const from = originOf(place)
  const path = from === 'demo' ? setUpFile(place) : file || setUpFile(place)
  if (path !== '' && (from === 'file' || existsSync(path))) {
    const { content } = await readSmallFile(path, LONGEST)
    if ('text' in content) return content.text
    if (existsSync(path)) throw new MonitorError(content.error.code, `${path}: ${content.error.message}`)
    return null
  }
  if (from !== 'environment') return null
  const { entries } = collectFromEnvironment(kinds, environment)
  const whole: Record<string, unknown[]> = {}
  for (const { list, value } of entries) whole[list.list] = [...(whole[list.list] ?? []), value]
  return `${JSON.stringify(whole, null, 2)}\n`
}
