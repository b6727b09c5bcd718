// Keeps the last ten minutes of every stream, and shows each viewer the stream that he looks at.
/*include look.js*/
/*include viewers.js*/
const SAMPLES = 600
const EVENTS = 200
// Milliseconds after which a viewer who has not asked again is gone.
const VIEWER_LASTS = 45000

const memory = flow.get('history') ?? { streams: {}, viewers: {} }
flow.set('history', memory)
const status = flow.get('status')
const { action, target } = msg.payload ?? {}

if (action === 'show') {
  const socket = msg._client?.socketId
  if (!socket) return null
  viewers[socket] = true
  memory.viewers[socket] = { target: String(target ?? ''), at: Date.now() }
  return status ? [{ _client: msg._client, payload: page(String(target ?? ''), true) }, null, null] : null
}
if (action === 'expect') return [null, msg, null]
if (action === 'picture') return [null, null, { ...msg, topic: String(target ?? '') }]
if (msg.topic !== 'status') return null

const now = Date.parse(status.instance.time)
const streams = status.targets.filter(({ kind }) => kind === 'stream')
const names = new Set(streams.map((stream) => stream.target))
for (const name of Object.keys(memory.streams)) if (!names.has(name)) delete memory.streams[name]
for (const stream of streams) remember(stream)

const messages = []
for (const [socketId, viewer] of Object.entries(memory.viewers)) {
  if (Date.now() - viewer.at > VIEWER_LASTS) delete memory.viewers[socketId]
  else messages.push({ _client: { socketId }, payload: page(viewer.target, false) })
}
return [messages, null, null]

function remember(stream) {
  memory.streams[stream.target] ??= { samples: [], events: [], state: stream.state, issues: {} }
  const kept = memory.streams[stream.target]
  const { last1s = {}, keyframeInterval = null, drift = null, trackTimestampSkew = null, content } = stream.measurements
  const gone = stream.state === 'unknown'
  const value = (number) => (gone || typeof number !== 'number' ? null : Number(number.toPrecision(5)))
  kept.samples.push([
    now,
    value(last1s.videoBytesPerSecond),
    value(last1s.audioBytesPerSecond),
    value(last1s.framesPerSecond),
    value(keyframeInterval),
    value(drift),
    value(trackTimestampSkew),
    value(content?.loudness),
  ])
  while (kept.samples.length > SAMPLES) kept.samples.shift()
  if (kept.state !== stream.state) {
    kept.events.unshift({ time: now, what: 'state', from: kept.state, to: stream.state })
    kept.state = stream.state
  }
  const issues = Object.fromEntries(stream.issues.map((issue) => [issue.type, issue]))
  for (const [type, issue] of Object.entries(issues)) {
    const { severity, summary, since } = issue
    const known = kept.issues[type] && openEvent(kept, type)
    if (known) {
      // Its numbers go on: what is shown beside "for 44 s" must not say 6 s.
      Object.assign(known, { severity, summary })
      continue
    }
    kept.events.unshift({ time: Date.parse(since), what: 'issue', type, severity, summary, until: null })
  }
  for (const type of Object.keys(kept.issues)) {
    const open = openEvent(kept, type)
    if (open && !issues[type]) open.until = now
  }
  kept.issues = issues
  kept.events.length = Math.min(kept.events.length, EVENTS)
}

function openEvent({ events }, type) {
  return events.find((event) => event.what === 'issue' && event.type === type && event.until === null)
}

/** The stream that a viewer asked for, or the worst where there is none of that name. */
function page(name, whole) {
  const all = status.targets.filter(({ kind }) => kind === 'stream')
  const worst = [...all].sort((a, b) => rankOf(a) - rankOf(b))[0]
  const stream = all.find((one) => one.target === name) ?? worst
  const list = all.map((one) => ({ name: one.target, state: one.state }))
  const instance = { time: status.instance.time }
  if (!stream) return { list, target: null, instance }
  const { target, state, score, expected, issues, error, time, labels, sequence, usual, budget } = stream
  const { parameters, tracks, total, lastPacketAge } = stream.measurements
  const kept = memory.streams[target] ?? { samples: [], events: [] }
  return {
    list,
    asked: name,
    target,
    at: Date.parse(status.instance.time),
    instance,
    newest: { state, shown: shownOf(stream), look: lookOf(stream), score, expected, issues, error, time, labels, sequence, parameters, tracks, total, lastPacketAge, usual, budget },
    samples: whole ? kept.samples : kept.samples.slice(-1),
    whole,
    // A fault is known some seconds after it began.
    events: [...kept.events].sort((a, b) => b.time - a.time),
  }
}
