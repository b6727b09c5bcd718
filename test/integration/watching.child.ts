/** A process that watches the stream at its first argument by ffprobe, and exits on SIGUSR2. Says `present` when it is. */
import { watch } from './watched.ts'

const watched = watch(process.argv[2] ?? '', { reader: 'ffprobe' })
process.on('SIGUSR2', () => process.exit(0))
await watched.until('present', 20)
console.log('present')
setInterval(() => {}, 1000)
