import type { Asset } from '../../../src/elk/asset.ts'
import { LIFECYCLE_POLICY, REPOSITORY, SNAPSHOT_POLICY } from './lifecycle.ts'
import { INDEX_TEMPLATE, LIFECYCLE, MAPPINGS, PIPELINE, SETTINGS, SNAPSHOTS } from './names.ts'
import { PIPELINE_BODY } from './pipeline.ts'
import { READER, WRITER } from './roles.ts'
import { MAPPINGS_TEMPLATE, SETTINGS_TEMPLATE, TEMPLATE } from './templates.ts'

/** All that is put into a cluster, what is needed by others before them. Snapshots come last: where their folder is not as it should be, the log is there all the same. */
export const ASSETS: readonly Asset[] = [
  { kind: 'lifecycle policy', name: LIFECYCLE, body: LIFECYCLE_POLICY },
  { kind: 'role', name: 'hmonitor_writer', body: { ...WRITER } },
  { kind: 'role', name: 'hmonitor_reader', body: { ...READER } },
  { kind: 'component template', name: SETTINGS, body: { ...SETTINGS_TEMPLATE } },
  { kind: 'component template', name: MAPPINGS, body: { ...MAPPINGS_TEMPLATE } },
  { kind: 'ingest pipeline', name: PIPELINE, body: { ...PIPELINE_BODY } },
  { kind: 'index template', name: INDEX_TEMPLATE, body: { ...TEMPLATE } },
  { kind: 'snapshot repository', name: SNAPSHOTS, body: { ...REPOSITORY } },
  { kind: 'snapshot policy', name: SNAPSHOTS, body: { ...SNAPSHOT_POLICY } },
]
