import { once } from 'node:events'
import { createServer } from 'node:net'
import { Failure } from './prepare/failure.mjs'

/**
 * Makes sure that the monitor can listen there, before anything is started.
 *
 * @throws Failure that says why not and what to do
 */
export async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    throw failure((error as NodeJS.ErrnoException).code ?? String(error), host, port)
  } finally {
    server.close()
  }
}

function failure(code: string, host: string, port: number): Failure {
  switch (code) {
    case 'EADDRINUSE':
      return new Failure(`Port ${port} of ${host} is already in use.`, [
        'Does a monitor or another Node-RED run already? Stop it, or choose another port: PORT=1881 npm start',
        'A second monitor needs its own data as well: PORT=1881 DATA_DIR=.data-2 npm start',
      ])
    case 'EACCES':
      return new Failure(`This user may not listen on port ${port}.`, ['Choose one above 1023: PORT=1880 npm start'])
    case 'EADDRNOTAVAIL':
      return new Failure(`HOST is ${host}, which is no address of this machine.`, [
        'Choose 127.0.0.1 for this machine alone, or 0.0.0.0 for all who can reach it.',
      ])
    default:
      return new Failure(`The monitor cannot listen on ${host}, port ${port} (${code}).`, ['Check HOST and PORT.'])
  }
}
