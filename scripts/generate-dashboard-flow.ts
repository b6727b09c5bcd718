// Writes flows/dashboard.json from flows/dashboard/. Run it after a change there; a test holds the flow to its sources.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KindDescriptor } from '../src/kinds/kind.ts'
import { KINDS } from '../src/kinds/kinds.ts'
import { configVersion } from '../src/node-red/config-version.ts'
import { WORDS, type Words } from '../src/view/words.ts'
import { HEADLINES } from './location-texts.ts'
import { receiverForms } from './receiver-forms.ts'
import { setUpForms } from './set-up-forms.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
export const DASHBOARD_FLOW = join(root, 'flows', 'dashboard.json')

/** The monitor config node that all shipped flows share. */
const MONITOR = 'b04fefe2eb112f36'

type Node = { id: string; type: string; [property: string]: unknown }

/** The same name gives the same id every time, so that a renewed flow takes the place of the older one. */
export function id(name: string): string {
  return createHash('sha256').update(`rtmp-hmonitor dashboard ${name}`).digest('hex').slice(0, 16)
}

const DESCRIPTORS = Object.values<KindDescriptor>(KINDS)

/** A method that answers data, as a page includes it. */
const methodOf = (name: string, data: unknown) =>
  `    ${name}() {\n      return ${JSON.stringify(data).replaceAll('${', '\\u0024{')}\n    },\n`

/** What the descriptors of the kinds and the catalogue of words say, as the pages include it. */
const FROM_KINDS: Readonly<Record<string, string>> = {
  'kinds.js': `const KINDS = ${JSON.stringify(Object.fromEntries(DESCRIPTORS.map(({ kind, noun, label, title }) => [kind, { noun, label, title }])))}\n`,
  'forms.js': methodOf('formsOfKinds', await setUpForms(root, DESCRIPTORS)),
  'receiver-forms.js': methodOf('formsOfReceivers', await receiverForms(root)),
  'states.js': `const STATES = ${JSON.stringify({ en: WORDS.en.states, de: WORDS.de.states })}\n`,
  'places.js': `const PLACES = ${JSON.stringify(HEADLINES)}\n`,
}

/** The words of one page and those of every page, in each language, as a computed property of the page. */
function wordsOf(section: string): string {
  const all = Object.entries(WORDS).map(([language, words]) => {
    const own = words[section as keyof Words]
    if (own === undefined) throw new Error(`src/view/words-${language}.ts has no words of ${section}`)
    return [language, { ...words.frame, ...own }]
  })
  return `    // In the language of the site, which the monitor says; until it has, in that of the browser.
    w() {
      const all = ${JSON.stringify(Object.fromEntries(all))}
      return all[this.language || navigator.language.slice(0, 2)] || all.en
    },
`
}

/** What a file holds, with what it includes from `shared/`, of script and of page, and from the descriptors of the kinds. */
export function source(file: string): string {
  return withIncludes(readFileSync(join(root, 'flows', 'dashboard', file), 'utf8'))
}

/** A page or a script with the parts of `flows/dashboard/shared/` that it names. */
export function withIncludes(text: string): string {
  return text.replace(
    /^ *(?:\/\*include ([a-z-]+\.js)\*\/|<!--include ([a-z-]+\.html)-->)\n/gm,
    (_line, script = '', page = '') => {
      const [, section] = /^words-of-([a-z-]+)\.js$/.exec(script) ?? []
      if (section !== undefined) return wordsOf(section)
      return FROM_KINDS[script] ?? source(join('shared', script || page))
    },
  )
}

interface Page {
  name: string
  path: string
  /** Material Design Icons' name. */
  icon: string
}

