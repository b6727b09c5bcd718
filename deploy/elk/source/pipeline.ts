import type { estypes } from '@elastic/elasticsearch'

/**
 * What becomes of each line before it is indexed, by whatever way it has come. All that is changed is changed here, so that
 * it can be tried without Logstash; without scripts, so that it runs wherever it is put.
 */
export const PIPELINE_BODY: estypes.IngestPipeline = {
  description: 'Lines of RTMP HMonitor',
  processors: [
    { set: { field: 'event.ingested', value: '{{{_ingest.timestamp}}}' } },
    // A line that is sent again is refused as one that is there, whoever sends it.
    { set: { field: '_id', value: '{{{event.id}}}', ignore_empty_value: true } },
    // The line once more as a text, and Logstash's own mark: they would double the size, and say nothing new.
    { remove: { field: ['event.original', '@version'], ignore_missing: true } },
    { pipeline: { name: 'rtmp_hmonitor@custom', ignore_missing_pipeline: true } },
  ],
  // A line of which something could not be done is better than none.
  on_failure: [
    { set: { field: 'event.kind', value: 'pipeline_error' } },
    { append: { field: 'error.message', value: '{{{_ingest.on_failure_message}}}' } },
  ],
}
