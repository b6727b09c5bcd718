/**
 * Whether an address can be watched, by the runtime's own rules. `${NAME}` within it stands for text that is not known
 * here. One export per kind: each dialog takes the one it needs.
 */
import { parseDeviceAddress } from '../../encoder/address.ts'
import { parseBandwidthUrl } from '../../network/bandwidth/address.ts'
import { parseServiceUrl } from '../../network/service/address.ts'
import { eventNumber } from '../../platform/live-event.ts'
import { parseStreamUrl } from '../../secrets/stream-address.ts'

/** Returns true, false where the dialog has its own words for what is wrong, or why not. */
export type AddressCheck = (address: string) => boolean | string

/** @param stand for a variable, where a number may be needed */
function reasonOf(parse: (address: string) => unknown, stand: string): AddressCheck {
  return (address) => {
    try {
      parse(address.replace(/\$\{[^}]*\}/g, stand))
      return true
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}

export const stream = reasonOf(parseStreamUrl, 'x')
export const service = reasonOf(parseServiceUrl, 'x')

export const bandwidth: AddressCheck = (address) =>
  address.startsWith('${') || reasonOf(parseBandwidthUrl, '1')(address)

export const encoder: AddressCheck = (address) => reasonOf(parseDeviceAddress, '1')(address) === true

export const platform: AddressCheck = (address) => /^(?:\d{1,20}|next)$/.test(eventNumber(address))
