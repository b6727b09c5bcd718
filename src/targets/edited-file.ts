/** A targets file that somebody changes with a form: what he sees of it, and the text that it becomes. */

import { MonitorError } from '../observation/errors.ts'
import { fillPlaceholders, placeholder } from '../secrets/placeholder.ts'
import { sealUrl } from '../secrets/seal.ts'
import { type Collection, collectFromFile, type RawEntry } from './collect.ts'
import { parseJson, withValue } from './json.ts'
import { checkEntries } from './load.ts'
import { nameOf } from './parse-target.ts'
import type { Target } from './target.ts'
import type { TargetKind, TargetKinds } from './target-kind.ts'

/** An entry as the file has it; its address without what is secret. */
export type WrittenEntry = Readonly<Record<string, unknown>>

export type TargetsEdit =
  /** Puts the entry in the place of the one that is called `was`, else at the end of its list. */
  | { action: 'set-target'; kind: TargetKind; target: WrittenEntry; was: string | null }
  | { action: 'remove-target'; kind: TargetKind; name: string }

/** What stands in the place of a secret. Where it comes back unchanged, the secret stays what it was. */
const HIDDEN = '***'

/** The fields of an entry that are secret as a whole. */
const SECRET_FIELDS = ['key']

/**
 * An entry as it may be shown: what is secret in it is `***`. A `${NAME}` stays: it is where the secret is, not the secret.
 *
 * @param list what its address is called
 */
export function withoutSecrets({ list, field }: TargetKind, entry: WrittenEntry): WrittenEntry {
  const shown: Record<string, unknown> = { ...entry }
  const address = entry[field]
  if (field === 'url' && typeof address === 'string') {
    const { url, secrets } = sealUrl(
      list,
      String(entry.name ?? ''),
      address,
      fillPlaceholders(address, () => 'x'),
    )
    shown.url = secrets.reduce((text, { name }) => text.replaceAll(placeholder(name), HIDDEN), url)
  }
  for (const secret of SECRET_FIELDS) {
    const value = entry[secret]
    if (typeof value === 'string' && !value.includes('${')) shown[secret] = HIDDEN
  }
  return shown
}

/**
 * What somebody sent, with the secrets of the entry that it takes the place of where he left them as he saw them.
 *
 * @throws MonitorError `invalid-target` where a part of an address was changed whose secret he did not see
 */
function withSecretsOf(kind: TargetKind, sent: WrittenEntry, before: WrittenEntry | null): WrittenEntry {
  const shown = before === null ? {} : withoutSecrets(kind, before)
  const whole: Record<string, unknown> = { ...sent }
  for (const field of [kind.field, ...SECRET_FIELDS]) {
    const value = sent[field]
    if (typeof value !== 'string' || !value.includes(HIDDEN)) continue
    if (before === null || value !== shown[field]) {
      throw new MonitorError(
        'invalid-target',
        `${field}: ${HIDDEN} stands for a secret that is not shown; write the whole of it again`,
      )
    }
    whole[field] = before[field]
  }
  return whole
}

/** The entry of a name. */
function entryIn({ entries }: Collection, { kind }: TargetKind, name: string): RawEntry | null {
  return entries.find(({ list, value }) => list.kind === kind && nameOf(value) === name) ?? null
}

/** A targets file after a change. */
export interface EditedFile {
  text: string
  /** What was put into it, with its secrets; null where something was taken out. */
  entry: WrittenEntry | null
}

/**
 * A targets file after a change; what the change does not touch keeps its form.
 *
 * @param text what the file holds now; null where there is none yet
 * @param entries how many a list may have
 * @throws MonitorError `invalid-file` where the text cannot be read, so that nothing is lost of it; `unknown-target` where
 *   what is to be changed is not there any more; `duplicate-target` and what `parseTarget` throws of the new entry
 */
export function editedFile(kinds: TargetKinds, text: string | null, edit: TargetsEdit, entries?: number): EditedFile {
  const whole = text ?? '{}\n'
  const { list } = edit.kind
  const before = text === null ? null : collectFromFile(kinds, parseJson(whole), entries)
  const place = (name: string): RawEntry => {
    const entry = before && entryIn(before, edit.kind, name)
    if (entry) return entry
    throw new MonitorError(
      'unknown-target',
      `${list}: no entry is called "${name}"; somebody may have changed the file`,
    )
  }
  if (edit.action === 'remove-target') {
    return { text: withValue(whole, [list, place(edit.name).index], undefined), entry: null }
  }
  const old = edit.was === null ? null : place(edit.was)
  const target = withSecretsOf(edit.kind, edit.target, old === null ? null : (old.value as WrittenEntry))
  const isList = before !== null && Array.isArray((parseJson(whole) as Record<string, unknown>)[list])
  const edited = old
    ? withValue(whole, [list, old.index], target)
    : isList
      ? withValue(whole, [list, -1], target)
      : withValue(whole, [list], [target])
  refuseEntry(kinds, edited, edit.kind, target, entries)
  return { text: edited, entry: target }
}

/** Reads the new text as it will be read, and refuses what would not be watched of the new entry. */
function refuseEntry(
  kinds: TargetKinds,
  text: string,
  kind: TargetKind,
  target: WrittenEntry,
  most: number | undefined,
): void {
  const { entries } = collectFromFile(kinds, parseJson(text), most)
  const isMine = ({ list, value }: Pick<RawEntry, 'list' | 'value'>) =>
    list.kind === kind.kind && (value as Partial<Target>).name === target.name
  const { refused } = checkEntries(entries)
  const mine = refused.filter(({ list, index }) =>
    entries.some((entry) => entry.list === list && entry.index === index && isMine(entry)),
  )
  const first = mine[0]?.rejection
  if (first !== undefined) throw new MonitorError(first.code, first.message, { suggestion: first.suggestion })
}
