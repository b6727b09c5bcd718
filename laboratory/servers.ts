/** What nginx is told: the server that the encoder sends to, another one, and the ingest of the platform. */

export const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so'
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

export interface ServerSettings {
  /** Publishers and players together; above it connections are closed. */
  maxConnections?: number
  /** Lines of the application `live`. */
  application?: string
  /** The name of the application. */
  name?: string
  /** Where it passes everything on to. */
  push?: string
  /** Whether it tells by HTTP what it receives, on port 81. */
  tells?: boolean
}

export function configuration(folder: string, settings: ServerSettings): string {
  const { maxConnections, application = '', name = 'live', push, tells = false } = settings
  return `load_module ${MODULE};
daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr warn;
events { worker_connections 256; }
rtmp {
  access_log off; ${maxConnections === undefined ? '' : `max_connections ${maxConnections};`}
  server {
    listen 1935; chunk_size 4096; ping 30s;
    application ${name} { live on; ${push === undefined ? '' : `push ${push}; push_reconnect 1s;`} ${application} }
  }
}
http {
  access_log off;
  ${TEMPORARY.map((one) => `${one}_temp_path ${folder}/${one};`).join(' ')}
  ${tells ? 'server { listen 127.0.0.1:81; location / { rtmp_stat all; } }' : ''}
}
`
}
