/** The world of one case: its networks, and everything that runs in them. What a case does to it, it does by this. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ffprobeInstaller from '@ffprobe-installer/ffprobe'
import type { MonitorPlace } from '../src/diagnosis/situation.ts'
import {
  type CertificateAuthority,
  type CertificateRequest,
  type IssuedCertificate,
  makeAuthority,
} from '../test/fixtures/certificate-authority.ts'
import type { OwnedProcess } from '../test/fixtures/process.ts'
import { until } from '../test/fixtures/wait.ts'
import { type LaboratoryCase, placesOf } from './case.ts'
import { order } from './control.ts'
import { encoderArguments, LEAD, playlist, publisherArguments } from './media.ts'
import { NAME_SERVICE, NAMES, Networks, type PlaceName } from './network.ts'
import type { EncoderOptions } from './places/encoder.child.ts'
import type { MonitorOptions } from './places/monitor.child.ts'
import type { NamesOptions } from './places/names.child.ts'
import type { PlatformOptions } from './places/platform.child.ts'
import type { SecureOptions } from './places/secure.child.ts'
import { configuration, type ServerSettings } from './servers.ts'
import { EVENT, targetsOf, WATCHED } from './targets.ts'

const TOKEN = 'the-token-of-the-laboratory'
const MONITORS: Readonly<Record<MonitorPlace, PlaceName>> = {
  venue: 'atVenue',
  server: 'atServer',
  elsewhere: 'elsewhere',
}
/** Bytes of a second of footage: 800 kb/s and 128 kb/s, and what FLV adds. */
const BYTES_PER_SECOND = 118_000
/** Seconds that a program has to start in on a machine that is busy. */
const PATIENCE = 60

type Child = 'encoder' | 'platform' | 'names' | 'secure' | MonitorPlace
type ServerName = 'server' | 'far' | 'platform'

export class World {
  readonly networks: Networks
  readonly folder: string
  readonly places: readonly MonitorPlace[]
  readonly #row: LaboratoryCase
  readonly #timers: NodeJS.Timeout[] = []
  #authority: CertificateAuthority | null = null
  readonly #processes = new Map<string, OwnedProcess>()

  private constructor(row: LaboratoryCase, networks: Networks, folder: string) {
    this.#row = row
    this.networks = networks
    this.folder = folder
    this.places = placesOf(row)
  }

