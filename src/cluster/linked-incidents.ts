import { type Across, ALONE } from '../incidents/across.ts'
import { type Affected, groupsOf } from '../incidents/grouping.ts'
import { type Kinship, targetKey } from '../incidents/kinship.ts'
import type { Incident, IncidentMember } from '../observation/incident.ts'

/** The open incidents of one monitor. */
export interface OpenIncidents {
  readonly index: number
  readonly monitor: string
  readonly incidents: readonly Incident[]
}

/**
 * Which open incidents of this monitor are one fault with those of others, and who tells people of it. Everyone works it
 * out alike, from the same file: what belongs together is found as within one monitor. Who has told people goes on telling;
 * of several, and where nobody has, the lowest index. Pure.
 *
 * @returns by id of an own incident; those that are nobody else's have none
 */
export function linkedIncidents(
  own: OpenIncidents,
  others: readonly OpenIncidents[],
  kinship: Kinship,
): ReadonlyMap<string, Across> {
  const all = [own, ...others].flatMap(({ index, monitor, incidents }) =>
    incidents.filter(({ status }) => status === 'open').map((incident) => ({ index, monitor, incident })),
  )
  const affected = all.flatMap(({ incident }) => incident.members.map(affectedOf))
  const groupBy = new Map<string, number>()
  for (const [group, keys] of groupsOf(affected, kinship, () => false).entries()) {
    for (const key of keys) groupBy.set(key, group)
  }
  const groupsIn = ({ members }: Incident) => members.map((member) => groupBy.get(affectedOf(member).key))
  return new Map(
    all
      .filter(({ index }) => index === own.index)
      .flatMap(({ incident }) => {
        const groups = new Set(groupsIn(incident))
        const linked = all.filter(
          (one) => one.index !== own.index && groupsIn(one.incident).some((group) => groups.has(group)),
        )
        return linked.length === 0 ? [] : [[incident.id, acrossOf({ ...own, incident }, linked)] as const]
      }),
  )
}

/** All open incidents, each fault once: as the monitor has it that tells people, with what is affected elsewhere. */
export function faultsOnce(all: readonly OpenIncidents[], kinship: Kinship): Incident[] {
  return all.flatMap((own) => {
    const across = linkedIncidents(
      own,
      all.filter((one) => one !== own),
      kinship,
    )
    return own.incidents.flatMap((incident) => {
      const { role, members } = across.get(incident.id) ?? ALONE
      const { toldBy: _, elsewhere: __, ...own } = incident
      return role === 'followed' ? [] : [{ ...own, members: [...own.members, ...members] }]
    })
  })
}

interface OneOpen {
  readonly index: number
  readonly monitor: string
  readonly incident: Incident
}

function acrossOf(own: OneOpen, linked: readonly OneOpen[]): Across {
  const all = [own, ...linked].sort((one, other) => one.index - other.index)
  const leader = all.find(({ incident }) => isTold(incident)) ?? all[0] ?? own
  const members = linked.flatMap(({ incident }) => incident.members)
  return {
    ...ALONE,
    role: leader.index === own.index ? 'leads' : 'followed',
    toldBy: leader.monitor,
    firesElsewhere: members.some(({ status }) => status === 'firing'),
    members: distinct(members, own.incident.members),
  }
}

/** Whether people were told that it has begun. */
export function isTold({ timeline }: Incident): boolean {
  return timeline.some(({ event }) => event === 'notified')
}

function affectedOf({ kind, target, since }: IncidentMember): Affected & { key: string } {
  return { key: targetKey(kind, target), since: Date.parse(since) || 0 }
}

/** What is named by itself already is not named again. */
function distinct(members: readonly IncidentMember[], own: readonly IncidentMember[]): IncidentMember[] {
  const known = new Set(own.map(({ kind, target }) => targetKey(kind, target)))
  const others = new Map<string, IncidentMember>()
  for (const member of members) {
    const key = targetKey(member.kind, member.target)
    if (!known.has(key) && others.get(key)?.status !== 'firing') others.set(key, member)
  }
  return [...others.values()]
}
