import type { Counters } from '../observation/own-metric.ts'
import type { Environment } from '../secrets/variables.ts'
import type { DamagedFile } from '../storage/json-file.ts'
import type { Destination, Way } from './destination.ts'
import { whenPrepared } from './prepared.ts'
import { ShippingQueue } from './queue.ts'
import { openDestination, readShipping, type ShippingFields } from './settings.ts'
import { type Pace, Shipper } from './shipper.ts'
import { Spool } from './spool.ts'

interface ShippingPlan {
  way: Way
  /** What the dialog says; null: only the environment counts. */
  fields: ShippingFields | null
  environment: Environment
  /** Where what waits is kept. */
  folder: string
  /** Bytes that may wait. */
  limit: number
  setAside(line: string, why: string): void
  damaged(file: DamagedFile): void
  /** What must not be seen in anything that leaves, by name: told before it is used. */
  keepSecret(secrets: Readonly<Record<string, string>>): void
  counters: Counters
  changed(): void
  pace?: Pace
}

/** What ships for one `log` node, with what an earlier one left to be shipped. */
export function openShipper(plan: ShippingPlan): { shipper: Shipper; spool: Spool } {
  const { way, fields, environment, folder, limit, setAside, damaged, keepSecret, counters, changed, pace } = plan
  let shipper: Shipper | null = null
  const spool = new Spool(folder, (file, lines) => {
    damaged(file)
    shipper?.gone(lines)
  })
  let current: { key: string; destination: Destination } | null = null
  const destination = async () => {
    const settings = await readShipping(way, fields, environment)
    const key = JSON.stringify(settings)
    if (current?.key !== key) {
      keepSecret(settings.secrets)
      const opened = openDestination(way, settings)
      current = { key, destination: way === 'elasticsearch' ? whenPrepared(opened, settings) : opened }
    }
    return current.destination
  }
  const queue = new ShippingQueue(spool, limit)
  shipper = new Shipper({ way, queue, destination, setAside, counters, changed, ...(pace && { pace }) })
  return { shipper, spool }
}
