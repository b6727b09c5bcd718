export interface Balanced {
  /** Absolute; for what nginx keeps while it runs. */
  readonly folder: string
  readonly host: string
  readonly port: number
  /** Ports of the monitors on this computer. */
  readonly monitors: readonly number[]
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/**
 * nginx for several monitors, with sticky sessions: what a browser asks goes to the monitor that its cookie leads to,
 * and to another one where that is down. `docs/scale.md` says what needs it.
 */
export function balancerConfiguration({ folder, host, port, monitors }: Balanced): string {
  return `
daemon off;
master_process off;
pid ${quoted(`${folder}/nginx.pid`)};
error_log stderr error;
events {}
http {
  access_log off;
  ${TEMPORARY.map((name) => `${name}_temp_path ${quoted(`${folder}/${name}`)};`).join('\n  ')}
  client_max_body_size 0;
  map $cookie_hmonitor_route $route { default $cookie_hmonitor_route; "" $request_id; }
  map $http_upgrade $connection_header { default upgrade; "" ""; }
  upstream monitors {
    hash $route consistent;
    ${monitors.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=5s;`).join('\n    ')}
  }
  server {
    listen ${host.includes(':') ? `[${host}]` : host}:${port};
    location / {
      proxy_pass http://monitors;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_header;
      proxy_connect_timeout 2s;
      proxy_read_timeout 120s;
      proxy_buffering off;
      add_header Set-Cookie "hmonitor_route=$route; Path=/; HttpOnly; SameSite=Lax";
    }
  }
}
`
}

const quoted = (path: string) => `"${path.replace(/["\\]/g, '\\$&')}"`
