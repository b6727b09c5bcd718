/**
 * The servers of `network-service.test.ts`, in a namespace of their own. Given as JSON: by port, a TLS certificate or
 * null. Each answers in HTTP, `/slow` after 0.2 s and `/broken` with 503.
 */
import http from 'node:http'
import https from 'node:https'

type Servers = Record<string, { key: string; cert: string } | null>

const servers = JSON.parse(process.argv[2] ?? '{}') as Servers

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  response.statusCode = request.url === '/broken' ? 503 : 200
  setTimeout(() => response.end('#EXTM3U'), request.url === '/slow' ? 200 : 0)
}

for (const [port, certificate] of Object.entries(servers)) {
  const server = certificate ? https.createServer(certificate, answer) : http.createServer(answer)
  server.listen(Number(port), '::')
}
