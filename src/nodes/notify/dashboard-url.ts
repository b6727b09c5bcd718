/**
 * Where people look: DASHBOARD_URL, else the dashboard of the monitor itself, whose address the application knows.
 * Null where nobody said. Only an address of the web is taken, since it becomes a link.
 */
export function dashboardUrl(variables: Readonly<Record<string, string | undefined>> = process.env): string | null {
  const { DASHBOARD_URL = '', HMONITOR_URL = '' } = variables
  const text = DASHBOARD_URL.trim() || (HMONITOR_URL === '' ? '' : `${HMONITOR_URL}/dashboard`)
  return /^https?:\/\//i.test(text) ? text : null
}
