import { get } from 'node:http'

/**
 * Ends with 0 where an address of this container answers well: `node app/stack/healthy.ts http://127.0.0.1:1880/health`.
 * By Node alone, because it is run every few seconds and has to be cheap.
 */
const [, , address = ''] = process.argv
/** Characters that Docker keeps of what is printed. */
const SHOWN = 4000
/** Milliseconds. */
const PATIENCE = 4000

process.exitCode = 1
let shown = ''
const finish = (line: string) => {
  if (line !== '') console.log(line.slice(0, SHOWN))
  clearTimeout(timer)
}
const asked = get(address, { agent: false, headers: { 'accept-encoding': 'identity' } }, (response) => {
  process.exitCode = response.statusCode === 200 ? 0 : 1
  response.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    if (shown.length >= SHOWN) response.destroy()
  })
  response.on('error', () => {}).on('close', () => finish(shown))
})
const timer = setTimeout(() => asked.destroy(new Error(`No answer within ${PATIENCE / 1000} s`)), PATIENCE)
asked.on('error', ({ message }) => finish(message))
