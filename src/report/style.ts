/** The look of the report: its own, without anything from elsewhere, on a screen, a phone and paper. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --faint: #57606a; --back: #fff; --card: #f6f8fa; --line: #d0d7de;
  --up: #1a7f37; --degraded: #d4880a; --down: #c62828; --unknown: #c3c9d0; --off: #eceff2; --mark: #fff; --value: #0b5cad; --band: #0b5cad33 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9ba6b2; --back: #0f1419; --card: #171d24; --line: #333c46;
  --up: #3fb950; --degraded: #e3a008; --down: #f1605a; --unknown: #4a5560; --off: #222a32; --mark: #0f1419; --value: #79b8ff; --band: #79b8ff40 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 3rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem }
p { margin: .5rem 0 }
.faint { color: var(--faint) }
.verdict { border-left: .4rem solid var(--unknown); background: var(--card); padding: .75rem 1rem; margin: 1rem 0; font-size: 1.15rem; font-weight: 600 }
.verdict.clean { border-color: var(--up) } .verdict.degraded { border-color: var(--degraded) }
.verdict.interrupted, .verdict.down { border-color: var(--down) }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; overflow-wrap: break-word }
caption { text-align: left; color: var(--faint); font-size: .85rem; padding: .25rem 0 }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
th, td { text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0; min-width: 4rem; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
.number { text-align: right; white-space: nowrap }
.number + :not(.number) { padding-left: 1rem }
.time { white-space: nowrap }
td.long { min-width: 14rem } td.name { min-width: 9rem }
dl.facts { display: grid; grid-template-columns: minmax(7.5rem, max-content) 1fr; gap: .2rem 1.25rem; margin: .5rem 0 }
dl.facts dt { color: var(--faint) } dl.facts dd { margin: 0 }
.interruption { border: 1px solid var(--line); border-left: .3rem solid var(--down); padding: .5rem 1rem; margin: .75rem 0; break-inside: avoid }
.interruption h3 { margin: 0 0 .25rem; font-size: 1rem }
.timeline { display: block; width: 100%; min-width: 44rem; height: auto; font: 12px system-ui, sans-serif }
.timeline .name, .timeline .tick { fill: var(--text) } .timeline .tick { fill: var(--faint); font-size: 11px }
.s-up { fill: var(--up) } .s-degraded { fill: var(--degraded) } .s-down { fill: var(--down) } .s-unknown { fill: var(--unknown) }
.s-off { fill: var(--off); stroke: var(--line) } .s-mark { fill: var(--mark); opacity: .75 } .s-line { stroke: var(--faint); stroke-width: .8; fill: none }
.band { fill: var(--band) } .value { fill: none; stroke: var(--value); stroke-width: 1.4 } .usual { fill: none; stroke: var(--faint); stroke-width: 1; stroke-dasharray: 4 3 } .frame { fill: none; stroke: var(--line) } .grid { stroke: var(--line); stroke-width: .6; opacity: .7 }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0; font-size: .85rem }
.legend svg { vertical-align: -2px }
.budget { font-weight: 600 } .budget.spent::before { content: "! "; color: var(--down) }
.pictures { display: flex; flex-wrap: wrap; gap: .75rem } .pictures figure { flex: 0 1 20rem; break-inside: avoid }
figure { margin: .5rem 0 } img { max-width: 100%; height: auto; border: 1px solid var(--line) } figcaption { color: var(--faint); font-size: .85rem }
ol, ul { padding-left: 1.4rem } li { margin: .2rem 0 }
@media (max-width: 40rem) { body { padding: 1rem .8rem 2rem; font-size: 15px } dl.facts { grid-template-columns: 1fr; gap: 0 } dl.facts dd { margin-bottom: .4rem } }
@media print {
  @page { size: A4; margin: 15mm 14mm }
  :root { color-scheme: light; --text: #000; --faint: #444; --back: #fff; --card: #f3f3f3; --line: #bbb; --up: #1a7f37; --degraded: #d4880a;
    --down: #c62828; --unknown: #c3c9d0; --off: #eee; --mark: #fff; --value: #0b5cad; --band: #0b5cad33 }
  body { max-width: none; padding: 0; font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .wide { overflow: visible } .timeline { min-width: 0 } table { font-size: 8.5pt } td { overflow-wrap: anywhere } th, td, td.long, td.name { min-width: 0; padding-right: .5rem }
  h2 { break-after: avoid } tr, figure, .timeline { break-inside: avoid } thead { display: table-header-group }
}
`.trim()
