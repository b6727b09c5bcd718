import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** The next message of a child. Rejects where it ends instead. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const stop = new AbortController()
  const { signal } = stop
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as T),
      once(child, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`The child ended with ${code}`))),
    ])
  } finally {
    stop.abort()
  }
}

/** Ends a child as a service manager does, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
