import type { Incident, IncidentMember } from '../observation/incident.ts'

/** What an incident is together with those of other monitors of the cluster that are the same fault. */
export interface Across {
  /** `waits`: the others have not been asked yet; `followed`: another monitor tells people of it. */
  readonly role: 'leads' | 'waits' | 'followed'
  /** The monitor that tells people; its own name where it leads. */
  readonly toldBy: string
  /** People know of it by a monitor that does not answer any more, and this one goes on in its place. */
  readonly isTakenOver: boolean
  /** Something of it still fires elsewhere: it is not over. */
  readonly firesElsewhere: boolean
  /** What is affected elsewhere. */
  readonly members: readonly IncidentMember[]
}

/** Of an incident of a monitor that is alone. */
export const ALONE: Across = {
  ...{ role: 'leads', toldBy: '', isTakenOver: false, firesElsewhere: false, members: [] },
}

/** What an incident that goes on shows of that. */
export function shownOf({ role, toldBy, members }: Across): Pick<Incident, 'toldBy' | 'elsewhere'> {
  if (role !== 'leads') return { toldBy: role === 'waits' ? null : toldBy }
  return members.length > 0 ? { elsewhere: [...members] } : {}
}