const PAGES: Page[] = [
  { name: 'Overview', path: '/overview', icon: 'view-dashboard' },
  { name: 'Stream', path: '/stream', icon: 'video' },
  { name: 'Time line', path: '/timeline', icon: 'chart-timeline' },
  { name: 'Network, encoders, platform', path: '/sources', icon: 'lan' },
  { name: 'Incidents', path: '/incidents', icon: 'alert-octagon' },
  { name: 'Alerts', path: '/alerts', icon: 'bell' },
  { name: 'Preflight', path: '/preflight', icon: 'check-decagram' },
  { name: 'Set up', path: '/set-up', icon: 'cog' },
]

const TAB = id('tab')

/** Config nodes: one dashboard, one theme, and a page with one group each. */
function configNodes(): Node[] {
  const base = {
    id: id('base'),
    type: 'ui-base',
    name: 'RTMP HMonitor',
    path: '/dashboard',
    appIcon: '',
    includeClientData: true,
    acceptsClientConfig: ['ui-notification', 'ui-control', 'ui-template'],
    showPathInSidebar: false,
    headerContent: 'page',
    navigationStyle: 'default',
    titleBarStyle: 'default',
    showReconnectNotification: false,
    notificationDisplayTime: 1,
    showDisconnectNotification: false,
    allowInstall: false,
  }
  const theme = {
    id: id('theme'),
    type: 'ui-theme',
    name: 'RTMP HMonitor',
    colors: { surface: '#ffffff', primary: '#0b62a8', bgPage: '#eef1f4', groupBg: '#eef1f4', groupOutline: '#eef1f4' },
    sizes: { density: 'default', pagePadding: '12px', groupGap: '12px', groupBorderRadius: '4px', widgetGap: '12px' },
  }
  const pages = PAGES.flatMap(({ name, path, icon }, index): Node[] => [
    {
      id: id(`page ${path}`),
      type: 'ui-page',
      name,
      ui: base.id,
      path,
      icon,
      layout: 'grid',
      theme: theme.id,
      breakpoints: [
        { name: 'Default', px: '0', cols: '3' },
        { name: 'Tablet', px: '576', cols: '6' },
        { name: 'Small Desktop', px: '768', cols: '9' },
        { name: 'Desktop', px: '1024', cols: '12' },
      ],
      order: index + 1,
      className: '',
      visible: 'true',
      disabled: 'false',
    },
    {
      id: id(`group ${path}`),
      type: 'ui-group',
      name,
      page: id(`page ${path}`),
      width: '12',
      height: '1',
      order: 1,
      showTitle: false,
      className: '',
      visible: 'true',
      disabled: 'false',
      groupType: 'default',
    },
  ])
  return [base, theme, ...pages]
}

function template(path: string, name: string, file: string, x: number, y: number, wires: string[]): Node {
  return {
    id: id(`template ${path}`),
    type: 'ui-template',
    z: TAB,
    group: id(`group ${path}`),
    page: '',
    ui: '',
    name,
    order: 1,
    width: '0',
    height: '0',
    head: '',
    format: source(file),
    storeOutMessages: false,
    passthru: false,
    resendOnRefresh: true,
    templateScope: 'local',
    className: '',
    x,
    y,
    wires: [wires],
  }
}

function calculation(name: string, file: string, x: number, y: number, wires: string[][]): Node {
  return {
    id: id(`function ${name}`),
    type: 'function',
    z: TAB,
    name,
    func: source(file),
    outputs: wires.length,
    timeout: 0,
    noerr: 0,
    initialize: '',
    finalize: '',
    libs: [],
    x,
    y,
    wires,
  }
}

function group(name: string, members: Node[], box: { x: number; y: number; w: number; h: number }): Node[] {
  const groupId = id(`group of nodes ${name}`)
  return [
    { id: groupId, type: 'group', z: TAB, name, style: { label: true }, nodes: members.map((node) => node.id), ...box },
    ...members.map((node) => ({ ...node, g: groupId })),
  ]
}

