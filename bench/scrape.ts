import http from 'node:http'
import { gunzipSync } from 'node:zlib'

/** What Prometheus 2.42 sends. */
const HEADERS = {
  accept:
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
    'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'accept-encoding': 'gzip',
}

export interface Scrape {
  /** From the request to the last byte. */
  seconds: number
  body: string
  /** Bytes over the network. */
  bytes: number
}

/** Scrapes over one connection that is kept, as Prometheus does. Close it when done. */
export class Scraper {
  readonly #url: string
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

  constructor(url: string) {
    this.#url = url
  }

  /** Rejects where the answer is not 200 or does not come within 5 s. */
  scrape(): Promise<Scrape> {
    return new Promise((resolve, reject) => {
      const begin = performance.now()
      const request = http.get(this.#url, { agent: this.#agent, headers: HEADERS, timeout: 5000 }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const seconds = (performance.now() - begin) / 1000
          const raw = Buffer.concat(chunks)
          const isPacked = response.headers['content-encoding'] === 'gzip'
          const body = (isPacked ? gunzipSync(raw) : raw).toString('utf8')
          if (response.statusCode === 200) resolve({ seconds, body, bytes: raw.length })
          else reject(new Error(`GET ${this.#url}: ${response.statusCode} ${body.slice(0, 200)}`))
        })
      })
      request.on('timeout', () => request.destroy(new Error(`GET ${this.#url}: no answer within 5 s`)))
      request.on('error', reject)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
