import { answerInGerman, issueInGerman, measuredInGerman, sentenceInGerman } from '../german/catalogue.ts'
import { KINDS_IN_GERMAN, valueInGerman } from '../german/values.ts'
import { alertTitle } from '../observation/alert.ts'
import type { DiagnosisAnswer, Location } from '../observation/diagnosis.ts'
import type { Finding, Mark, MessageTexts } from './message-texts.ts'

const PLACES: Readonly<Record<Location, string>> = {
  operator: 'dass niemand streamt',
  source: 'das ankommende Bild oder den Ton',
  encoder: 'den Encoder',
  'venue-network': 'das Netz am Veranstaltungsort',
  uplink: 'die Leitung vom Veranstaltungsort zum Server',
  'name-service': 'die Namensauflösung oder das Zertifikat',
  server: 'den Server',
  platform: 'die Plattform',
  'monitor-network': 'das eigene Netz des Monitors',
  monitor: 'den Monitor selbst',
}

const MARKS: Readonly<Record<'critical' | 'warning', Readonly<Record<Mark, string>>>> = {
  critical: { new: 'Kritisch', again: 'Erneut kritisch', repeated: 'Weiterhin kritisch', worse: 'Jetzt kritisch' },
  warning: { new: 'Warnung', again: 'Erneute Warnung', repeated: 'Weiterhin Warnung', worse: 'Jetzt Warnung' },
}

export const GERMAN: MessageTexts = {
  fact: {
    affected: 'Betroffen',
    cause: 'Wahrscheinliche Ursache',
    causeAfterwards: 'Ursache, soweit bekannt',
    correction: 'Korrektur',
    ended: 'Ende',
    expected: 'Erwartet',
    howSure: 'Wie sicher',
    lasted: 'Dauer',
    measured: 'Gemessen',
    note: 'Hinweis',
    orElse: 'Ebenso möglich',
    severity: 'Schweregrad',
    since: 'Seit',
    speaksAgainst: 'Spricht dagegen',
    what: 'Was',
    where: 'Wo',
    why: 'Warum',
    wouldTell: 'Für Genaueres',
  },
  frame: {
    steps: 'Was jetzt zu tun ist',
    more: 'Mehr (englisch)',
    dashboard: 'Dashboard',
    open: 'Dashboard öffnen',
    now: 'Jetzt',
    resolved: 'Behoben',
    picture: 'Angehängtes Bild',
  },
  severity: { critical: 'kritisch', warning: 'Warnung' },
  confidence: { certain: 'sicher', likely: 'wahrscheinlich', possible: 'möglich' },
  note: {
    again: 'Es war vorbei und ist wieder da',
    worse: 'Es war eine Warnung und ist jetzt kritisch',
    repeated: 'Besteht noch. Wer es bestätigt, wird bis zu seinem Ende nicht mehr daran erinnert',
  },
  ended: {
    cleared: 'Messungen sind wieder in Ordnung',
    'not-expected': 'Wird nicht mehr auf Sendung erwartet und deshalb nicht mehr geprüft',
    'not-watched': 'Wird nicht mehr beobachtet; darüber ist nichts mehr bekannt',
  },
  correction: 'Korrektur',
  mark: (severity, mark) => MARKS[severity][mark],
  resolvedAfter: (length) => `Behoben nach ${length}`,
  resolved: 'Behoben',
  corrects: (location) =>
    `Eine frühere Nachricht nannte ${PLACES[location]}. Was seither gemessen wurde, spricht für eine andere Ursache`,
  where: (kind, target) => [KINDS_IN_GERMAN[kind] ?? kind, target].filter((part) => part !== '').join(' '),
  title: titleInGerman,
  finding: (finding) => `${titleInGerman(finding.alertname)}${detailOf(finding)}`,
  summary: ({ alertname, summary }) => knownTitle(alertname) ?? summary,
  value: valueInGerman,
  sentence: (english) => sentenceInGerman(english) ?? english,
  evidence: ({ evidenceFor, answersFor }) => answersInGerman(evidenceFor, answersFor),
  doubts: ({ evidenceAgainst, answersAgainst }) => answersInGerman(evidenceAgainst, answersAgainst),
  isOver: '(vorbei)',
  affectedMany: (count) => `${count} betroffen`,
  affects: (count) => `Betrifft außerdem ${count}`,
  whichAffects: (count) => `, davon betroffen: ${count}`,
  andMore: (count) => (count === 1 ? 'und 1 weiteres' : `und ${count} weitere`),
  alsoMore: (count) => (count === 1 ? 'Und 1 weiteres' : `Und ${count} weitere`),
  resolvedToo: (count) => `${count} behoben`,
  caption: (target, which, time) =>
    `Stream ${target}, ${which === 'now' ? 'jetzt' : 'das letzte gute Bild, von vorher'} (${time})`,
  since: (title, time) => `${title}, seit ${time}`,
}

/** Null where it is none of our checks: an alert of somebody else's rules, for example. */
function knownTitle(alertname: string): string | null {
  const name = alertname.replace(/^Hmonitor/, '')
  return issueInGerman(name.charAt(0).toLowerCase() + name.slice(1))
}

function titleInGerman(alertname: string): string {
  return knownTitle(alertname) ?? alertTitle(alertname)
}

/** Sentences of checks are English: of a known one its numbers say the same, of others there is only the sentence. */
function detailOf({ alertname, summary, measured, expected }: Finding): string {
  if (knownTitle(alertname) === null) return `: ${summary}`
  return measuredInGerman(measured, expected)
}

function answersInGerman(clauses: readonly string[], answers: readonly DiagnosisAnswer[] = []): string[] {
  return clauses.map((clause, index) => {
    const answer = answers[index]
    return (answer && answerInGerman(answer.question, answer.verdict)) ?? clause
  })
}
