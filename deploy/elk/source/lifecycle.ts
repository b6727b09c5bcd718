import type { estypes } from '@elastic/elasticsearch'
import { DATA_STREAMS, SNAPSHOTS } from './names.ts'

/**
 * A line is about 1 kB, so that an index is full by its age. Times of later phases count from the rollover, and not from
 * the line: the oldest line of an index is up to 30 days older.
 */
export const LIFECYCLE_POLICY: { policy: estypes.IlmPolicy } = {
  policy: {
    phases: {
      hot: {
        actions: { rollover: { max_age: '30d', max_primary_shard_size: '10gb' }, set_priority: { priority: 100 } },
      },
      // Two days later: what waited for the cluster on a monitor's disk has been written, and is not looked for any more.
      warm: {
        min_age: '2d',
        actions: { readonly: {}, forcemerge: { max_num_segments: 1 }, set_priority: { priority: 50 } },
      },
      // `elk setup --retention` sets another one.
      delete: { min_age: '365d', actions: { delete: {} } },
    },
  },
}

/** A folder that all nodes share, below their `path.repo`; `elk setup --snapshots` names it. */
export const REPOSITORY: estypes.SnapshotSharedFileSystemRepository = {
  type: 'fs',
  settings: { location: '/snapshots' },
}

/** Each night, and Kibana's own objects with it, because dashboards that somebody has changed are worth as much. */
export const SNAPSHOT_POLICY: estypes.SlmPolicy = {
  schedule: '0 30 1 * * ?',
  name: '<rtmp-hmonitor-{now/d}>',
  repository: SNAPSHOTS,
  config: { indices: [DATA_STREAMS], include_global_state: true, feature_states: ['kibana'] },
  retention: { expire_after: '30d', min_count: 5, max_count: 50 },
}
