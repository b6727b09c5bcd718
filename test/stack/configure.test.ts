import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parse } from 'yaml'
import { refuseUnreadable } from '../../app/stack/readable.ts'
import { INCIDENT, INCIDENT_MEMBER, ISSUE_ALERTS } from '../../scripts/alert-table.ts'
import { ALERTMANAGER, text as inhibited } from '../../scripts/generate-inhibit-rules.ts'
import { root } from '../runtime.ts'
import { promtool } from './rule-cases.ts'
import { amtool, configureStack, type StackFolder } from './stack-folder.ts'

const SECRETS = {
  SMTP_PASSWORD: 'pass-word-1',
  SLACK_WEBHOOK_URL: 'https://hooks.example/secret-2',
  METRICS_TOKEN: 'token-3',
}
const ALL = {
  SITE: 'main-hall',
  SMTP_HOST: 'mail.example',
  SMTP_TO: 'crew@example.org',
  SMTP_USER: 'crew',
  GRAFANA_URL: 'https://grafana.example/',
  ...SECRETS,
}

/** The messengers that Alertmanager knows itself. */
const MESSENGERS = {
  TELEGRAM_BOT_TOKEN: '123456:of-the-bot',
  TELEGRAM_CHAT_ID: '-1001234',
  PUSHOVER_TOKEN: 'a'.repeat(30),
  PUSHOVER_USER: 'u'.repeat(30),
  DISCORD_WEBHOOK_URL: 'https://discord.example/hook-of-discord',
  TEAMS_WEBHOOK_URL: 'https://teams.example/hook-of-teams',
  NTFY_URL: 'https://ntfy.example/topic-of-ntfy',
  NTFY_TOKEN: 'tk_of-ntfy',
}

const folders: StackFolder[] = []
function configured(env: Record<string, string>): StackFolder {
  const folder = configureStack(env)
  folders.push(folder)
  return folder
}
after(() => {
  for (const folder of folders) folder.remove()
})

const read = ({ out }: StackFolder, path: string) => readFileSync(join(out, path), 'utf8')

interface Alertmanager {
  route: { routes: { receiver: string; matchers?: string[] }[] }
  receivers: Record<string, unknown>[]
  inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[]
}
const alertmanagerOf = (folder: StackFolder) => parse(read(folder, 'alertmanager/alertmanager.yml')) as Alertmanager

