// Puts what belongs together into words: what goes on, the gravest first, and what is over.
/*include places.js*/
const { instance, incidents } = flow.get('status')
if (!incidents) return { payload: { instance, open: [], ended: [], isGrouped: false } }
const open = incidents.filter(({ status }) => status === 'open').map(short)
const ended = incidents.filter(({ status, mergedInto }) => status === 'ended' && !mergedInto).map(short)
open.sort((a, b) => rank(a) - rank(b) || a.startsAt.localeCompare(b.startsAt))
return { payload: { instance, open, ended, isGrouped: true } }

function rank({ severity, isQuiet }) {
  return (isQuiet ? 2 : 0) + (severity === 'critical' ? 0 : 1)
}

function placesOf({ location, orElse }) {
  return orElse ? `${PLACES[location]}, or ${PLACES[orElse.location].replace('Probably ', '')}` : PLACES[location]
}

function short({ id, severity, site, startsAt, endsAt, members, diagnosis, remedy, acknowledgedBy, silencedUntil, timeline }) {
  const isSure = diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely'
  const isQuiet = acknowledgedBy !== undefined || Boolean(silencedUntil)
  const stream = members.find(({ kind }) => kind === 'stream')?.target ?? null
  const shown = members.map(({ kind, target, status, summary }) => ({ name: `${kind} ${target}`, isOver: status === 'over', summary }))
  return {
    ...{ id, severity, site, startsAt, endsAt, remedy, acknowledgedBy, silencedUntil, isQuiet, timeline, members: shown, stream },
    isWellAgain: !endsAt && shown.every(({ isOver }) => isOver),
    headline: isSure ? diagnosis.says : `${shown[0] ? `${shown[0].name}: ${shown[0].summary}` : 'The monitor'}`,
    place: diagnosis?.location ? placesOf(diagnosis) : 'Nobody can say yet where the fault is',
    confidence: diagnosis?.confidence ?? null,
    why: diagnosis?.evidenceFor ?? [],
    against: diagnosis?.evidenceAgainst ?? [],
    wouldDecide: diagnosis?.confidence === 'certain' ? null : (diagnosis?.wouldDecide ?? null),
  }
}
