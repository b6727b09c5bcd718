import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Stage } from './stage.ts'

/**
 * The demo's control on loopback: `GET /state`, and `POST /faults/<name>`, which answers with the state when the fault
 * is there.
 */
export async function startControl(stage: Stage): Promise<{ url: string; server: Server }> {
  const server = createServer(async ({ method, url = '', headers }, response) => {
    // Pages in a browser send it when they post to other addresses: they are no business of the demo's.
    if (headers.origin !== undefined) return answer(response, 403, { error: 'not from a web page' })
    if (method === 'GET' && url === '/state') return answer(response, 200, stage.state())
    const [, name] = /^\/faults\/([a-z-]+)$/.exec(url) ?? []
    if (method !== 'POST' || name === undefined) {
      return answer(response, 404, { error: 'GET /state or POST /faults/<name>', faults: stage.state().faults })
    }
    try {
      const known = await stage.apply(name)
      answer(response, known ? 200 : 404, known ? stage.state() : { error: `no fault ${name}`, ...stage.state() })
    } catch (error) {
      answer(response, 500, { error: error instanceof Error ? error.message : String(error) })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
