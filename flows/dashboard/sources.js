// Puts what is measured of hosts, services, bandwidth, encoders and platforms into tables.
/*include look.js*/
/*include kinds.js*/
/*include format.js*/
/*include columns-of-tables.js*/

// What the streams come from stands first.
const FIRST = 'encoder'

const { instance, targets } = flow.get('status')
const format = dashboardFormat(Date.parse(instance.time), 'table')
const kinds = Object.keys(COLUMNS).sort((a, b) => Number(b === FIRST) - Number(a === FIRST))
const tables = kinds.map((kind) => ({
  title: KINDS[kind].title,
  columns: Object.keys(COLUMNS[kind]),
  rows: targets
    .filter((target) => target.kind === kind)
    .map(({ target, state, measurements, issues, error }) => ({
      id: `${kind}/${target}`,
      name: target,
      state,
      look: lookOf({ state, issues }),
      cells: Object.values(COLUMNS[kind]).map((cell) => cell(measurements ?? {}, format) ?? '–'),
      said: issues.length > 0 ? issues.map(({ summary, remedy }) => ({ summary, remedy: remedy[0] ?? '' })) : [],
      error: state === 'unknown' && error ? error.message : '',
    })),
})).filter(({ rows }) => rows.length > 0)
return { payload: { instance, tables } }
