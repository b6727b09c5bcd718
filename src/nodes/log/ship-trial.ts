/** The test button of the `log` node's dialog: one line that says it is a test goes to where the dialog says. */
import { randomBytes } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import { logLine } from '../../logs/log-line.ts'
import { shippingTestRecord } from '../../logs/records.ts'
import { textIn, unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import { deployedNode, knownCredentials, type Trial, type TrialAnswer } from '../../node-red/trial.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { Say } from '../../observation/kind.ts'
import { ShippingError, type Verdict, WAY_NAMES, type Way } from '../../shipping/destination.ts'
import { isPrepared } from '../../shipping/prepared.ts'
import { openDestination, readShipping, type ShippingSettings, wayOf } from '../../shipping/settings.ts'
import { shippedLine } from '../../shipping/shipped-line.ts'
import { type LogCredentials, SHIPPING_CREDENTIALS, shippingFieldsOf } from './shipping-fields.ts'
import { WRITER } from './writer.ts'

export async function tryShipping(RED: NodeAPI, trial: Trial): Promise<TrialAnswer> {
  const { fields, say, signal } = trial
  try {
    const choice = textIn(fields.ship)
    const way = wayOf(choice, process.env)
    if (way === null) return { state: 'unknown', text: say(choice === '' ? 'test.nowhere' : 'test.unset') }
    const known = deployedNode<LogCredentials>(RED, 'hmonitor-log', trial.id)?.credentials
    const names = Object.keys(SHIPPING_CREDENTIALS) as (keyof LogCredentials)[]
    const given = shippingFieldsOf(fields, knownCredentials<LogCredentials>(trial, names, known))
    const unset = unsetVariable(given)
    if (unset !== null) throw unsetVariableError(unset)
    const settings = await readShipping(way, choice === 'environment' ? null : given, process.env)
    return await sendTestLine(way, settings, say, signal)
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    return { state: 'down', text: error.message }
  }
}

async function sendTestLine(way: Way, settings: ShippingSettings, say: Say, signal: AbortSignal): Promise<TrialAnswer> {
  const words = (key: string, more = {}) => hidden(say(`test.${key}`, { way: WAY_NAMES[way], ...more }), settings)
  if (way === 'elasticsearch' && (await isPrepared(settings, signal)) === false) {
    return { state: 'down', text: words('unprepared') }
  }
  const place = { opening: randomBytes(8).toString('hex'), sequence: 1 }
  const record = shippingTestRecord({ monitor: '', site: '', ...WRITER }, new Date().toISOString())
  const line = shippedLine(logLine(record, place, (text) => text).trimEnd())
  if (line === null) throw new Error('the test line is no line of the log')
  try {
    const [verdict] = await openDestination(way, settings).send([line], signal)
    return answerTo(verdict, words)
  } catch (error) {
    if (!(error instanceof ShippingError)) throw error
    const { status, message } = error
    return { state: 'down', text: words(adviceOn(status), { status: status ?? '', why: message }) }
  }
}

function answerTo(verdict: Verdict | undefined, words: (key: string, more?: object) => string): TrialAnswer {
  switch (verdict?.is) {
    case 'shipped':
    case 'duplicate':
      return { state: 'ok', text: words('sent') }
    case 'failure-store':
      return { state: 'degraded', text: words('failureStore') }
    case 'rejected':
      return { state: 'down', text: words('refused', { why: verdict.why }) }
    case 'again':
      return {
        state: 'down',
        text: words(adviceOn(verdict.status), { status: String(verdict.status), why: verdict.why }),
      }
    default:
      return { state: 'unknown', text: words('other', { why: '' }) }
  }
}

/** By what a server answered; null: nothing. */
const ADVICE: Readonly<Record<string, string>> = {
  ...{ null: 'silent', 200: 'address', 401: 'login', 403: 'rights', 404: 'address', 405: 'address' },
  ...{ 429: 'busy', 502: 'busy', 503: 'busy', 504: 'busy' },
}

function adviceOn(status: number | null): string {
  return ADVICE[String(status)] ?? 'other'
}

/** A server may repeat what it was sent. */
function hidden(text: string, { secrets }: ShippingSettings): string {
  return Object.values(secrets).reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
