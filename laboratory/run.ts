/** One case, from a world in which all is well to what the monitors know of its fault. */
import { mkdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../test/fixtures/wait.ts'
import type { LaboratoryCase } from './case.ts'
import type { Machine } from './recorded.ts'
import { World } from './world.ts'

/** Seconds within which all is well on a busy machine, and for which it stays so. */
const SETTLES = 120
const STEADY = 2
/** Seconds that are watched after the first that fires, in every monitor. */
const AFTER = 13
const WATCHED = 45
/** Seconds by which a monitor may be late before its machine, and no fault, is what it shows. */
const LATE = 2

export interface Run {
  /** Milliseconds since the epoch. */
  faultAt: number
  endAt: number
  /** Why it does not count; null where it does. */
  spoilt: string | null
  machine: Machine
}

export async function run(row: LaboratoryCase, raw: string): Promise<Run> {
  await mkdir(raw, { recursive: true })
  const world = await World.make(row, raw)
  try {
    await untilAllIsWell(world)
    for (const place of world.places) await world.order(place, 'begin')
    await row.make(world)
    const faultAt = Date.now()
    await watch(world, row, faultAt)
    const spoilt = await spoiltBy(world, row)
    const endAt = Date.now()
    await Promise.all(world.places.map((place) => world.order(place, 'flush').catch(() => null)))
    return { faultAt, endAt, spoilt, machine: machine() }
  } finally {
    await world.remove()
  }
}

function machine(): Machine {
  const date = new Date().toISOString().slice(0, 10)
  const load = Math.round((os.loadavg()[0] ?? 0) * 10) / 10
  return { cores: os.availableParallelism(), kernel: `${os.type()} ${os.release()}`, load, date }
}

async function untilAllIsWell(world: World): Promise<void> {
  let since: number | null = null
  let why = ''
  const isWell = async () => {
    const unwell = await Promise.all(world.places.map((place) => world.order(place, 'unwell') as Promise<string[]>))
    why = [...new Set(unwell.flat())].join(', ')
    since = why === '' ? (since ?? performance.now()) : null
    await wait(300)
    return since !== null && performance.now() - since > STEADY * 1000
  }
  await until(isWell, SETTLES, () => `all is well: ${why}`)
}

async function watch(world: World, row: LaboratoryCase, from: number): Promise<void> {
  const longest = (row.watched ?? WATCHED) * 1000
  let firedAt: number | null = null
  while (Date.now() - from < longest) {
    await wait(500)
    const fires = await Promise.all(
      world.places.map((place) => world.order(place, 'fires').catch(() => [true]) as Promise<boolean[]>),
    )
    if (fires.flat().every(Boolean)) firedAt ??= Date.now()
    if (firedAt !== null && Date.now() - firedAt > AFTER * 1000) return
  }
}

/** The stream of another server, seen from elsewhere, is the control: it suffers where the machine does. */
async function spoiltBy(world: World, row: LaboratoryCase): Promise<string | null> {
  for (const place of world.places) {
    if (row.disturbs?.includes(place)) continue
    const { late, elsewhereSuffered } = (await world.order(place, 'spoilt')) as Record<string, unknown>
    if (Number(late) > LATE) return `the monitor ${place} was ${Number(late).toFixed(1)} s late`
    if (elsewhereSuffered === true) return `the control stream suffered, seen from ${place}`
  }
  return null
}

export function rawFolder(name: string): string {
  return path.join(process.env.LABORATORY_RAW ?? path.join(import.meta.dirname, 'raw'), name)
}
