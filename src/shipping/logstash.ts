import type { Destination } from './destination.ts'
import type { Hosts } from './hosts.ts'

/**
 * Logstash's input `http`: an array of JSON is as many events. It answers 200 once its queue has all of them, and 429 while
 * that is full: https://www.elastic.co/docs/reference/logstash/plugins/plugins-inputs-http
 */
export function logstash(hosts: Hosts): Destination {
  return {
    async send(lines, signal) {
      const body = `[${lines.map(({ text }) => text).join(',')}]`
      await hosts.post((url) => url, { type: 'application/json', body }, signal)
      return lines.map(() => ({ is: 'shipped' }))
    },
    certificateEnds: () => hosts.certificateEnds,
  }
}
