/** Ends with 0 where an address answers well: `node app/stack/healthy.ts http://127.0.0.1:1880/health`. */
const [, , address = ''] = process.argv
try {
  const response = await fetch(address, { signal: AbortSignal.timeout(4000) })
  console.log((await response.text()).slice(0, 4000))
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
