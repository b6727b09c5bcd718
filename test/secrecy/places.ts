import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runtime } from '../runtime.ts'
import { CATCH, OWN_MESSAGES } from './flow.ts'
import type { Place } from './search.ts'

/** What a reader of the monitor may ask for: method, path and what it accepts. */
const ROUTES: [path: string, accept: string][] = [
  ['/metrics', 'text/plain'],
  ['/metrics', 'application/openmetrics-text; version=1.0.0'],
  ['/health', 'application/json'],
  ['/api/v1/status', 'application/json'],
  ['/api/v1/picture?target=literal', 'image/jpeg'],
  ['/api/v1/picture?target=query', 'image/jpeg'],
  ['/api/v1/report?target=literal', 'text/html'],
  ['/api/v1/report?target=literal&format=json', 'application/json'],
  ['/api/v1/incidents', 'application/json'],
  ['/api/v1/timeline?target=literal', 'application/json'],
  ['/flows', 'application/json'],
  ['/settings', 'application/json'],
  ['/diagnostics', 'application/json'],
]

async function answers(runtime: Runtime, token: string, more: string[]): Promise<Place[]> {
  const routes = [...ROUTES, ...more.map((path) => [path, 'application/json'] as const)]
  const places = routes.map(async ([path, accept]) => {
    const response = await runtime.fetch(path, { headers: { accept, authorization: `Bearer ${token}` } })
    const text = `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`
    return { where: `GET ${path}`, text }
  })
  const refused = await runtime.fetch('/metrics', { headers: { authorization: 'Bearer wrong' } })
  return [...(await Promise.all(places)), { where: 'the refusal of a wrong token', text: await refused.text() }]
}

function messages(runtime: Runtime): Place[] {
  return runtime.sent
    .filter(({ source }) => !OWN_MESSAGES.includes(source))
    .map(({ source, port, msg }) => ({
      where: `output ${port + 1} of ${source}`,
      text: JSON.stringify(source === CATCH ? msg.error : msg),
    }))
}

function files(runtime: Runtime): Place[] {
  return readdirSync(runtime.userDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ where: `file ${entry.name}`, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }))
}

/** The log of what happened, which is one of the files; empty while there is none. */
export function eventLog(runtime: Runtime): string {
  const path = join(runtime.userDir, 'logs', 'hmonitor.ndjson')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** What the runtime has said since it began, and printed. Works after its end, too. */
export function spoken(runtime: Runtime): Place[] {
  return [
    ...messages(runtime),
    ...runtime.statuses.map(({ id, status }) => ({ where: `status of ${id}`, text: JSON.stringify(status) })),
    ...runtime.debugged.map((data) => ({ where: 'the debug sidebar', text: JSON.stringify(data) })),
    ...runtime.log.map(({ level, text }) => ({ where: `log, ${level}`, text })),
    { where: 'what the process printed', text: runtime.output },
  ]
}

/**
 * Every place of a running monitor where somebody may read.
 *
 * @param token of the API
 * @param more paths to ask for besides those that every monitor has
 */
export async function placesOf(runtime: Runtime, token: string, more: string[] = []): Promise<Place[]> {
  return [...(await answers(runtime, token, more)), ...files(runtime), ...spoken(runtime)]
}
