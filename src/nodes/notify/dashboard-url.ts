import type { NodeAPI } from 'node-red'

/**
 * Where people look: DASHBOARD_URL, else the dashboard of the monitor itself, whose address the application knows.
 * Null where nobody said. Only an address of the web is taken, since it becomes a link.
 *
 * @param path of the dashboard behind the monitor's address, with a slash before it
 */
export function dashboardUrl(
  path: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  const { DASHBOARD_URL = '', HMONITOR_URL = '' } = variables
  const text = DASHBOARD_URL.trim() || (HMONITOR_URL === '' ? '' : `${HMONITOR_URL}${path}`)
  return /^https?:\/\//i.test(text) ? text : null
}

/** The path of the deployed dashboard, behind `httpNodeRoot`; the shipped one's where none is deployed. */
export function dashboardPath({ nodes, settings }: NodeAPI): string {
  let path = '/dashboard'
  nodes.eachNode((node: { type: string; path?: unknown }) => {
    if (node.type === 'ui-base' && typeof node.path === 'string') path = node.path
  })
  const { httpNodeRoot } = settings as { httpNodeRoot?: unknown }
  return `/${typeof httpNodeRoot === 'string' ? httpNodeRoot : ''}/${path}`.replace(/\/{2,}/g, '/')
}
