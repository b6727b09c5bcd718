/** A thread that reads streams, and after 12 s is busy with something else for 4 s. */
import '../../src/threads/worker.ts'

setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000), 12_000)