function serve(
  what: 'status' | 'inspect' | 'picture' | 'timeline' | 'command' | 'view',
  x: number,
  y: number,
  wires: string[],
  use: string = what,
): Node {
  return {
    id: id(`serve ${use}`),
    type: 'hmonitor-serve',
    z: TAB,
    name: use,
    monitor: MONITOR,
    what,
    page: what === 'view' ? use : '',
    configVersion: configVersion('hmonitor-serve'),
    x,
    y,
    wires: [wires],
  }
}

/** What `serve` answers is text. */
function reading(name: string, x: number, y: number, wires: string[]): Node {
  return {
    ...{ id: id(`json ${name}`), type: 'json', z: TAB, name: 'read the answer', property: 'payload', action: 'obj' },
    ...{ pretty: false, x, y, wires: [wires] },
  }
}

function showing(): Node[] {
  const history = id('function ten minutes of every stream')
  const stream = template('/stream', 'one stream', 'stream.vue', 790, 180, [history])
  const command = id('serve command')
  const overview = template('/overview', 'all targets, worst first', 'overview.vue', 830, 120, [command])
  const cards = serve('view', 570, 120, [overview.id], 'overview')
  const remembering = calculation('ten minutes of every stream', 'history.js', 560, 180, [
    [stream.id],
    [command],
    [id('serve picture')],
  ])
  const sources = template('/sources', 'network, encoders, platform', 'sources.vue', 840, 240, [])
  const tables = serve('view', 570, 240, [sources.id], 'sources')
  const alerts = template('/alerts', 'alerts', 'alerts.vue', 770, 300, [command])
  const alarm: Node = {
    ...template('alarm', 'alarm, on every page', 'alarm.vue', 810, 420, []),
    ...{ group: '', ui: id('base'), templateScope: 'widget:ui' },
  }
  const fired = calculation('what fires and what has', 'alerts.js', 570, 300, [[alerts.id], [alarm.id]])
  const incidents = template('/incidents', 'what belongs together', 'incidents.vue', 820, 480, [command])
  const grouped = calculation('incidents in words', 'incidents.js', 560, 480, [[incidents.id]])
  const preflight = template('/preflight', 'preflight', 'preflight.vue', 780, 360, [id('serve inspect')])
  const timeline = template('/timeline', 'time line', 'timeline.vue', 550, 420, [id('serve timeline')])
  const names = calculation('names of the streams', 'streams.js', 580, 360, [[preflight.id, timeline.id]])
  const keeping = [remembering, fired].map(({ id }) => id)
  const pages = [cards, tables, names, grouped].map(({ id }) => id)
  const read = calculation('take the status', 'status.js', 330, 240, [keeping, pages])
  const status = serve('status', 120, 240, [read.id])
  const ask = calculation('of all monitors there are', 'ask.js', 150, 180, [[status.id]])
  const each = {
    ...{ id: id('each second'), type: 'inject', z: TAB, name: 'each second', repeat: '1', crontab: '' },
    // As an object it costs a third of what its text costs that is read again.
    ...{ props: [{ p: 'payload' }], payload: '{"as":"object"}', payloadType: 'json' },
    ...{ once: true, onceDelay: 1, topic: '', x: 130, y: 120, wires: [[ask.id]] },
  }
  const opened = calculation('which pages are open', 'viewers.js', 320, 360, [[...pages, fired.id]])
  const control: Node = {
    ...{ id: id('pages open and close'), type: 'ui-control', z: TAB, name: 'pages open and close', ui: id('base') },
    ...{ events: 'connect', x: 130, y: 360, wires: [[opened.id]] },
  }
  const members = [each, ask, status, read, control, opened, cards, remembering, tables, fired, names, grouped]
  const shown = [overview, stream, sources, alerts, preflight, timeline, alarm, incidents]
  return group('Show what the monitor knows', [...members, ...shown], {
    ...{ x: 34, y: 19, w: 952, h: 502 },
  })
}