  /** @param raw where the monitors write what they know: `PLACE.jsonl` */
  static async make(row: LaboratoryCase, raw: string): Promise<World> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'laboratory-'))
    const networks = await Networks.make(row.name.slice(0, 40), row.delayed ?? false)
    const world = new World(row, networks, folder)
    try {
      await world.#begin(raw)
      return world
    } catch (error) {
      await world.remove()
      throw error
    }
  }

  async #begin(raw: string): Promise<void> {
    await writeFile(path.join(this.folder, 'resolv.conf'), `nameserver ${NAME_SERVICE}\n`)
    if (this.#row.secure === true) this.#authority = await makeAuthority()
    await Promise.all([
      this.#child('names', 'names', { control: this.#socket('names'), names: NAMES } satisfies NamesOptions),
      this.serve('platform', { tells: true }),
      this.serve('server', { push: `rtmp://${NAMES['api.lab']}/live/main` }),
      this.serve('far', {}),
      this.#row.secure === true && this.#secure(),
    ])
    const common = { control: this.#socket('platform'), token: TOKEN, event: EVENT }
    await Promise.all([
      this.#child('platform', 'platform', { ...common, statistics: 'http://127.0.0.1:81/' } satisfies PlatformOptions),
      this.#encode(),
      this.publishOther('internet', `rtmp://${NAMES['ingest.lab']}/live/second`),
      this.publishOther('far', 'rtmp://127.0.0.1/live/elsewhere'),
      ...this.places.map((place) => this.#watch(place, raw)),
    ])
  }

  /** A server's nginx, or it anew with other settings. */
  async serve(name: ServerName, settings: ServerSettings): Promise<void> {
    const folder = path.join(this.folder, `nginx-${name}`)
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'nginx.conf'), configuration(folder, settings))
    await this.#processes.get(`nginx-${name}`)?.kill()
    const args = ['-c', path.join(folder, 'nginx.conf'), '-p', folder, '-e', path.join(folder, 'error.log')]
    const process = await this.networks.at(name).start('nginx', args)
    this.#processes.set(`nginx-${name}`, process)
    const listens = () => this.networks.at(name).run('ss', '-Hltn', 'sport = :1935')
    await until(async () => (await listens()).stdout !== '' || !process.running, PATIENCE, `${name} listens`)
    if (!process.running) throw new Error(`nginx of ${name} ended: ${process.output()}`)
  }

  async #secure(): Promise<void> {
    const certificate = await this.certificate({ names: ['DNS:ingest.lab'] })
    await this.#child('secure', 'server', { control: this.#socket('secure'), certificate } satisfies SecureOptions)
  }

  /** Of the authority that the monitors of this world trust. */
  certificate(request: CertificateRequest): Promise<IssuedCertificate> {
    if (this.#authority === null) throw new Error('The stream of this case is not read by RTMPS')
    return this.#authority.issue(request)
  }

  async #encode(): Promise<void> {
    const url = 'rtmp://ingest.lab/live/main'
    const { encodes, footage, becomes, output = [] } = this.#row
    const list = await playlist(this.folder, footage ?? {}, becomes)
    const args = encodes === undefined ? publisherArguments(list, url, output) : encoderArguments(encodes, url, output)
    const options: EncoderOptions = {
      ...{ control: this.#socket('encoder'), args, encodes: encodes !== undefined },
      bytesPerSecond: BYTES_PER_SECOND,
    }
    await this.#child('encoder', 'encoder', options)
  }

  /** Another stream, that goes on whatever becomes of the main one. */
  async publishOther(at: PlaceName, url: string): Promise<void> {
    const list = await playlist(this.folder, {})
    this.#processes.set(
      `publisher of ${url}`,
      await this.networks.at(at).start('ffmpeg', publisherArguments(list, url)),
    )
  }

  /** The other stream of the server ends. */
  async endOther(): Promise<void> {
    await this.#processes.get('publisher at internet')?.kill()
  }

  async #watch(place: MonitorPlace, raw: string): Promise<void> {
    const options: MonitorOptions = {
      ...{ control: this.#socket(place), file: path.join(raw, `${place}.jsonl`), token: TOKEN },
      ffprobe: ffprobeInstaller.path,
      variants: WATCHED.map((variant) => ({ variant, targets: targetsOf(place, variant, this.#row) })),
    }
    await this.#child(place, MONITORS[place], options, {
      ...(this.#authority && { NODE_EXTRA_CA_CERTS: this.#authority.file }),
      ...this.#row.environment,
    })
  }

  async #child(name: Child, at: PlaceName, options: object, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const program = name in MONITORS ? 'monitor' : name
    const file = fileURLToPath(new URL(`places/${program}.child.ts`, import.meta.url))
    const script = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
    const command = ['sh', path.join(this.folder, 'resolv.conf'), process.execPath, file, JSON.stringify(options)]
    let ready = false
    const child = await this.networks.at(at).start('sh', ['-c', script, ...command], {
      onOutput: (text) => {
        ready ||= text.includes('ready')
      },
      env: { NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'laboratory-compiled'), ...env },
    })
    this.#processes.set(name, child)
    await until(() => ready || !child.running, PATIENCE, `${name} is ready`)
    if (!child.running) throw new Error(`${name} ended: ${child.output()}`)
  }

  #socket(name: Child): string {
    return path.join(this.folder, `${name}.sock`)
  }

  /** Tells one of the programs what to do. */
  order(name: Child, what: string, argument = ''): Promise<unknown> {
    return order(this.#socket(name), what, argument)
  }

  process(name: Child | `nginx-${ServerName}`): OwnedProcess {
    const found = this.#processes.get(name)
    if (found === undefined) throw new Error(`Nothing is called ${name}`)
    return found
  }

  monitorAt(place: MonitorPlace): PlaceName {
    return MONITORS[place]
  }

  /** Resolves when the media of the case begins to be wrong. */
  async untilThen(): Promise<void> {
    await until(async () => Number(await this.order('encoder', 'sent')) >= LEAD, 90, 'the footage comes to its fault')
  }

  /** Everything that runs at a place stands still, or goes on. */
  async signalAt(place: PlaceName, signal: NodeJS.Signals): Promise<void> {
    const { stdout } = await this.networks.at(place).run('ip', 'netns', 'pids', this.networks.at(place).name)
    for (const pid of stdout.split('\n').filter(Boolean).map(Number)) {
      // The program that asks is among them, and gone by now.
      try {
        process.kill(pid, signal)
      } catch {}
    }
  }

  /** Now, and again and again until the world ends; what fails because it ends, fails unheard. */
  again(milliseconds: number, act: () => unknown): void {
    const turn = async () => {
      await act()
    }
    const go = () => void turn().catch(() => {})
    this.#timers.push(setInterval(go, milliseconds))
    go()
  }

  async remove(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.networks.remove()
    await this.#authority?.remove()
    await rm(this.folder, { recursive: true, force: true })
  }
}
