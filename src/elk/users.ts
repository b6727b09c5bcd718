import { basicAuthorization } from '../connection/authorization.ts'
import { type Environment, readSecretVariable } from '../secrets/variables.ts'
import type { Server } from './cluster.ts'
import type { Change } from './setup.ts'

/** A user whose password the environment says, and how it is set. */
interface OwnUser {
  name: string
  /** `…_FILE` behind it names a file. */
  variable: string
  path: string
  /** Beside the password. */
  body: Readonly<Record<string, unknown>>
}

const ownUser = (name: string, what: string): OwnUser => ({
  name,
  variable: `${name.toUpperCase()}_PASSWORD`,
  path: `/_security/user/${name}`,
  body: { roles: [name], full_name: what },
})

const USERS: readonly OwnUser[] = [
  // It is there from the beginning, and has no password.
  {
    ...{ name: 'kibana_system', variable: 'KIBANA_SYSTEM_PASSWORD' },
    ...{ path: '/_security/user/kibana_system/_password', body: {} },
  },
  ownUser('hmonitor_writer', 'Writes the log of RTMP HMonitor'),
  ownUser('hmonitor_reader', 'Reads the log of RTMP HMonitor'),
]

/**
 * Makes the users whose passwords the environment has. A password cannot be asked for, so each is tried: one that is let in is
 * as it should be.
 *
 * @throws SetupError, and what is wrong with a secret
 */
export async function putUsers(
  server: Server,
  environment: Environment,
  tell: (change: Change) => void,
): Promise<void> {
  for (const { name, variable, path, body } of USERS) {
    const password = await readSecretVariable(environment, variable)
    if (password === '') continue
    const headers = { authorization: basicAuthorization(name, password) }
    const { status } = await server.ask('/_security/_authenticate', { headers })
    if (status === 401) await server.must(path, { method: 'PUT', body: { ...body, password } })
    tell({ what: `user ${name}`, done: status === 401 ? 'changed' : 'unchanged' })
  }
}
