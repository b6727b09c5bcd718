import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  request: string
  body: unknown
  authorization: string | undefined
}

interface StubAnswer {
  status: number
  body: unknown
}

/** How Elasticsearch gives back what was put, by the folder that it was put into. */
const GIVEN_BACK: Readonly<Record<string, (name: string, body: unknown) => unknown>> = {
  '/_component_template': (name, body) => ({ component_templates: [{ name, component_template: body }] }),
  '/_index_template': (name, body) => ({ index_templates: [{ name, index_template: body }] }),
  '/api/data_views/data_view': (_, body) => body,
  '/api/dashboards': (id, body) => ({ id, data: body }),
  '/_slm/policy': (name, body) => ({ [name]: { version: 1, policy: body } }),
}

/** A server that keeps what is put there and gives it back as Elasticsearch and Kibana do, with the answers of a test before that. */
export class StubCluster {
  readonly heard: Heard[] = []
  readonly kept = new Map<string, unknown>()
  /** Of headers of authorization, those which it lets in where it is asked who asks. */
  readonly logins = new Set<string>()
  dataStreams: string[] = []
  version: object = { number: '9.5.1', build_flavor: 'default' }
  /** Answers in the place of its own, by what it hears; they are taken one by one. */
  readonly instead = new Map<string, StubAnswer[]>()
  readonly #server: http.Server

  constructor() {
    this.#server = http.createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      const { method = '', url = '', headers } = request
      const body: unknown = text === '' ? null : JSON.parse(text)
      this.heard.push({ request: `${method} ${url}`, body, authorization: headers.authorization })
      if (url === '/_security/_authenticate') {
        const isKnown = this.logins.has(headers.authorization ?? '')
        response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end('{}')
        return
      }
      const answer = this.instead.get(`${method} ${url}`)?.shift() ?? this.#answer(method, url, body)
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** What changed something, without its body, since it was asked last. */
  changes(): string[] {
    return this.heard.splice(0).flatMap(({ request }) => (request.startsWith('GET') ? [] : [request]))
  }

  #answer(method: string, url: string, body: unknown): StubAnswer {
    const ok = { status: 200, body: { acknowledged: true } }
    if (url === '/') return { status: 200, body: { version: this.version } }
    if (url.startsWith('/_data_stream/')) {
      return { status: 200, body: { data_streams: this.dataStreams.map((name) => ({ name })) } }
    }
    if (url === '/api/data_views/data_view') {
      const { data_view } = body as { data_view: { id: string } }
      this.kept.set(`${url}/${data_view.id}`, { data_view })
    }
    if (method === 'POST') return ok
    if (method === 'PUT') {
      this.kept.set(url, body)
      return ok
    }
    const [, folder = '', name = ''] = /^(.*)\/([^/]+)$/.exec(url) ?? []
    const there = this.kept.get(url)
    if (there === undefined) return { status: 404, body: { error: `${name} is not there`, status: 404 } }
    return { status: 200, body: GIVEN_BACK[folder]?.(name, there) ?? { [name]: there } }
  }
}
