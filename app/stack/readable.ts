import { existsSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Failure } from '../prepare/failure.mjs'

/** What containers read of the user's folder itself, and as whom: it is mounted as it is. */
const READ = [
  { user: 1000, by: 'the monitor', files: ['.', 'targets.json'], folders: [] },
  { user: 472, by: 'Grafana', files: [], folders: ['deploy/grafana/provisioning', 'deploy/grafana/dashboards'] },
] as const

/**
 * Refuses a folder of which a container could not read its part, as after a clone with the umask 077: it would go
 * without it and say nothing, the monitor with the demo in the place of what is to be watched.
 *
 * @param project folder with the user's `.env`
 * @throws Failure that names what cannot be read, and by whom
 */
export function refuseUnreadable(project: string): void {
  for (const { user, by, files, folders } of READ) {
    const paths = [
      // Of a folder with nothing to watch in it nobody needs anything.
      ...(existsSync(join(project, 'targets.json')) ? files.map((path) => join(project, path)) : []),
      ...folders.flatMap((path) => [join(project, path), ...everythingIn(join(project, path))]),
    ]
    const hidden = paths.find((path) => isHiddenFrom(user, path))
    if (hidden === undefined) continue
    const name = relative(project, hidden) || '.'
    throw new Failure(`${name === '.' ? 'This folder' : name} cannot be read by ${by}, which runs as user ${user}.`, [
      `Let others read it, in this folder: chmod a+rX ${name === '.' ? '.' : `. ${name}`}`,
      'Secrets stay in .env, which its owner alone may read.',
    ])
  }
}

function everythingIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))
}

/** What is not there is not hidden. */
function isHiddenFrom(user: number, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && !mayUse(stats, user, stats.isDirectory() ? 5 : 4)
}

/** @param needed bits of read (4), write (2), execute (1) */
function mayUse({ mode, uid, gid }: Stats, user: number, needed: number): boolean {
  const shift = uid === user ? 6 : gid === user ? 3 : 0
  return ((mode >> shift) & needed) === needed
}
