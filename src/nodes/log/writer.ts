import { hostname } from 'node:os'
import { packageVersion } from '../../metrics/package-version.ts'

/** What writes: this package, on this computer. */
export const WRITER = { version: packageVersion(), host: hostname() }
