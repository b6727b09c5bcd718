/**
 * The suites of `npm test` in the order in which they run: what is quick and tells most comes first.
 *
 * A suite is either files for Node's test runner or commands that must end with 0. `limit` is the longest that one
 * file or command may take, in seconds; `needs` names programs of `system-programs.mjs`. `byNameOnly`: `npm test` alone
 * leaves it out.
 *
 * @typedef {{name: string, needs: string[], limit: number, byNameOnly?: true} &
 *   ({files: string[], concurrency: number} | {commands: {title: string, script: string, args: string[]}[]})} Suite
 */

const UNIT = [
  'observation',
  'connection',
  'secrets',
  'storage',
  'rtmp',
  'hls',
  'ffmpeg',
  'readers',
  'stream',
  'threads',
  'health',
  'diagnosis',
  'baselines',
  'objectives',
  'monitor',
  'inspection',
  'pictures',
  'report',
  'metrics',
  'targets',
  'node-red',
  'cli',
  'polling',
  'programs',
  'encoder',
  'network',
  'platform',
  'alerts',
  'incidents',
  'elk',
  'logs',
  'history',
]

/** Real servers, ffmpeg and Node-RED share two cores; but most of the time these files wait for real time to pass. */
const inPairs = { concurrency: 2, limit: 300 }

const STREAMING = ['ffmpeg', 'ffprobe', 'nginx', 'nginx-rtmp']

/** What the tests need that make networks of their own: `test/fixtures/network-namespace.ts`. */
const NETWORKS = ['ip', 'tc', 'nft', 'perl', 'ping', 'iperf3', 'openssl', 'prometheus-blackbox-exporter']

/** What the faults of `test/faults` are made with. */
export const FAULTS_NEED = [...STREAMING, 'ip', 'tc', 'nft', 'ping']

/** @type {Suite[]} */
export const SUITES = [
  {
    name: 'unit',
    needs: ['ffprobe', 'promtool', 'ping'],
    files: UNIT.map((folder) => `test/${folder}/**/*.test.ts`),
    concurrency: 2,
    limit: 60,
  },
  {
    name: 'check',
    needs: [],
    limit: 120,
    commands: [
      { title: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
      { title: 'types of the editor', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.editor.json'] },
      { title: 'lint and format', script: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '.'] },
    ],
  },
  { name: 'nodes', needs: [...STREAMING, 'ping'], files: ['test/nodes/**/*.test.ts'], ...inPairs },
  { name: 'package', needs: [], files: ['test/package/**/*.test.ts'], ...inPairs },
  {
    // The faults are one long file: alone, it would leave the other places empty.
    name: 'integration',
    needs: [...STREAMING, ...NETWORKS],
    files: ['test/faults/**/*.test.ts', 'test/integration/**/*.test.ts'],
    ...inPairs,
    concurrency: 4,
  },
  {
    name: 'flows',
    needs: STREAMING,
    files: ['test/flows/**/*.test.ts', 'test/secrecy/**/*.test.ts'],
    ...inPairs,
  },
  {
    name: 'stack',
    needs: [
      ...STREAMING,
      'prometheus',
      'promtool',
      'prometheus-alertmanager',
      'amtool',
      'docker-compose',
      'nginx-stream',
      'ping',
    ],
    files: ['test/stack/**/*.test.ts'],
    ...inPairs,
  },
  { name: 'app', needs: ['ffmpeg', 'ffprobe', 'ping'], files: ['test/app/**/*.test.ts'], ...inPairs },
  {
    // The editor's file takes longest, so it must start first: Node's runner takes files by their paths.
    name: 'e2e',
    needs: ['ffmpeg', 'ffprobe', 'chromium', 'fonts', 'ping'],
    files: ['test/e2e/**/*.test.ts'],
    ...inPairs,
  },
  // By `npm run test:docker`, which makes an engine and the images ready.
  {
    name: 'docker',
    needs: ['docker', 'docker-compose', 'ffmpeg', 'nginx', 'nginx-rtmp'],
    files: ['test/docker/**/*.test.ts'],
    concurrency: 1,
    limit: 600,
    byNameOnly: true,
  },
  // By `npm run test:elk`, which gets an OpenSearch.
  {
    name: 'elk',
    needs: ['javac', 'mvn'],
    files: ['test/opensearch/**/*.test.ts'],
    concurrency: 1,
    limit: 900,
    byNameOnly: true,
  },
]
