import type { FlowNode } from '../runtime.ts'

const TAB = 'feed000000000000'
const MONITOR = 'feed000000000001'
/** Sends what a test posts, as a user's own flow would. Its messages are the user's, secrets and all. */
export const OWN_MESSAGES = ['feed000000000010', 'feed000000000011', 'feed000000000012']
export const CATCH = 'feed000000000030'
export const PROBE = 'feed000000000040'
/** Watch one stream each, from their dialog. */
export const DIALOG = 'feed000000000041'
export const FAILING = 'feed000000000042'
const TARGETS = 'feed000000000050'
const RECORD = 'feed000000000060'
const ALERT = 'feed000000000061'
export const LOG = 'feed000000000062'
const REPORT = 'feed000000000063'
const INCIDENT = 'feed000000000064'
const DEBUG = 'feed000000000070'

const observed = [[RECORD], [LOG], [DEBUG]]

function route(path: string, at: number): FlowNode[] {
  const [entry, serve, response] = [`feed0000000001${at}0`, `feed0000000001${at}1`, `feed0000000001${at}2`]
  return [
    { id: entry, type: 'http in', z: TAB, name: '', url: path, method: 'get', wires: [[serve]] },
    { id: serve, type: 'hmonitor-serve', z: TAB, name: '', what: 'auto', monitor: MONITOR, wires: [[response]] },
    { id: response, type: 'http response', z: TAB, name: '', wires: [] },
  ]
}

/**
 * A flow in which every output, error and status of our nodes goes where a user might send it: into the debug
 * sidebar and into the log.
 *
 * @param server what the dialogs have as *Server URL*
 */
export function observedFlow({ server, talkativeFfprobe }: { server: string; talkativeFfprobe: string }): FlowNode[] {
  const [entry = '', make = '', answer = ''] = OWN_MESSAGES
  const probe = { type: 'hmonitor-ffprobe', z: TAB, monitor: MONITOR, expected: 'always', media: 'both', interval: '1' }
  const dialog = { ...probe, verifyTls: true, labels: {}, wires: observed }
  return [
    { id: TAB, type: 'tab', label: 'Secrecy', disabled: false, info: '' },
    { id: MONITOR, type: 'hmonitor-monitor', name: 'secrecy', site: 'test' },
    { id: entry, type: 'http in', z: TAB, name: '', url: '/message', method: 'post', wires: [[make]] },
    {
      id: make,
      type: 'function',
      z: TAB,
      name: 'send',
      func: 'return [msg.payload, { req: msg.req, res: msg.res, payload: "" }]',
      outputs: 2,
      wires: [[PROBE], [answer]],
    },
    { id: answer, type: 'http response', z: TAB, name: '', statusCode: '204', wires: [] },
    { id: CATCH, type: 'catch', z: TAB, name: '', scope: null, wires: [['feed000000000031']] },
    // The message that failed is the user's own; what our nodes say of it is what matters.
    {
      id: 'feed000000000031',
      type: 'function',
      z: TAB,
      name: 'only the error',
      func: 'return { error: msg.error }',
      outputs: 1,
      wires: [[DEBUG]],
    },
    { id: 'feed000000000032', type: 'status', z: TAB, name: '', scope: null, wires: [[DEBUG]] },
    { ...dialog, id: PROBE, name: '', url: '' },
    { ...dialog, id: DIALOG, name: 'dialog', url: server },
    { ...dialog, id: FAILING, name: 'failing', url: server, ffprobePath: talkativeFfprobe, reader: 'ffprobe' },
    {
      id: TARGETS,
      type: 'hmonitor-targets',
      z: TAB,
      name: '',
      file: '',
      monitor: MONITOR,
      wires: [[PROBE, DEBUG], [DEBUG]],
    },
    {
      id: RECORD,
      type: 'hmonitor-record',
      z: TAB,
      name: '',
      samples: true,
      monitor: MONITOR,
      wires: [[DEBUG], [DEBUG]],
    },
    {
      id: ALERT,
      type: 'hmonitor-alert',
      z: TAB,
      name: '',
      monitor: MONITOR,
      wires: [
        [LOG, INCIDENT],
        [LOG, INCIDENT],
      ],
    },
    { id: INCIDENT, type: 'hmonitor-incident', z: TAB, name: '', monitor: MONITOR, wires: [[DEBUG], [LOG]] },
    {
      ...{ id: LOG, type: 'hmonitor-log', z: TAB, name: '', level: 'debug', monitor: MONITOR, wires: [[DEBUG]] },
      ship: 'elasticsearch',
    },
    { id: REPORT, type: 'hmonitor-report', z: TAB, name: '', language: 'en', monitor: MONITOR, wires: [[DEBUG]] },
    {
      id: DEBUG,
      type: 'debug',
      z: TAB,
      name: '',
      active: true,
      tosidebar: true,
      console: true,
      complete: 'true',
      targetType: 'full',
      wires: [],
    },
    ...[
      '/metrics',
      '/health',
      ...['status', 'picture', 'report', 'incidents', 'timeline'].map((name) => `/api/v1/${name}`),
    ].flatMap(route),
  ]
}
