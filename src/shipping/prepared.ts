import { askHttp } from '../connection/http-request.ts'
import { ConnectionError } from '../connection/network-error.ts'
import { type Destination, ShippingError } from './destination.ts'
import type { ShippingSettings } from './settings.ts'

/** Of each host. */
const WITHIN_SECONDS = 8
/** Bytes of an answer: how it begins is enough. */
const MOST_BYTES = 10_000

/**
 * Whether a cluster has the templates of the log: without them it would make an index of its own, which they could not
 * change afterwards. Null where who asks may not look, and where no host says.
 */
export async function isPrepared(
  { urls, authorization, ca }: ShippingSettings,
  signal: AbortSignal,
): Promise<boolean | null> {
  for (const url of urls) {
    const address = new URL(url)
    address.pathname = `${address.pathname.replace(/\/+$/, '')}/_index_template/logs-rtmp_hmonitor`
    try {
      const { status, body } = await askHttp({
        url: address.href,
        headers: authorization === null ? {} : { authorization },
        ...{ mostBytes: MOST_BYTES, beginning: true, within: WITHIN_SECONDS },
        ...(ca !== null && { ca }),
        signal,
      })
      if (status === 200) return true
      // Something else that answers 404 is no cluster: that is seen when a line is sent.
      return status === 404 && body.includes('resource_not_found_exception') ? false : null
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
    }
  }
  return null
}

/**
 * Sends nothing to a cluster that has no templates of the log: what is sent waits until somebody has put them there. Asked
 * before the first request, and again after each that came to nothing, because it may be another cluster then.
 */
export function whenPrepared(destination: Destination, settings: ShippingSettings): Destination {
  let isKnown = false
  return {
    async send(lines, signal) {
      if (!isKnown && (await isPrepared(settings, signal)) === false) {
        throw new ShippingError('later', 'it has no templates of the log yet: run rtmp-hmonitor elk setup')
      }
      isKnown = false
      const verdicts = await destination.send(lines, signal)
      isKnown = true
      return verdicts
    },
    certificateEnds: () => destination.certificateEnds(),
  }
}
