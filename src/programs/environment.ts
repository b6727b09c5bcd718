/**
 * What a program finds in its environment: where things are, the language, and what it trusts. Everything else of the
 * monitor's own environment stays with it, because stream keys, passwords and tokens stand there, and these programs
 * read what strangers send.
 */
const PASSED_ON: readonly string[] = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // A program that is installed beside the system's own finds its libraries by these.
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  // Windows starts nothing without the first, and has its own names for the others.
  'SystemRoot',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
]

/** Variables by which FFmpeg's programs find a way out through a proxy. */
export const PROXY_VARIABLES: readonly string[] = ['http_proxy', 'no_proxy']

/**
 * The environment of a child program.
 *
 * @param own what it is to hold besides; it wins
 * @param further names that this program needs as well
 */
export function programEnvironment(
  own: Readonly<Record<string, string>> = {},
  further: readonly string[] = [],
  from: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(from)) {
    const isPassedOn = PASSED_ON.includes(name) || name.startsWith('LC_') || further.includes(name)
    if (isPassedOn && value !== undefined) environment[name] = value
  }
  return { ...environment, ...own }
}
