/** Writes `.env.example` from the table of options: `node app/env-example.mjs`. */
import { writeFileSync } from 'node:fs'
import { envExample } from './help.mjs'

writeFileSync(new URL('../.env.example', import.meta.url), envExample())
