/**
 * npm runs this in a shell, and hands a signal that it gets to that shell, which ends and hands it to nobody. So look
 * whether whoever started this is still there.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}
