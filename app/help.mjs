/** What `--help` shows and what `.env.example` holds, from the table of options. */
import { OPTIONS, VARIABLE_GROUPS } from './options.mjs'

/**
 * @param {[string, string][]} rows
 * @param {number} width of the first column
 */
const columns = (rows, width) => rows.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)

/** @param {import('./options.mjs').Variable} variable */
const nameOf = ({ name, file }) => (file ? `${name}(_FILE)` : name)

/** @returns {string} */
export function helpText() {
  /** @type {[string, string][]} */
  const options = OPTIONS.map(({ name, value, what }) => [`--${name}${value ? ` ${value}` : ''}`, what])
  const width = Math.max(...VARIABLE_GROUPS.flatMap(({ variables }) => variables).map((each) => nameOf(each).length))
  return [
    'RTMP HMonitor: watches live streams second by second.',
    '',
    '  npm start                                     a demo, or what targets.json lists',
    '  RTMP_STREAMS="main=rtmp://…" npm start        your own stream',
    '  npm start -- OPTIONS',
    '',
    'Options',
    ...columns(options, width),
    '',
    'Environment variables (also from a file named .env; NAME_FILE names a file that holds the value)',
    ...VARIABLE_GROUPS.flatMap(({ title, variables }) => [
      '',
      ` ${title}`,
      ...columns(
        variables.map((variable) => [
          nameOf(variable),
          variable.default ? `${variable.what} (default: ${variable.default})` : variable.what,
        ]),
        width,
      ),
    ]),
    '',
  ].join('\n')
}

/** @returns {string} */
export function envExample() {
  const settable = VARIABLE_GROUPS.map(({ title, variables }) => ({
    title,
    variables: variables.filter(({ name }) => !name.endsWith('*')),
  }))
  return [
    '# Copy this file to .env and remove the # of what you set. Variables of the shell win over this file.',
    '# Made from app/options.mjs by: node app/env-example.mjs',
    ...settable.flatMap(({ title, variables }) => [
      '',
      `# ── ${title}`,
      ...variables.flatMap(({ name, file, what, default: fallback, example }) => [
        '',
        `# ${what}${fallback ? ` (default: ${fallback})` : ''}`,
        `# ${name}=${example ?? (/^[\w./]+$/.test(fallback ?? '') ? fallback : '')}`,
        ...(file ? [`# ${name}_FILE=`] : []),
      ]),
    ]),
    '',
  ].join('\n')
}
