import type { NodeAPI } from 'node-red'
import { createProfiles } from '../../health/profile-lookup.ts'
import { WATCHES } from '../../kinds/probes.ts'
import { textIn } from '../../node-red/config.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { joinStreamKey } from '../../secrets/stream-address.ts'
import { hostOf } from '../../targets/dialog.ts'
import { inspections } from './inspections.ts'
import { tryStream } from './trial.ts'

export const STREAM_OF_DIALOG: OwnTargetRules = {
  nameFrom: ({ filled }) => hostOf(filled),
  fallbackName: 'stream',
  address({ sealed }, { streamKey }, secrets) {
    const key = textIn(streamKey)
    return joinStreamKey(sealed, key === '' ? '' : secrets.keep('key', key.replace(/^\//, '')))
  },
  /** The dialog asks for limits of the chosen profile; the target has profiles of its own. */
  complete(entry) {
    const { profile, profiles: limits } = entry
    delete entry.profiles
    if (typeof profile !== 'string' || typeof limits !== 'object' || limits === null) return
    if (Object.keys(limits).length === 0) return
    createProfiles().get(profile)
    entry.profiles = { [profile]: { limits } }
  },
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-ffprobe',
    kind: 'stream',
    context: ({ ffprobePath }) => textIn(ffprobePath),
    watches: (state, { ffprobePath }) => WATCHES.stream(state, textIn(ffprobePath)),
    target: STREAM_OF_DIALOG,
    trial: { run: tryStream },
    extend: inspections,
  })
}
