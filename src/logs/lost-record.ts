import { type LogOrigin, type LogRecord, recordFrame } from './log-record.ts'

/**
 * The line that stands where others are missing.
 *
 * @param lost how many were not written
 * @param time ISO 8601, of the line
 */
export function lostRecord(lost: number, origin: LogOrigin, time: string): LogRecord {
  const what = lost === 1 ? '1 event was' : `${lost} events were`
  const message = `${what} not written here, because the log could not be written or could not keep up`
  return {
    ...recordFrame(origin, time, 'warn', message),
    event: {
      kind: 'event',
      category: ['process'],
      type: ['info'],
      action: 'events-lost',
      dataset: 'rtmp_hmonitor.log',
      outcome: 'failure',
    },
    hmonitor: { kind: 'monitor', monitor: origin.monitor, lost },
  }
}
