/**
 * The suites of `npm test` in the order in which they run: what is quick and tells most comes first.
 *
 * A suite is either files for Node's test runner or commands that must end with 0. The files start in the order in which
 * they are named, those of a pattern by their paths: what takes longest is named first, or the rest would wait for it at
 * the end. `limit` is the longest that one
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
  'cluster',
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
  'shipping',
  'history',
]

/** Real servers, ffmpeg and Node-RED share two cores; but most of the time these files wait for real time to pass. */
const inThrees = { concurrency: 3, limit: 300 }

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
    files: [
      'test/hls/hls-watch.test.ts',
      'test/network/bandwidth/bandwidth-tests.test.ts',
      'test/rtmp/reader.test.ts',
      'test/connection/http-request.test.ts',
      'test/history/store.test.ts',
      'test/ffmpeg/output-pipe.test.ts',
      ...UNIT.map((folder) => `test/${folder}/**/*.test.ts`),
    ],
    concurrency: 3,
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
  {
    name: 'nodes',
    needs: [...STREAMING, 'ping'],
    files: ['test/nodes/thrown-in.test.ts', 'test/nodes/**/*.test.ts'],
    ...inThrees,
  },
  {
    // With what is worked out anew from the recordings of the laboratory.
    name: 'package',
    needs: [],
    files: ['test/laboratory/**/*.test.ts', 'test/package/**/*.test.ts'],
    ...inThrees,
  },
  {
    name: 'integration',
    needs: [...STREAMING, ...NETWORKS],
    files: [
      'test/integration/other-tracks.test.ts',
      'test/integration/threads.test.ts',
      'test/faults/**/*.test.ts',
      'test/integration/**/*.test.ts',
    ],
    ...inThrees,
    concurrency: 4,
  },
  {
    name: 'flows',
    needs: STREAMING,
    files: [
      'test/flows/redeploy.test.ts',
      'test/flows/inspect.test.ts',
      'test/secrecy/**/*.test.ts',
      'test/flows/**/*.test.ts',
    ],
    ...inThrees,
  },
  {
    name: 'stack',
    needs: [
      ...STREAMING,
      'prometheus',
      'promtool',
      'prometheus-alertmanager',
      'victoria-metrics',
      'amtool',
      'docker-compose',
      'nginx-stream',
      'ping',
    ],
    files: ['test/stack/prometheus.test.ts', 'test/stack/real-stream-alert.test.ts', 'test/stack/**/*.test.ts'],
    ...inThrees,
  },
  {
    name: 'app',
    needs: ['ffmpeg', 'ffprobe', 'ping'],
    files: ['test/app/demo.test.ts', 'test/app/**/*.test.ts'],
    ...inThrees,
  },
  {
    name: 'e2e',
    needs: ['ffmpeg', 'ffprobe', 'chromium', 'fonts', 'ping', 'nginx'],
    files: [
      'test/e2e/pages/dashboard.test.ts',
      'test/e2e/editor/use.test.ts',
      'test/e2e/pages/dashboard-reading.test.ts',
      'test/e2e/**/*.test.ts',
    ],
    ...inThrees,
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
    // Ten minutes of it are without OpenSearch.
    limit: 1800,
    byNameOnly: true,
  },
]
