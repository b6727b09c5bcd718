import { Cluster } from '../../cluster/cluster.ts'
import { KINDS } from '../../kinds/kinds.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { statusOf } from '../../monitor/status-of.ts'
import { MonitorError } from '../../observation/errors.ts'
import { type Language, parseLanguage } from '../../observation/language.ts'
import { isRecord } from '../../observation/shape.ts'
import { overviewOf } from '../../view/overview.ts'
import type { SeenStatus } from '../../view/seen.ts'
import { sourcesOf } from '../../view/sources.ts'
import { type Answer, type Asked, json } from './answer.ts'

/** What each page of the dashboard shows, by its name. */
const VIEWS = {
  overview: (status: SeenStatus, language: Language): object => overviewOf(status, KINDS, language),
  sources: (status: SeenStatus, language: Language): object => sourcesOf(status, KINDS, language),
}
type ViewName = keyof typeof VIEWS

/** Seconds: a little less than the one after which the dashboard asks again, or every other one would show what the last did. */
const OLDEST = 0.8

/** What a page shows: `{"page": "overview"}`, in the language of the site or in the one that `language` names. */
export async function answerView(state: MonitorState, { request, payload, page: chosen }: Asked): Promise<Answer> {
  const said = request === null ? payload : request.query
  const { page = chosen, language } = isRecord(said) ? said : {}
  const name = parsePage(page)
  const spoken = typeof language === 'string' ? parseLanguage(language, 'the parameter language') : state.language
  const cluster = state.part(Cluster)
  const status: SeenStatus = cluster.isJoined ? await cluster.status(OLDEST) : statusOf(state)
  const view = withoutVariables(VIEWS[name](status, spoken))
  return request === null ? { statusCode: 200, headers: {}, payload: view } : json(200, view)
}

function parsePage(page: unknown): ViewName {
  const names = Object.keys(VIEWS) as ViewName[]
  const found = names.find((name) => name === page)
  if (found !== undefined) return found
  throw new MonitorError('invalid-message', `the parameter page must be one of ${names.join(', ')}`)
}

const VARIABLE = /\$\{[^${}"\\]*\}/g

/** A copy, in which the name of no variable stands: it takes the place of a secret and says nothing to who looks at a screen. */
function withoutVariables<T>(value: T): T {
  return copied(value) as T
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('${') ? value.replace(VARIABLE, '***') : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]))
}
