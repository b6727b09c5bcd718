/** Telling a program in another network what to do: by a Unix socket, which a network namespace does not hide. */
import { createServer, request } from 'node:http'

export type Orders = Readonly<Record<string, (argument: string) => unknown>>

/** Obeys `POST /ORDER?ARGUMENT`. */
export function obey(socketPath: string, orders: Orders): void {
  createServer(async (asked, response) => {
    const [name = '', argument = ''] = (asked.url ?? '').slice(1).split('?')
    try {
      const order = orders[name]
      if (order === undefined) throw new Error(`There is no order ${name}`)
      const answer = await order(decodeURIComponent(argument))
      response.end(JSON.stringify(answer ?? null))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  }).listen(socketPath)
}

/** Rejects with what it said where it could not. */
export function order(socketPath: string, name: string, argument = ''): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const path = `/${name}?${encodeURIComponent(argument)}`
    const asked = request({ socketPath, method: 'POST', path, timeout: 40_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${name}: ${text}`)),
      )
    })
    asked.on('error', reject).on('timeout', () => asked.destroy(new Error(`${name} was not answered`)))
    asked.end()
  })
}
