import { textIn } from '../../node-red/config.ts'
import type { ShippingFields } from '../../shipping/settings.ts'

/** What Node-RED keeps apart from the flow. */
export const SHIPPING_CREDENTIALS = {
  shipUrl: { type: 'text' },
  shipUser: { type: 'text' },
  shipPassword: { type: 'password' },
  shipApiKey: { type: 'password' },
} as const

export type LogCredentials = Partial<Record<keyof typeof SHIPPING_CREDENTIALS, string>>

/** What the dialog says of where to ship. */
export function shippingFieldsOf(
  { shipCa }: Readonly<Record<string, unknown>>,
  { shipUrl, shipUser, shipPassword, shipApiKey }: Readonly<Partial<Record<keyof LogCredentials, unknown>>>,
): ShippingFields {
  return {
    ...{ url: textIn(shipUrl), user: textIn(shipUser), password: textIn(shipPassword) },
    ...{ apiKey: textIn(shipApiKey), ca: textIn(shipCa) },
  }
}
