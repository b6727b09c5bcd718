/** What npm's failures mean and what to do about each. */
import { Failure } from './failure.mjs'

/** @typedef {{pattern: RegExp, what: string, advice: (root: string) => string[]}} Row */

/** The first row whose pattern is in npm's output counts. @type {Row[]} */
const FAILURES = [
  {
    pattern: /ENOSPC|no space left/i,
    what: 'The disk is full.',
    advice: (root) => [`Make room: the packages need about 700 MB below ${root}.`, 'Then: npm start'],
  },
  {
    pattern: /\b(EACCES|EPERM|EROFS)\b/,
    what: 'npm may not write here.',
    advice: (root) => [
      `Make ${root} writable for the user that runs npm start, or clone it into a folder of that user.`,
      'Were packages installed as root before? Then remove node_modules as root.',
    ],
  },
  {
    pattern: /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_/,
    what: 'The certificate of the package registry is not trusted, as behind a proxy that opens TLS.',
    advice: () => [
      'Give npm the certificate of the proxy: npm config set cafile /path/to/proxy.pem',
      'Then: npm start',
    ],
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|network/i,
    what: 'The package registry cannot be reached.',
    advice: () => [
      'Installing needs the network, once. Is this machine online? Can it resolve names?',
      'Behind a proxy: npm config set https-proxy http://proxy.example:3128',
      'Then: npm start',
    ],
  },
  {
    pattern: /EUSAGE|in sync/,
    what: 'package.json and package-lock.json do not belong together.',
    advice: () => ['Nothing changed on purpose? git checkout package.json package-lock.json app/package.json'],
  },
  {
    pattern: /E404|ETARGET|EINTEGRITY/,
    what: 'The package registry does not have what the lock file names.',
    advice: () => ['Is a registry set that lacks packages? npm config get registry', 'Then: npm start'],
  },
]

export function npmMissing() {
  return new Failure('npm could not be started.', [
    'Install Node.js with npm (https://nodejs.org; on Debian: apt-get install npm).',
    'Then: npm start',
  ])
}

/**
 * @param {string} root
 * @param {string} output what npm wrote
 */
export function installFailure(root, output) {
  const row = FAILURES.find(({ pattern }) => pattern.test(output))
  const said = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|debug-0\.log/.test(line))
    .slice(0, 8)
  return new Failure(
    `Installing failed. ${row?.what ?? 'npm says:'}`,
    row ? [...row.advice(root), ...said] : [...said, 'To see everything: npm ci'],
  )
}
