import { text } from '../environment.ts'
import { Failure } from '../prepare/failure.mjs'
import type { Variables } from './settings.ts'

/** Where a relay sends the stream on to. */
interface Destination {
  name: string
  tls: boolean
  host: string
  port: number
  /** The application's path, as in `live2`. */
  application: string
  /** The stream key. A secret. */
  key: string
}

export interface RelayPlaces {
  /** Folder that nginx may write to. */
  folder: string
  rtmpPort: number
  /** On loopback, for nginx itself. */
  controlPort: number
  /** On loopback, one for each destination with TLS, from this one on. */
  firstTlsPort: number
  /** A bundle of the authorities that destinations with TLS are verified by. */
  authorities: string
}

export const IMAGE_PLACES: RelayPlaces = {
  folder: '/tmp/relay',
  rtmpPort: 1935,
  controlPort: 8080,
  firstTlsPort: 19_350,
  authorities: '/etc/ssl/certs/ca-certificates.crt',
}

/** What may stand in nginx' configuration between quotes: it has no way to write a quote, and `$` names a variable. */
const SAFE = /^[\w.~:/?=&%+,@!*()-]+$/

/**
 * The relay's configuration of nginx: the encoder publishes to `live/RELAY_KEY`, the monitor and nobody with another key
 * reads it there, and it is sent on to all of `RELAY_PUSH`.
 *
 * @throws Failure that names the entry, never its key
 */
export function relayConfiguration(variables: Variables, places: RelayPlaces): string {
  const key = text(variables, 'RELAY_KEY')
  if (key === null || !/^[\w-]{8,128}$/.test(key)) {
    throw new Failure('RELAY_KEY is not set, or is no key.', [
      'Choose 8 to 128 letters, digits, - and _, for example by: openssl rand -hex 16',
      'Give the encoder rtmp://THIS-MACHINE:1935/live as its server, and the key as its stream key.',
    ])
  }
  const destinations = destinationsIn(variables)
  const withTls = destinations.filter(({ tls }) => tls)
  const portOf = (destination: Destination) => places.firstTlsPort + withTls.indexOf(destination)
  const pushes = destinations.map((destination) => {
    const { tls, host, port, application, key: playPath } = destination
    const address = tls ? `127.0.0.1:${portOf(destination)}` : `${host}:${port}`
    const told = `${tls ? 'rtmps' : 'rtmp'}://${host}:${port}/${application}`
    return `      push "rtmp://${address}/${application}" "playpath=${playPath}" "tcUrl=${told}";`
  })
  const tlsServers = withTls.map(
    (destination) => `  server {
    listen 127.0.0.1:${portOf(destination)};
    proxy_pass "${destination.host}:${destination.port}";
    proxy_ssl on;
    proxy_ssl_server_name on;
    proxy_ssl_name "${destination.host}";
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 5;
    proxy_ssl_trusted_certificate "${places.authorities}";
  }`,
  )
  return `# Made by app/stack/relay.ts from RELAY_KEY and RELAY_PUSH.
include /etc/nginx/modules-enabled/*.conf;
worker_processes 1;
daemon off;
pid "${places.folder}/nginx.pid";
error_log stderr warn;
events { worker_connections 1024; }

rtmp {
  # Where it would write without this, the user of the container may not.
  access_log off;
  server {
    listen ${places.rtmpPort};
    chunk_size 4096;
    # An encoder that is gone without a word is let go, so that it can come again.
    timeout 15s;
    application live {
      live on;
      # What the encoder does not send is not held back for long, and a reader begins at a key frame.
      wait_key on;
      notify_method get;
      on_publish "http://127.0.0.1:${places.controlPort}/allowed";
      on_play "http://127.0.0.1:${places.controlPort}/allowed";
      push_reconnect 1s;
${pushes.join('\n')}
    }
  }
}

http {
  access_log off;
  client_body_temp_path "${places.folder}/body";
  proxy_temp_path "${places.folder}/proxy";
  fastcgi_temp_path "${places.folder}/fastcgi";
  uwsgi_temp_path "${places.folder}/uwsgi";
  scgi_temp_path "${places.folder}/scgi";
  server {
    listen 127.0.0.1:${places.controlPort};
    location = /health { return 200 "ok\\n"; }
    location = /allowed {
      if ($arg_name = "${key}") { return 204; }
      return 403;
    }
  }
}
${tlsServers.length === 0 ? '' : `\nstream {\n${tlsServers.join('\n')}\n}\n`}`
}

/** `RELAY_PUSH`, in the form of `RTMP_STREAMS`: `name=url,name=url`. `${NAME}` in it is another variable. */
function destinationsIn(variables: Variables): Destination[] {
  const list = text(variables, 'RELAY_PUSH')
  if (list === null) return []
  return list.split(/,(?=\s*[\w-]+=rtmp)/).map((entry, index) => {
    const [, name = '', template = ''] = /^\s*([\w-]+)=(.*?)\s*$/s.exec(entry) ?? []
    if (name === '')
      throw new Failure(`Entry ${index + 1} of RELAY_PUSH has no name.`, ['Write name=rtmp://host/app/key'])
    return destination(name, expanded(name, template, variables))
  })
}

function expanded(name: string, template: string, variables: Variables): string {
  return template.replace(/\$\{(\w+)\}/g, (_, variable: string) => {
    const value = text(variables, variable)
    if (value === null) throw new Failure(`RELAY_PUSH, ${name}: ${variable} is not set.`, ['Set it in .env.'])
    return value
  })
}

function destination(name: string, address: string): Destination {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'rtmp:' && url.protocol !== 'rtmps:') || url.hostname === '') {
    throw new Failure(`RELAY_PUSH, ${name}: the address must begin with rtmp:// or rtmps://.`, [])
  }
  const path = address.slice(address.indexOf(url.host) + url.host.length + 1)
  const cut = path.lastIndexOf('/')
  const application = path.slice(0, cut)
  const key = path.slice(cut + 1)
  if (cut < 1 || key === '') {
    throw new Failure(`RELAY_PUSH, ${name}: the address must end in /application/key.`, [
      "Put the platform's server address and stream key together, with a / between.",
    ])
  }
  if (![url.hostname, application, key].every((part) => SAFE.test(part))) {
    throw new Failure(`RELAY_PUSH, ${name}: the address holds a character that cannot be used.`, [
      'Allowed are letters, digits and - . _ ~ : / ? = & % + , @ ! * ( ).',
    ])
  }
  const tls = url.protocol === 'rtmps:'
  const port = url.port === '' ? (tls ? 443 : 1935) : Number(url.port)
  return { name, tls, host: url.hostname, port, application, key }
}
