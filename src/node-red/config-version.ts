import type { Node, NodeAPI, NodeDef } from 'node-red'

/** Makes of what one version of a dialog saved what the next one saves. It changes nothing in place. */
export type Migration = (config: Readonly<Record<string, unknown>>) => Record<string, unknown>

/**
 * By node type: the first migration leads from version 1 of its config to 2, and so on. A type that is not named has
 * version 1. Whoever renames a field, or gives it another meaning, adds a step here and raises `configVersion` in the
 * defaults of the dialog; a field that is new and has a default needs neither. The dialog has to make the same step in
 * `oneditprepare`, because the editor hands it what was saved, and set `configVersion` in `oneditsave`, because the
 * editor saves no default without an input.
 */
export const MIGRATIONS: Readonly<Record<string, readonly Migration[]>> = {}

/** The version that the dialog of a type saves now. */
export function configVersion(type: string, migrations = MIGRATIONS): number {
  return 1 + (migrations[type]?.length ?? 0)
}

export interface CurrentConfig<C> {
  config: C
  /** The version that the config was saved with, where that is newer than what is known here. */
  newer: number | null
}

/**
 * A node's config as this version of the package saves it. A config without a version is of version 1: it was saved
 * before there were versions.
 */
export function currentConfig<C extends object>(type: string, config: C, migrations = MIGRATIONS): CurrentConfig<C> {
  const saved = (config as { configVersion?: unknown }).configVersion
  const version = typeof saved === 'number' && Number.isSafeInteger(saved) && saved > 0 ? saved : 1
  const known = configVersion(type, migrations)
  if (version >= known) return { config, newer: version > known ? version : null }
  const steps = (migrations[type] ?? []).slice(version - 1)
  const migrated = steps.reduce((fields, step) => step(fields), { ...config } as Record<string, unknown>)
  return { config: { ...migrated, configVersion: known } as C, newer: null }
}

/**
 * What every node of this package begins with: Node-RED's own setup, and its config brought to the current version.
 * A config of a newer version is used as far as it is understood, and the log says so.
 */
export function createNode<C extends NodeDef>(RED: NodeAPI, node: Node<object>, saved: C): C {
  RED.nodes.createNode(node, saved)
  const { config, newer } = currentConfig(saved.type, saved)
  if (newer !== null) {
    node.warn(
      `A newer version of RTMP HMonitor saved this node: its config has version ${newer}, and the newest that is known ` +
        `here is ${configVersion(saved.type)}. Fields that are new in it are ignored. Update the package, or replace ` +
        'the node with a new one.',
    )
  }
  return config
}
