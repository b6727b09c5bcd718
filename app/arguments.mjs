import { parseArgs } from 'node:util'
import { OPTIONS } from './options.mjs'
import { Failure } from './prepare/failure.mjs'

/**
 * Reads the command line. Throws a Failure for what is not in the table of options.
 *
 * @param {string[]} args
 * @returns {Record<string, string | boolean | undefined>}
 */
export function readArguments(args) {
  try {
    const options = Object.fromEntries(OPTIONS.map(({ name, type }) => [name, { type }]))
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    const [what = ''] = /** @type {Error} */ (error).message.split('. ')
    throw new Failure(`${what.replace(/\.$/, '')}.`, ['npm start -- --help lists every option.'])
  }
}
