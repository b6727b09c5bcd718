/**
 * Runs in a namespace of its own, and is every server that `network-faults.test.ts` needs: a name service that knows no name
 * and says nothing at all of those that begin with `silent`; and by TCP, one that resets every connection, one that takes it and
 * is silent, and one with the certificate that is given as JSON. Writes a line when all listen.
 */
import dgram from 'node:dgram'
import { once } from 'node:events'
import https from 'node:https'
import net from 'node:net'

const [ports, certificate] = JSON.parse(process.argv[2] ?? '') as [
  { reset: number; silent: number; untrusted: number },
  { key: string; cert: string },
]

/** RFC 1035, section 4.1.1: the answer is the question, with the response bit, recursion available, and code 3. */
function noSuchName(question: Buffer): Buffer {
  const answer = Buffer.from(question)
  answer.writeUInt16BE(0x8183, 2)
  return answer
}

const names = dgram.createSocket('udp4')
names.on('message', (question, { address, port }) => {
  if (!question.includes('silent')) names.send(noSuchName(question), port, address)
})
const servers = [
  net.createServer((socket) => socket.resetAndDestroy()).listen(ports.reset, '0.0.0.0'),
  net.createServer((socket) => socket.on('error', () => {}).resume()).listen(ports.silent, '0.0.0.0'),
  https
    .createServer(certificate, (_request, response) => response.end('{}'))
    .on('tlsClientError', () => {})
    .listen(ports.untrusted, '0.0.0.0'),
]
names.bind(53)
await Promise.all([once(names, 'listening'), ...servers.map((server) => once(server, 'listening'))])
console.log('listening')
