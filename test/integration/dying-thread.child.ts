/** A thread that reads streams, and dies after 20 s. */
import '../../src/threads/worker.ts'

setTimeout(() => process.exit(1), 20_000)
