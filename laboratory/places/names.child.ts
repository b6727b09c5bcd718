/** A name service of names given as JSON. It may be silent, or know some no more. */
import dgram from 'node:dgram'
import { obey } from '../control.ts'

export interface NamesOptions {
  control: string
  /** Name to IPv4 address. */
  names: Readonly<Record<string, string>>
}

const options = JSON.parse(process.argv[2] ?? '') as NamesOptions
const names = new Map(Object.entries(options.names))
let mode: 'answers' | 'silent' | 'fails' = 'answers'

/** RFC 1035, section 4.1: header, the question as it came, and one address where there is one. */
function answer(question: Buffer): Buffer {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length).toLowerCase())
    at += length + 1
  }
  const type = question.readUInt16BE(at + 1)
  const asked = question.subarray(0, at + 5)
  const address = names.get(labels.join('.'))
  const header = Buffer.from(asked)
  const code = mode === 'fails' ? 2 : address === undefined ? 3 : 0
  const found = code === 0 && type === 1 && address !== undefined
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(found ? 1 : 0, 6)
  header.writeUInt32BE(0, 8)
  if (!found) return header
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)])
  return Buffer.concat([header, record])
}

const socket = dgram.createSocket('udp4')
socket.on('message', (question, { address, port }) => {
  if (mode !== 'silent') socket.send(answer(question), port, address)
})
socket.bind(53, '0.0.0.0', () => console.log('ready'))

obey(options.control, {
  mode: (text) => {
    mode = text as typeof mode
  },
  forget: (name) => names.delete(name),
  /** `NAME ADDRESS` */
  point: (text) => {
    const [name = '', address = ''] = text.split(' ')
    names.set(name, address)
  },
})
