/**
 * Whether `dist/` is what the sources would make now. Plain JavaScript without dependencies, so that the script behind
 * `npm start` can ask on Node 20 and without `node_modules`.
 *
 * `dist/.stamp` holds the SHA-256 of every build input: its path from the root with forward slashes, a NUL, its bytes,
 * a NUL, in the order of the paths. Contents are hashed, not times, because a checkout sets times anew.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What the build reads. Generated files among them are outputs and are left out. */
const INPUTS = [
  'src',
  'app',
  'icons',
  'flows',
  'scripts/build.ts',
  'scripts/bundle-application.ts',
  'scripts/node-html.ts',
  'scripts/generate-validators.ts',
  'scripts/whole-examples.ts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/**
 * @param {string} root folder that holds package.json
 * @returns {string} hexadecimal SHA-256 of the build's inputs
 */
export function stampOfInputs(root) {
  const hash = createHash('sha256')
  const files = INPUTS.flatMap((input) => filesBelow(root, input)).sort()
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

/**
 * @param {string} root folder that holds package.json
 * @returns {boolean} true where `dist/` was built from exactly these inputs
 */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', '.stamp'), 'utf8').trim() === stampOfInputs(root)
  } catch {
    return false
  }
}

/**
 * @param {string} root
 * @param {string} path from the root, with forward slashes
 * @returns {string[]}
 */
function filesBelow(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false })
  if (!stat || /\.generated\.[^/]+$|\/node_modules$/.test(path)) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(join(root, path)).flatMap((name) => filesBelow(root, `${path}/${name}`))
}
