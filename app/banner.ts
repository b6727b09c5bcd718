/** What a person reads once the monitor is up. Pure. */
import { didYouMean } from '../src/observation/nearest-word.ts'
import type { Login, Token } from './access.ts'
import type { FlowsOutcome } from './flow-store.ts'
import { HOW_TO_GET, type Program } from './programs.ts'
import type { Taken, Watched } from './watched.ts'

export interface BannerInput {
  /** Where the monitor answers, or the balancer before several. */
  url: string
  /** Where each of several answers; empty where there is one. */
  monitors: readonly string[]
  login: Login
  token: Token
  tokenFile: string
  watched: Watched
  /** What of it can be taken. */
  taken: Taken
  hasDemo: boolean
  /** Why there is no demo where there should be one, or what it lacks. */
  demoProblem: string | null
  ffprobe: Program
  flows: FlowsOutcome
  /** Variables that nothing reads, with the ones that were probably meant. */
  misspelt: readonly { written: string; meant: string }[]
  /** Why the flows are not running. */
  problem: { error: string; types: string[] } | null
  /** The flows run, without the credentials of their nodes. */
  areCredentialsLost: boolean
}

const WIDTH = 10

/** A title and its lines, the later ones under the first. */
const entry = (title: string, first: string, ...more: string[]) =>
  [`  ${title.padEnd(WIDTH)}${first}`, ...more.map((line) => `  ${' '.repeat(WIDTH)}${line}`)].join('\n')

