// Puts what is measured of hosts, services, bandwidth, encoders and platforms into tables.
const known = (value) => typeof value === 'number' && Number.isFinite(value)
const number = (value, unit, digits = 0) => (known(value) ? `${value.toFixed(digits)} ${unit}` : '–')
const ms = (seconds) => (known(seconds) ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : '–')
const megabits = (bytes) => (known(bytes) ? `${((bytes * 8) / 1e6).toFixed(1)} Mb/s` : '–')
const percent = (ratio) => (known(ratio) ? `${(ratio * 100).toFixed(0)} %` : '–')
const words = (text) => (text ? String(text).replaceAll('_', ' ') : '–')

const TABLES = [
  {
    kind: 'encoder',
    title: 'Encoders',
    columns: ['Does', 'Bitrate', 'Cache', 'On the air', 'Video', 'Model'],
    row: (m) => [
      words(m.deviceState),
      m.deviceState === 'idle' ? '–' : megabits(m.bytesPerSecond),
      percent(m.cacheUsedRatio),
      known(m.duration) ? span(m.duration) : '–',
      words(m.videoFormat),
      words(m.device?.model),
    ],
  },
  {
    kind: 'ping',
    title: 'Hosts',
    columns: ['Round trip', 'Jitter', 'Lost', 'Last minute', 'Address'],
    row: (m) => [
      ms(m.roundTrips?.mean),
      ms(m.jitter),
      percent(m.loss),
      m.recent ? `${m.recent.received} of ${m.recent.sent} came back` : '–',
      words(m.address),
    ],
  },
  {
    kind: 'service',
    title: 'Services',
    columns: ['Name', 'Connect', 'TLS', 'Handshake', 'Answer', 'Certificate'],
    row: (m) => [
      ms(m.durations?.dns),
      ms(m.durations?.connect),
      ms(m.durations?.tls),
      ms(m.durations?.handshake),
      m.httpStatus ? `${m.httpStatus} in ${ms(m.durations?.response)}` : ms(m.durations?.response),
      known(m.certificate?.secondsLeft) ? `${Math.floor(m.certificate.secondsLeft / 86400)} days left` : '–',
    ],
  },
  {
    kind: 'bandwidth',
    title: 'Bandwidth',
    columns: ['Direction', 'Measured', 'Needed', 'Tested', ''],
    row: (m) => [
      words(m.direction),
      megabits(m.bytesPerSecond),
      megabits(m.need?.bytesPerSecond),
      known(m.testedAt) ? `${span(now / 1000 - m.testedAt)} ago` : 'not yet',
      m.postponed ? `put off: ${m.postponed}` : '',
    ],
  },
  {
    kind: 'platform',
    title: 'Platform',
    columns: ['Event', 'Live', 'Ingest', 'Watching', 'Next start'],
    row: (m) => [
      words(m.event?.title),
      words(m.liveState),
      words(m.ingestState),
      known(m.viewers) ? String(m.viewers) : '–',
      m.nextStart ? m.nextStart.replace('T', ' ').slice(0, 16) : '–',
    ],
  },
]

function span(seconds) {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 120 ? `${whole} s` : whole < 7200 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}

const { instance, targets } = flow.get('status')
const now = Date.parse(instance.time)
const tables = TABLES.map(({ kind, title, columns, row }) => ({
  title,
  columns,
  rows: targets
    .filter((target) => target.kind === kind)
    .map(({ target, state, measurements, issues, error }) => ({
      id: `${kind}/${target}`,
      name: target,
      state,
      cells: row(measurements ?? {}),
      said: issues.length > 0 ? issues.map(({ summary, remedy }) => ({ summary, remedy: remedy[0] ?? '' })) : [],
      error: state === 'unknown' && error ? error.message : '',
    })),
})).filter(({ rows }) => rows.length > 0)
return { payload: { instance, tables } }
