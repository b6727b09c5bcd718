/** What a Logstash of the stack answers at `/_node/stats/pipelines`, without what nobody reads of it. */
export const NODE_STATS = {
  host: 'logstash',
  version: '9.5.1',
  pipelines: {
    intake: {
      events: { in: 120, filtered: 118, out: 118, duration_in_millis: 900 },
      reloads: { successes: 2, failures: 1, last_error: null },
      queue: { type: 'persisted', events_count: 2, queue_size_in_bytes: 700, max_queue_size_in_bytes: 1_073_741_824 },
    },
    events: {
      events: { in: 118, filtered: 117, out: 110, duration_in_millis: 1200 },
      reloads: { successes: 0, failures: 0, last_error: null },
      queue: { type: 'persisted', events_count: 8, queue_size_in_bytes: 850, max_queue_size_in_bytes: 1_073_741_824 },
      dead_letter_queue: {
        ...{ max_queue_size_in_bytes: 268_435_456, queue_size_in_bytes: 4096, dropped_events: 3, expired_events: 0 },
        ...{ storage_policy: 'drop_older', last_error: 'no errors' },
      },
    },
    'dead-letters': {
      events: { in: 0, filtered: 0, out: 0 },
      queue: { type: 'memory', events_count: 0, queue_size_in_bytes: 0, max_queue_size_in_bytes: 0 },
    },
  },
}