describe('what the stack is configured with', () => {
  const nothing = configured({})
  const everything = configured(ALL)
  const direct = configured({ ALERT_SOURCE: 'direct' })
  const pair = configured({
    ...ALL,
    ...{ ALERTMANAGER_PEER: '192.0.2.12:9093', ALERTMANAGER_NOTIFY_URL: 'http://192.0.2.11:1880/' },
  })

  const spread = configured({
    ...ALL,
    ...{ MONITOR_NAME: 'Hall', SHARD_MONITORS: 'monitor:1880, 192.0.2.12:1880', PROMETHEUS_REPLICA: 'a' },
    REMOTE_WRITE_URL: 'http://192.0.2.20:8428/api/v1/write',
  })

  it('is what promtool and amtool take, with nothing set, with everything, and in the mode direct', async () => {
    for (const { out } of [nothing, everything, direct, pair, spread]) {
      assert.equal(await promtool('check', 'config', '--lint-fatal', join(out, 'prometheus/prometheus.yml')), '')
      const { code, output } = await amtool('check-config', join(out, 'alertmanager/alertmanager.yml'))
      assert.equal(code, 0, output)
    }
  })

  it('has only the receivers that are set up', () => {
    const integrations = (folder: StackFolder) =>
      Object.fromEntries(alertmanagerOf(folder).receivers.map(({ name, ...rest }) => [name, Object.keys(rest)]))
    const webhook = { 'node-red': ['webhook_configs'], watchdog: ['webhook_configs'], nobody: [] }
    const people = (...kinds: string[]) => ({ people: kinds, 'people-directly': kinds, ...webhook })
    assert.deepEqual(integrations(nothing), people())
    assert.deepEqual(integrations(everything), people('email_configs', 'slack_configs'))
    assert.deepEqual(
      integrations(configured({ SLACK_WEBHOOK_URL: 'https://hooks.example/x' })),
      people('slack_configs'),
    )
    assert.deepEqual(integrations(pair), {
      people: ['webhook_configs'],
      'people-directly': ['email_configs', 'slack_configs'],
      ...webhook,
    })
  })

  it('tells by messengers with the secrets beside it, as the Alertmanager takes it that Compose pins', async () => {
    const folder = configured(MESSENGERS)
    const people = alertmanagerOf(folder).receivers.find(({ name }) => name === 'people') ?? {}
    const integrations = ['telegram', 'pushover', 'discord', 'msteamsv2', 'webhook'].map((name) => `${name}_configs`)
    assert.deepEqual(Object.keys(people), ['name', ...integrations])
    const [{ chat_id, bot_token_file }] = people.telegram_configs as [{ chat_id: number; bot_token_file: string }]
    assert.equal(chat_id, -1001234)
    assert.match(bot_token_file, /^\/.*\/secrets\/telegram_token$/)
    const written = read(folder, 'alertmanager/alertmanager.yml')
    for (const secret of ['of-the-bot', 'aaaa', 'uuuu', 'of-discord', 'of-teams', 'of-ntfy']) {
      assert.ok(!written.includes(secret), secret)
    }
    assert.equal(
      read(folder, 'alertmanager/secrets/ntfy_url'),
      'https://ntfy.example/topic-of-ntfy?template=alertmanager',
    )
    assert.ok(folder.said.some((line) => line.endsWith('by Discord and by Microsoft Teams and by ntfy.')))
    // Before 0.28 Alertmanager does not know Teams' workflows, and some distributions have an older one.
    const { output: version } = await amtool('--version')
    const isOld = /version 0\.(1\d|2[0-7])\./.test(version)
    const { code, output } = await amtool('check-config', join(folder.out, 'alertmanager/alertmanager.yml'))
    assert.equal(code === 0, !isOld, output)
  })

  it('has both Alertmanagers of a pair told by Prometheus, and people by one monitor', () => {
    const { alerting, scrape_configs } = parse(read(pair, 'prometheus/prometheus.yml'))
    const both = ['alertmanager:9093', '192.0.2.12:9093']
    assert.deepEqual(alerting.alertmanagers[0].static_configs[0].targets, both)
    const scraped = scrape_configs.find(({ job_name }: { job_name: string }) => job_name === 'alertmanager')
    assert.deepEqual(scraped.static_configs[0].targets, both)
    const people = alertmanagerOf(pair).receivers.find(({ name }) => name === 'people')
    assert.match(JSON.stringify(people), /"url":"http:\/\/192\.0\.2\.11:1880\/api\/v1\/alerts"/)
    assert.throws(() => configured({ ALERTMANAGER_PEER: 'http://x:9093' }), /must be a host and a port/)
  })

  it('has all monitors that share the targets scraped, each by its own name, and says which of two Prometheus it is', () => {
    const { global, alerting, scrape_configs, remote_write } = parse(read(spread, 'prometheus/prometheus.yml'))
    assert.deepEqual(global.external_labels, {
      ...{ monitor: 'Hall', cluster: 'Hall', site: 'main-hall', prometheus_replica: 'a' },
    })
    assert.deepEqual(alerting.alert_relabel_configs, [{ regex: 'prometheus_replica', action: 'labeldrop' }])
    const scraped = scrape_configs.find(({ job_name }: { job_name: string }) => job_name === 'hmonitor')
    assert.deepEqual(scraped.static_configs, [
      { targets: ['monitor:1880'], labels: { monitor: 'Hall-0', site: 'main-hall' } },
      { targets: ['192.0.2.12:1880'], labels: { monitor: 'Hall-1', site: 'main-hall' } },
    ])
    assert.equal(remote_write[0].url, 'http://192.0.2.20:8428/api/v1/write')
    assert.throws(() => configured({ SHARD_MONITORS: 'monitor' }), /must be a host and a port/)
  })

  it('has secrets in files of their own, which only their reader may read, and nowhere else', () => {
    const { out } = everything
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    assert.ok(files.length > 8)
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name)
      assert.equal(statSync(path).mode & 0o777, 0o400, path)
      if (/secrets|metrics_token|\.env$/.test(path)) continue
      for (const secret of Object.values(SECRETS)) assert.ok(!readFileSync(path, 'utf8').includes(secret), path)
    }
    assert.equal(read(everything, 'alertmanager/secrets/smtp_password'), SECRETS.SMTP_PASSWORD)
    assert.ok(!everything.said.join('\n').includes(SECRETS.SMTP_PASSWORD))
  })

  it('shares one token for the metrics and one for the webhook, and makes what .env does not have', () => {
    assert.equal(read(everything, 'prometheus/secrets/metrics_token'), SECRETS.METRICS_TOKEN)
    for (const folder of [nothing, everything]) {
      const metrics = read(folder, 'monitor/metrics_token').trim()
      const webhook = read(folder, 'monitor/alert_webhook_token').trim()
      assert.equal(read(folder, 'prometheus/secrets/metrics_token'), metrics)
      assert.equal(read(folder, 'alertmanager/secrets/alert_webhook_token'), webhook)
      assert.ok(webhook.length >= 32 && webhook !== metrics)
    }
  })

  it('loads the rules of issues and incidents where Prometheus finds them, and the others always', () => {
    const rules = (folder: StackFolder) =>
      (parse(read(folder, 'prometheus/prometheus.yml')) as { rule_files: string[] }).rule_files
    const always = ['rules/monitor.rules.yml', 'rules/recording.rules.yml']
    assert.deepEqual(rules(nothing), ['rules/issues.rules.yml', 'rules/incidents.rules.yml', ...always])
    assert.deepEqual(rules(direct), always)
  })

  it('names the monitor and the site on every series, and no site where there is none', () => {
    interface Prometheus {
      global: { external_labels: object }
      scrape_configs: {
        static_configs?: { labels: object }[]
        relabel_configs?: { target_label: string; replacement: string }[]
      }[]
    }
    for (const [folder, labels] of [
      [nothing, { monitor: 'RTMP HMonitor' }],
      [everything, { monitor: 'RTMP HMonitor', site: 'main-hall' }],
    ] as const) {
      const { global, scrape_configs } = parse(read(folder, 'prometheus/prometheus.yml')) as Prometheus
      assert.deepEqual(global.external_labels, { ...labels, cluster: labels.monitor })
      assert.equal(scrape_configs.length, 4)
      for (const { static_configs, relabel_configs = [] } of scrape_configs) {
        const { instance: _, ...relabelled } = Object.fromEntries(
          relabel_configs.map(({ target_label, replacement }) => [target_label, replacement]),
        )
        assert.deepEqual(static_configs?.[0]?.labels ?? relabelled, labels)
      }
    }
  })

  it('calls the monitor as its flow does, so that alerts of either producer have the same labels', () => {
    const flow = JSON.parse(readFileSync(join(root, 'flows/rtmp-hmonitor.json'), 'utf8')) as {
      type: string
      name: string
    }[]
    const { name } = flow.find(({ type }) => type === 'hmonitor-monitor') ?? {}
    assert.match(read(nothing, 'prometheus/prometheus.yml'), new RegExp(`monitor: ${name}\\n`))
  })

  it("leads from the alerts to this stack's Grafana", () => {
    assert.match(read(everything, 'prometheus/rules/issues.rules.yml'), /https:\/\/grafana\.example\/d\/hmonitor-/)
    assert.doesNotMatch(read(everything, 'prometheus/rules/issues.rules.yml'), /127\.0\.0\.1:3000/)
  })

  it('shows the password of Grafana once, where it made it', () => {
    const shown = (folder: StackFolder) => folder.said.filter((line) => line.includes('Grafana')).length
    assert.equal(shown(nothing), 1)
    assert.equal(shown(configured({ GRAFANA_ADMIN_PASSWORD: 'mine' })), 0)
  })
})

