/** A process that watches the stream at its first argument by ffprobe, in a thread, and exits on SIGUSR2. Says `present` when it is. */
import { until } from '../fixtures/wait.ts'
import { saidBy, threadedProbe } from '../threads/threaded.ts'

const probe = threadedProbe({ url: process.argv[2] ?? '', reader: 'ffprobe' })
process.on('SIGUSR2', () => process.exit(0))
probe.start({ changed: () => {}, happened: () => {} })
await until(() => saidBy(probe) === 'present', 40, 'it is present')
console.log('present')
setInterval(() => {}, 1000)