export function banner(input: BannerInput): string {
  const { url, problem } = input
  return [
    '',
    problem === null ? 'RTMP HMonitor is running.' : 'RTMP HMonitor is up, but it watches nothing.',
    '',
    entry('Editor', `${input.monitors[0] ?? url}/`, ...otherEditors(input.monitors), ...loginLines(input.login)),
    entry(
      'Dashboard',
      `${url}/dashboard${input.watched.from === 'demo' && input.hasDemo ? '/demo' : ''}`,
      'the same login',
    ),
    input.monitors.length === 0
      ? entry('Metrics', `${url}/metrics`)
      : entry('Metrics', `${url}/api/v1/sd`, 'lists the monitors for Prometheus, each of which has /metrics'),
    entry('Health', `${url}/health`),
    entry('Status', `${url}/api/v1/status${input.monitors.length === 0 ? '' : '?scope=cluster'}`),
    ...tokenEntry(input),
    '',
    ...(problem === null ? [entry('Watching', ...watchedLines(input), ...refusalLines(input.taken))] : []),
    entry('ffprobe', ...ffprobeLines(input.ffprobe)),
    ...flowsEntry(input.flows),
    ...misspeltEntry(input),
    ...(problem === null ? [] : ['', ...problemLines(problem)]),
    ...(input.areCredentialsLost ? ['', ...CREDENTIALS_LOST] : []),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n')
}

function otherEditors([, ...others]: readonly string[]): string[] {
  return others.length === 0 ? [] : [...others.map((each) => `${each}/`), 'each monitor has flows of its own']
}

function loginLines({ from, password }: Login): string[] {
  if (password !== null) {
    return [
      `login     admin`,
      `password  ${password}`,
      'It is shown this once. A new one: npm start -- --reset-password',
    ]
  }
  if (from === 'kept') return ['login admin; a forgotten password: npm start -- --reset-password']
  return [`login admin, with ${from} of the environment`]
}

function tokenEntry({ token, tokenFile }: BannerInput): string[] {
  if (token.from === 'none') return []
  if (token.from === 'METRICS_TOKEN') return [entry('Token', 'Metrics and Status ask for METRICS_TOKEN (bearer).')]
  const where = `It is kept in ${tokenFile}, for Prometheus's credentials_file.`
  if (token.from === 'kept') return [entry('Token', 'Metrics and Status ask for a bearer token.', where)]
  return [
    entry('Token', `${token.value}`, `Metrics and Status ask for it (bearer), because others can connect.`, where),
  ]
}

function watchedLines({ watched, hasDemo, demoProblem }: BannerInput): [string, ...string[]] {
  const own = 'Your own stream: RTMP_STREAMS="main=rtmp://server/app/key" npm start'
  switch (watched.from) {
    case 'file':
      return [
        watched.exists ? `the targets in ${watched.file}` : `nothing yet: TARGETS_FILE does not exist: ${watched.file}`,
        ...watched.ignored.map((name) => `${name} is set and not used, because the file goes first`),
      ]
    case 'environment':
      return [
        `the ${watched.variables.join() === 'RTMP_STREAMS' ? 'streams' : 'targets'} in ${watched.variables.join(', ')}`,
      ]
    case 'demo':
      if (!hasDemo) return [`nothing. ${demoProblem ?? 'The demo does not run.'}`, own]
      return [
        "a demo, with a stream of its own. The dashboard's page Demo, and the editor's tab Demo, cause faults on it.",
        ...(demoProblem === null ? [] : [demoProblem]),
        own,
      ]
    case 'nothing':
      return ['nothing of its own (DEMO=off)', own]
  }
}

/** Mistakes that are shown before the rest is only counted. */
const MOST_MISTAKES = 20

function refusalLines({ watched, refused, mistakes }: Taken): string[] {
  if (mistakes.length === 0) return []
  const total = watched + refused
  const count =
    refused === 0 ? `watching ${watched}, with mistakes` : `watching ${watched} of ${total}, ${refused} refused`
  const more = mistakes.length - MOST_MISTAKES
  return [
    `${count}:`,
    ...mistakes.slice(0, MOST_MISTAKES).map((mistake) => `- ${mistake}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ]
}

function ffprobeLines(ffprobe: Program): [string, ...string[]] {
  if (!ffprobe.found) return [ffprobe.reason, HOW_TO_GET.ffprobe]
  const { version, path, from } = ffprobe
  if (from === 'configured') return [`${version}, from FFPROBE_PATH`]
  if (from === 'PATH') return [`${version}, ${path}`]
  return [
    `${version}, the build that came with the packages, which gets no security updates.`,
    'Install FFmpeg 5.0 or newer (Debian: apt-get install ffmpeg) and start again.',
  ]
}

function flowsEntry(flows: FlowsOutcome): string[] {
  if (flows.did === 'merged') return []
  if (flows.did === 'renewed') return [entry('Flows', 'renewed; your own are kept as they were in', flows.backup)]
  const { newer, absent } = flows
  const lines = [
    ...(newer.length > 0 ? [`a newer version came of ${newer.join(', ')}`] : []),
    ...(absent.length > 0 ? [`not among yours: ${absent.join(', ')}`] : []),
  ]
  const [first, ...more] = lines
  if (first === undefined) return []
  return [entry('Flows', first, ...more, 'npm start -- --renew-flows puts them in and keeps a backup')]
}

function misspeltEntry({ misspelt }: BannerInput): string[] {
  const [first, ...more] = misspelt.map(({ written, meant }) => `${written} is not read${didYouMean(meant)}`)
  return first === undefined ? [] : [entry('Variables', first, ...more)]
}

/** What Node-RED's codes mean, and what to do. */
const PROBLEMS: Record<string, (types: string[]) => string[]> = {
  'missing-types': (types) => [
    `The flows do not run, because these node types are missing: ${types.join(', ')}.`,
    'Install their package in the editor (menu, Manage palette), or remove those nodes, and deploy.',
    'Types that begin with hmonitor- come with the monitor: remove the folder dist and start again.',
  ],
  'missing-modules': () => [
    'The flows do not run, because a node module that they use could not be loaded.',
    'See which with LOG_LEVEL=info npm start',
  ],
  'safe-mode': () => ['Safe mode: the flows do not run until you deploy.'],
}

const CREDENTIALS_LOST = [
  'Stream keys, passwords and tokens that were typed into nodes are lost: flows_cred.json cannot be decrypted with',
  'secrets.json. Restore both of the same time and start again, or type them again in the editor, and deploy.',
]

function problemLines({ error, types }: { error: string; types: string[] }): string[] {
  return PROBLEMS[error]?.(types) ?? [`The flows do not run (${error}). See why with LOG_LEVEL=info npm start`]
}