/** Whoever presses a button gets the answer, and nobody else. */
function asking(): Node[] {
  const back = (name: string, y: number, to: string[]) =>
    calculation(`${name}: to who asked`, 'answer.js', 570, y, [to])
  const commanded = back('done or not', 580, [
    ...[id('template /stream'), id('template /alerts'), id('template /incidents')],
  ])
  const inspected = back('the verdict', 640, [id('template /preflight')])
  const commandJson = reading('command', 340, 580, [commanded.id])
  const inspectJson = reading('inspect', 340, 640, [inspected.id])
  const setUp = template('/set-up', 'what is watched', 'set-up.vue', 800, 820, [id('serve set up')])
  const changed = calculation('targets: to who asked', 'set-up.js', 570, 820, [[setUp.id]])
  const setUpJson = reading('set up', 340, 820, [changed.id])
  const receivers = {
    ...template('/set-up', 'who is told', 'receivers.vue', 780, 880, [id('serve receivers')]),
    ...{ id: id('template receivers'), order: 2 },
  }
  const retold = calculation('receivers: to who asked', 'set-up.js', 570, 880, [[receivers.id]])
  const receiversJson = reading('receivers', 340, 880, [retold.id])
  const told = back('what was', 760, [id('template /timeline')])
  const timelineJson = reading('timeline', 340, 760, [told.id])
  const shown = calculation('a picture: to who asked', 'picture.js', 570, 700, [[id('template /stream')]])
  const nodes = [
    serve('command', 140, 580, [commandJson.id]),
    ...[commandJson, commanded],
    serve('inspect', 140, 640, [inspectJson.id]),
    ...[inspectJson, inspected],
    serve('picture', 140, 700, [shown.id]),
    shown,
    serve('timeline', 140, 760, [timelineJson.id]),
    ...[timelineJson, told],
    serve('command', 140, 820, [setUpJson.id], 'set up'),
    ...[setUpJson, changed, setUp],
    serve('command', 140, 880, [receiversJson.id], 'receivers'),
    ...[receiversJson, retold, receivers],
  ]
  return group('Do what is asked for', nodes, { x: 34, y: 539, w: 952, h: 382 })
}

function errors(): Node[] {
  const debug = {
    ...{
      id: id('debug'),
      type: 'debug',
      z: TAB,
      name: 'what went wrong',
      active: false,
      tosidebar: true,
      console: false,
    },
    ...{
      tostatus: false,
      complete: 'error',
      targetType: 'msg',
      statusVal: '',
      statusType: 'auto',
      x: 390,
      y: 1080,
      wires: [],
    },
  }
  const caught = {
    ...{ id: id('catch'), type: 'catch', z: TAB, name: 'errors', scope: null, uncaught: false, x: 110, y: 1080 },
    wires: [[debug.id]],
  }
  return group('Errors of this tab', [caught, debug], { x: 34, y: 1039, w: 502, h: 82 })
}

/** The whole flow. Pure but for the sources it reads. */
export function flow(): Node[] {
  const style = {
    ...template('style', 'colours, light and dark', 'style.css', 170, 980, []),
    ...{ group: '', ui: id('base'), templateScope: 'site:style' },
  }
  return [
    { id: TAB, type: 'tab', label: 'Dashboard', disabled: false, info: INFO, env: [] },
    {
      id: MONITOR,
      type: 'hmonitor-monitor',
      name: 'RTMP HMonitor',
      site: '',
      configVersion: configVersion('hmonitor-monitor'),
    },
    ...configNodes(),
    ...showing(),
    ...asking(),
    ...group('One look', [style], { x: 34, y: 939, w: 302, h: 82 }),
    ...errors(),
  ]
}

const INFO = `The pages of the dashboard, under the path of its config node ("/dashboard" behind httpNodeRoot), for those without Grafana and for the screen on the wall.

They ask for the editor's password, and read through a **serve** node what the monitor knows: this tab is wired to no
other one. Take a page away, or add a widget of your own beside it: **status** in the flow's context is
what /api/v1/status says, new each second.`

export function text(): string {
  return `${JSON.stringify(flow(), null, 4)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DASHBOARD_FLOW, text())
