/** TLS in front of the server's RTMP: with the certificate that it is given, which may be any. */
import net from 'node:net'
import tls from 'node:tls'
import { obey } from '../control.ts'

export interface SecureOptions {
  control: string
  certificate: { key: string; cert: string }
}

const { control, certificate } = JSON.parse(process.argv[2] ?? '') as SecureOptions
let context = tls.createSecureContext(certificate)
let plain = false

function join(socket: net.Socket): void {
  const inside = net.connect(1935, '127.0.0.1')
  for (const [from, to] of [[socket, inside] as const, [inside, socket] as const]) {
    from.on('error', () => to.destroy()).on('close', () => to.destroy())
    from.pipe(to)
  }
}

const within = tls.createServer({ SNICallback: (_name, answer) => answer(null, context) }, join)
within.on('tlsClientError', () => {})

net
  .createServer((socket) => {
    socket.on('error', () => {})
    if (plain) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    else within.emit('connection', socket)
  })
  .listen(443, '0.0.0.0', () => console.log('ready'))

const open = new Set<net.Socket>()
within.on('secureConnection', (socket) => {
  open.add(socket)
  socket.once('close', () => open.delete(socket))
})

obey(control, {
  /** Another certificate from now on; who was connected has to come again. */
  certificate: (text) => {
    context = tls.createSecureContext(JSON.parse(text) as { key: string; cert: string })
    for (const socket of open) socket.destroy()
  },
  plain: () => {
    plain = true
    for (const socket of open) socket.destroy()
  },
})
