import { accessesOf, accessOf } from '../elk/access.ts'
import { Server } from '../elk/cluster.ts'
import { hasDashboards, putKibana } from '../elk/kibana.ts'
import { placesOf } from '../elk/kibana-links.ts'
import { type Change, engineOf, putAssets } from '../elk/setup.ts'
import { SetupError } from '../elk/setup-error.ts'
import { chosenAssets } from '../elk/shipped.ts'
import { putUsers } from '../elk/users.ts'
import type { CommandLine } from './command-line.ts'

type ElkSetupLine = Extract<CommandLine, { command: 'elk setup' }>

/**
 * Puts into Elasticsearch or OpenSearch what the log needs there, and says what it has changed.
 *
 * @throws SetupError, and what is wrong with a secret
 */
export async function elkSetup(
  { url, wait, ...choices }: ElkSetupLine,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const [access, ...others] = await accessesOf(environment, 'ELASTICSEARCH', url)
  if (access === undefined) throw new SetupError('ELASTICSEARCH_URL is not set: where Elasticsearch or OpenSearch is')
  // What is wrong with it is said before anything is changed.
  const kibana = await accessOf(environment, 'KIBANA', null)
  const places = placesOf(environment)
  const server = new Server(access, wait, signal, others)
  const engine = await engineOf(server)
  say(`${engine.name} ${engine.version} at ${access.url}`)
  let changed = 0
  const tell = ({ what, done }: Change) => {
    if (done !== 'unchanged') changed += 1
    say(`  ${done.padEnd('unchanged'.length)}  ${what}`)
  }
  await putAssets(server, engine, chosenAssets(choices), tell)
  if (engine.name === 'Elasticsearch') await putUsers(server, environment, tell)
  if (kibana !== null && hasDashboards(engine.version)) {
    // The same users are known to both.
    const login = { authorization: kibana.authorization ?? access.authorization, ca: kibana.ca ?? access.ca }
    await putKibana(new Server({ ...kibana, ...login }, wait, signal), places, tell)
  } else if (kibana !== null) say('Left out: the dashboards, for which Kibana has to be 9.5 or newer')
  say(changed === 0 ? 'Nothing had to be changed.' : `${changed} changed.`)
}
