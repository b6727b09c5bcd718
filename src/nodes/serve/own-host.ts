import { hostname } from 'node:os'
import type { Environment } from '../../secrets/variables.ts'

/**
 * The last labels of names that no public DNS answers for: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa),
 * and what ICANN has reserved for networks of one's own (internal).
 */
const NEVER_PUBLIC = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/

/**
 * Whether a request asks for a name by which this monitor may be called. A page of anybody can have a name of its own
 * lead to an address of this machine, and then reads what is answered as its own (DNS rebinding); the name in `Host`
 * tells it. An address, or a name that no public DNS answers for, no such page can have.
 *
 * @param host the header; empty where a request has none, which no browser sends
 * @param environment ALLOWED_HOSTS has more names, with commas or blanks between them; so have the addresses of the dashboard
 */
export function knowsHost(host: string, environment: Environment): boolean {
  if (host === '') return true
  const name = /[\s/?#@\\]/.test(host) ? null : nameIn(host)
  if (name === null) return false
  if (isAddress(name) || !name.includes('.') || NEVER_PUBLIC.test(name)) return true
  const { ALLOWED_HOSTS = '', DASHBOARD_URL = '', HMONITOR_URL = '' } = environment
  const known = [hostname(), DASHBOARD_URL, HMONITOR_URL, ...ALLOWED_HOSTS.split(/[\s,]+/)]
  return known.some((own) => nameIn(own.trim()) === name)
}

/** The name in an authority or an address of the web, as browsers write it; null where there is none. */
function nameIn(text: string): string | null {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`)
  const name = url?.hostname.replace(/\.$/, '') ?? ''
  return name === '' ? null : name
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(name)
}