describe('what cannot work in .env', () => {
  for (const [why, env, message] of [
    ['a mail server without anybody to write to', { SMTP_HOST: 'mail.example' }, /SMTP_HOST is set and SMTP_TO is not/],
    ['somebody to write to without a mail server', { SMTP_TO: 'a@example.org' }, /SMTP_TO is set and SMTP_HOST/],
    ['a login without a password', { SMTP_HOST: 'm', SMTP_TO: 'a@b', SMTP_USER: 'u' }, /^SMTP_USER is set/],
    ['a port that is none', { SMTP_HOST: 'm', SMTP_TO: 'a@b', SMTP_PORT: '70000' }, /SMTP_PORT\) must be 1 to 65535/],
    [
      'TLS on a port where Alertmanager cannot',
      { SMTP_HOST: 'm', SMTP_TO: 'a@b', SMTP_SECURITY: 'tls', SMTP_PORT: '2465' },
      /Alertmanager can TLS only on port 465/,
    ],
    [
      'an unknown source',
      { ALERT_SOURCE: 'grafana' },
      /^ALERT_SOURCE is "grafana" and must be one of: prometheus, direct/,
    ],
    ['a bot without a chat', { TELEGRAM_BOT_TOKEN: '1:secret' }, /TELEGRAM_CHAT_ID is not/],
    ['a chat by name', { TELEGRAM_BOT_TOKEN: '1:secret', TELEGRAM_CHAT_ID: '@crew' }, /^TELEGRAM_CHAT_ID is a name/],
    ['a Slack address that is none', { SLACK_WEBHOOK_URL: 'hooks.example/secret' }, /^SLACK_WEBHOOK_URL is no address/],
    [
      'a file that is not there',
      { SMTP_PASSWORD_FILE: 'nowhere', SMTP_HOST: 'm', SMTP_TO: 'a@b' },
      /^SMTP_PASSWORD_FILE: nowhere cannot be read \(ENOENT\)/,
    ],
  ] as const) {
    it(`is refused, naming the variable and no secret: ${why}`, () => {
      assert.throws(
        () => configured({ ...env }),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      )
    })
  }
})

