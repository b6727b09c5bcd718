// Puts what is measured of hosts, services, bandwidth, encoders and platforms into tables.
/*include look.js*/
/*include kinds.js*/
const known = (value) => typeof value === 'number' && Number.isFinite(value)
const ms = (seconds) => {
  if (!known(seconds)) return '–'
  return seconds > 0 && seconds < 1e-4 ? 'under 0.1 ms' : `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`
}
const megabits = (bytes) => (known(bytes) ? `${((bytes * 8) / 1e6).toFixed(1)} Mb/s` : '–')
const percent = (ratio) => (known(ratio) ? `${(ratio * 100).toFixed(0)} %` : '–')
// Of codes such as `streaming_preview`. A name is shown as it is.
const words = (code) => (code ? String(code).replaceAll('_', ' ') : '–')
const text = (name) => (name ? String(name) : '–')
const count = (value, one, many) => `${value} ${value === 1 ? one : many}`

const TABLES = [
  {
    kind: 'encoder',
    columns: ['Status', 'Bitrate', 'Cache', 'On air', 'Video', 'Model'],
    row: (m) => [
      words(m.deviceState),
      m.deviceState === 'idle' ? '–' : megabits(m.bytesPerSecond),
      percent(m.cacheUsedRatio),
      known(m.duration) ? span(m.duration) : '–',
      words(m.videoFormat),
      text(m.device?.model),
    ],
  },
  {
    kind: 'ping',
    columns: ['Round trip', 'Jitter', 'Lost', 'Last minute', 'Address'],
    row: (m) => [
      ms(m.roundTrips?.mean),
      ms(m.jitter),
      percent(m.loss),
      m.recent ? `${m.recent.received} of ${m.recent.sent} received` : '–',
      text(m.address),
    ],
  },
  {
    kind: 'service',
    columns: ['DNS', 'Connect', 'TLS', 'Handshake', 'Answer', 'Certificate'],
    row: (m) => [
      ms(m.durations?.dns),
      ms(m.durations?.connect),
      ms(m.durations?.tls),
      ms(m.durations?.handshake),
      m.httpStatus ? `${m.httpStatus} in ${ms(m.durations?.response)}` : ms(m.durations?.response),
      known(m.certificate?.secondsLeft) ? certificateLeft(m.certificate.secondsLeft) : '–',
    ],
  },
  {
    kind: 'bandwidth',
    columns: ['Direction', 'Measured', 'Needed', 'Tested', ''],
    row: (m) => [
      words(m.direction),
      megabits(m.bytesPerSecond),
      megabits(m.need?.bytesPerSecond),
      known(m.testedAt) ? `${span(now / 1000 - m.testedAt)} ago` : 'not yet',
      m.postponed ? `postponed: ${m.postponed}` : '',
    ],
  },
  {
    kind: 'platform',
    columns: ['Event', 'Live', 'Ingest', 'Watching', 'Next start'],
    row: (m) => [
      text(m.event?.title),
      words(m.liveState),
      words(m.ingestState),
      known(m.viewers) ? String(m.viewers) : '–',
      Number.isNaN(Date.parse(m.nextStart)) ? '–' : { time: Date.parse(m.nextStart) },
    ],
  },
]

function span(seconds) {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 120 ? `${whole} s` : whole < 7200 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}

function certificateLeft(seconds) {
  return seconds < 0 ? 'expired' : `${count(Math.floor(seconds / 86400), 'day', 'days')} left`
}

const { instance, targets } = flow.get('status')
const now = Date.parse(instance.time)
const tables = TABLES.map(({ kind, columns, row }) => ({
  title: KINDS[kind].title,
  columns,
  rows: targets
    .filter((target) => target.kind === kind)
    .map(({ target, state, measurements, issues, error }) => ({
      id: `${kind}/${target}`,
      name: target,
      state,
      look: lookOf({ state, issues }),
      cells: row(measurements ?? {}),
      said: issues.length > 0 ? issues.map(({ summary, remedy }) => ({ summary, remedy: remedy[0] ?? '' })) : [],
      error: state === 'unknown' && error ? error.message : '',
    })),
})).filter(({ rows }) => rows.length > 0)
return { payload: { instance, tables } }
