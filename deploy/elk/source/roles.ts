import type { estypes } from '@elastic/elasticsearch'
import { DATA_STREAMS } from './names.ts'

/** For who writes the log: it can add lines, and neither read nor change nor delete any. */
export const WRITER: estypes.SecurityRoleDescriptor = {
  description: 'Adds lines to the log of RTMP HMonitor, and can do nothing else',
  cluster: ['monitor'],
  indices: [{ names: [DATA_STREAMS], privileges: ['auto_configure', 'create_doc'] }],
}

/** For who reads it: Grafana, and what watches the way there. */
export const READER: estypes.SecurityRoleDescriptor = {
  description: 'Reads the log of RTMP HMonitor, and the lines that could not be indexed',
  cluster: ['monitor'],
  indices: [{ names: [DATA_STREAMS], privileges: ['read', 'view_index_metadata', 'monitor', 'read_failure_store'] }],
}
