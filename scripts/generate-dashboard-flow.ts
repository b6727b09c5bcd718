// Writes flows/dashboard.json from flows/dashboard/. Run it after a change there; a test holds the flow to its sources.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
export const DASHBOARD_FLOW = join(root, 'flows', 'dashboard.json')

/** The monitor config node that all shipped flows share. */
const MONITOR = 'b04fefe2eb112f36'

type Node = { id: string; type: string; [property: string]: unknown }

/** The same name gives the same id every time, so that a renewed flow takes the place of the older one. */
function id(name: string): string {
  return createHash('sha256').update(`rtmp-hmonitor dashboard ${name}`).digest('hex').slice(0, 16)
}

function source(file: string): string {
  return readFileSync(join(root, 'flows', 'dashboard', file), 'utf8')
}

interface Page {
  name: string
  path: string
  /** Material Design Icons' name. */
  icon: string
  template: string
}

const PAGES: Page[] = [{ name: 'Overview', path: '/overview', icon: 'view-dashboard', template: 'overview.vue' }]

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
    allowInstall: true,
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
    storeOutMessages: true,
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

/** The whole flow. Pure but for the sources it reads. */
export function flow(): Node[] {
  const overview = template('/overview', 'all targets, worst first', 'overview.vue', 810, 120, [])
  const cards = calculation('a card per target', 'cards.js', 590, 120, [[overview.id]])
  const json = {
    id: id('json'),
    type: 'json',
    z: TAB,
    name: 'read the answer',
    property: 'payload',
    action: 'obj',
    pretty: false,
    x: 410,
    y: 120,
    wires: [[cards.id]],
  }
  const serve = {
    id: id('serve'),
    type: 'hmonitor-serve',
    z: TAB,
    name: 'status',
    monitor: MONITOR,
    what: 'status',
    x: 270,
    y: 120,
    wires: [[json.id]],
  }
  const each = {
    id: id('each second'),
    type: 'inject',
    z: TAB,
    name: 'each second',
    props: [],
    repeat: '1',
    crontab: '',
    once: true,
    onceDelay: 1,
    topic: '',
    x: 130,
    y: 120,
    wires: [[serve.id]],
  }
  const style = {
    ...template('style', 'colours, light and dark', 'style.css', 170, 300, []),
    group: '',
    ui: id('base'),
    templateScope: 'site:style',
  }
  const caught = {
    id: id('catch'),
    type: 'catch',
    z: TAB,
    name: 'errors',
    scope: null,
    uncaught: false,
    x: 110,
    y: 400,
    wires: [[id('debug')]],
  }
  const debug = {
    id: id('debug'),
    type: 'debug',
    z: TAB,
    name: 'what went wrong',
    active: false,
    tosidebar: true,
    console: false,
    tostatus: false,
    complete: 'error',
    targetType: 'msg',
    statusVal: '',
    statusType: 'auto',
    x: 390,
    y: 400,
    wires: [],
  }
  return [
    { id: TAB, type: 'tab', label: 'Dashboard', disabled: false, info: INFO, env: [] },
    { id: MONITOR, type: 'hmonitor-monitor', name: 'RTMP HMonitor', site: '' },
    ...configNodes(),
    ...group('Show what the monitor knows', [each, serve, json, cards, overview], { x: 34, y: 79, w: 902, h: 82 }),
    ...group('One look', [style], { x: 34, y: 259, w: 302, h: 82 }),
    ...group('Errors of this tab', [caught, debug], { x: 34, y: 359, w: 502, h: 82 }),
  ]
}

const INFO = `The pages under [/dashboard](/dashboard), for those without Grafana and for the screen on the wall.

They ask for the editor's password, and read through a **serve** node what the monitor knows: this tab is wired to no
other one. Take a page away, or add a widget of your own beside it.`

export function text(): string {
  return `${JSON.stringify(flow(), null, 4)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DASHBOARD_FLOW, text())