describe('the routes of Alertmanager', () => {
  const folder = configured(ALL)
  const file = join(folder.out, 'alertmanager/alertmanager.yml')
  const route = async (receivers: string, labels: Record<string, string>) => {
    const matchers = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
    const { code, output } = await amtool(
      ...['config', 'routes', 'test', `--config.file=${file}`, `--verify.receivers=${receivers}`, ...matchers],
    )
    assert.equal(code, 0, `${JSON.stringify(labels)}: ${output}`)
  }

  it('lead every alert of every severity to Node-RED and to people', async () => {
    const place = { target: 'main', monitor: 'm', site: 's' }
    const seen = new Set(ISSUE_ALERTS.map(({ severity, kind }) => `${severity} ${kind}`))
    for (const pair of seen) {
      const [severity = '', kind = ''] = pair.split(' ')
      await route('node-red,people', { alertname: 'HmonitorX', severity, kind, ...place })
    }
    for (const kind of ['monitor', 'prometheus', 'alertmanager']) {
      await route('node-red,people-directly', { alertname: 'HmonitorX', severity: 'critical', kind, ...place })
      await route('node-red,people', { alertname: 'HmonitorX', severity: 'warning', kind, ...place })
    }
  })

  it('tell of the monitor apart from what it mutes, which would be told twice in one group', () => {
    const { route } = alertmanagerOf(folder)
    const critical = route.routes.filter(({ matchers }) => matchers?.includes('severity="critical"'))
    assert.deepEqual(
      critical.map(({ matchers }) => matchers?.length),
      [2, 1],
    )
    assert.ok(critical[0]?.matchers?.includes('kind=~"monitor|prometheus|alertmanager"'))
  })

  it('lead the watchdog to Node-RED alone', () =>
    route('watchdog', { alertname: 'Watchdog', severity: 'none', kind: 'prometheus', target: 'prometheus' }))

  it('lead an incident to people, and what keeps its members silent to nobody', async () => {
    const place = { monitor: 'm', site: 's' }
    for (const severity of ['critical', 'warning'])
      await route('people', { alertname: INCIDENT, severity, kind: 'incident', target: 'a1', incident: 'a1', ...place })
    await route('nobody', { alertname: INCIDENT_MEMBER, severity: 'none', kind: 'stream', target: 'main', ...place })
  })

  it('inhibit only on labels that both sides always have, or both lack', () => {
    // `site` is missing on both or on neither, because both come from the same scrape or the same monitor.
    const { inhibit_rules } = alertmanagerOf(folder)
    assert.ok(inhibit_rules.length > 3)
    for (const { equal } of inhibit_rules) {
      assert.ok(equal.includes('monitor') && equal.includes('site'), 'two sites must not mute each other')
      for (const label of equal) assert.ok(['kind', 'target', 'monitor', 'site'].includes(label), label)
    }
  })

  it('inhibit what says less of the same fact as another alert, by the tables: else npm run generate', () => {
    const file = readFileSync(ALERTMANAGER, 'utf8')
    assert.equal(file, inhibited(file))
    const { inhibit_rules } = alertmanagerOf(folder)
    for (const { alertname, kind, check } of ISSUE_ALERTS) {
      for (const lesser of ISSUE_ALERTS.filter(({ kind: other }) => other === kind)) {
        if (!check.supersedes?.includes(lesser.check.type)) continue
        const isMuted = inhibit_rules.some(
          ({ source_matchers: from, target_matchers: of }) =>
            from[0] === `alertname="${alertname}"` &&
            of.some((matcher) => matcher.split(/["|]/).includes(lesser.alertname) || matcher.startsWith('alertname!=')),
        )
        assert.ok(isMuted, `${alertname} mutes ${lesser.alertname}`)
      }
    }
  })

  it('have messages that amtool can render; with alerts they are seen in alerting.test.ts', async () => {
    const template = join(root, 'deploy/alertmanager/templates/hmonitor.tmpl')
    for (const text of ['{{ template "hmonitor.title" . }}', '{{ template "hmonitor.text" . }}']) {
      const { code, output } = await amtool(
        'template',
        'render',
        `--template.glob=${template}`,
        `--template.text=${text}`,
      )
      assert.equal(code, 0, output)
    }
  })
})

describe("what containers read of the user's folder itself", () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-readable-'))
  const dashboards = join(folder, 'deploy/grafana/dashboards')
  const [targets, dashboard] = [join(folder, 'targets.json'), join(dashboards, 'one.json')]
  mkdirSync(dashboards, { recursive: true })
  writeFileSync(dashboard, '{}')
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('may be anything while there is nothing to read', () => {
    chmodSync(folder, 0o700)
    refuseUnreadable(folder)
  })

  it('is refused where its container could not read it, with what to do', () => {
    writeFileSync(targets, '{}')
    chmodSync(targets, 0o644)
    assert.throws(
      () => refuseUnreadable(folder),
      /This folder cannot be read by the monitor.*user 1000.*chmod a\+rX \./s,
    )
    chmodSync(folder, 0o755)
    refuseUnreadable(folder)
    chmodSync(targets, 0o600)
    assert.throws(() => refuseUnreadable(folder), /targets\.json cannot be read by the monitor/)
    chmodSync(targets, 0o644)
    chmodSync(dashboard, 0o600)
    assert.throws(() => refuseUnreadable(folder), /deploy\/grafana\/dashboards\/one\.json cannot be read by Grafana/)
    chmodSync(dashboard, 0o644)
    refuseUnreadable(folder)
  })
})
