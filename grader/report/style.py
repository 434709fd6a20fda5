"""How the report looks: in the system's own fonts, light or dark as the reader's system is, and on paper."""

STYLE = """
:root {
  --page: #fbfbf9; --card: #ffffff; --ink: #1d2226; --soft: #59636b; --line: #dfe3e1; --link: #0b5a8a;
  --good: #1c6b41; --good-back: #dff1e5; --some: #7a5300; --some-back: #fbeecb; --none: #94322a; --none-back: #f9e2de;
  --bar: #2f7ea8; --late: #c08a1e; --stop: #8a5a9e; --fail: #c0463a; --grid: #e7eae8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181b; --card: #1b2125; --ink: #e6eaec; --soft: #a3afb7; --line: #313a40; --link: #82c4ee;
    --good: #93d9ad; --good-back: #1d3a2a; --some: #efca7a; --some-back: #3d3218; --none: #f2a79c; --none-back: #452521;
    --bar: #5aa9d3; --late: #d9a544; --stop: #bd92d1; --fail: #e5786c; --grid: #2a3237;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; scroll-padding-top: 1.5rem; }
body {
  margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem) 4rem; max-width: 76rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
code, pre, svg { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.875em; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.5rem 1rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
header { padding: 3rem 0 1rem; }
.kicker { margin: 0; color: var(--soft); letter-spacing: 0.08em; text-transform: uppercase; font-size: 0.8rem; }
h1 { margin: 0.2rem 0 1rem; font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 3rem 0 1rem; font-size: 1.35rem; }
h3 { margin: 2.25rem 0 0.75rem; font-size: 1.1rem; overflow-wrap: anywhere; }
h3 small { margin-left: 0.75rem; font-weight: 400; }
h4 { margin: 1.4rem 0 0.4rem; font-size: 0.95rem; }
small, .quiet, .said { color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: 0.4rem 1.4rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); }
.warning { padding: 0.7rem 1rem; border-left: 4px solid var(--some); background: var(--some-back); color: var(--ink); }
.figures { display: flex; flex-wrap: wrap; gap: 0.75rem 2.5rem; margin: 0 0 1.75rem; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); font-size: 0.9rem; }
.figures dd { margin: 0; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
.class { width: 100%; background: var(--card); border: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.class th, .class td { padding: 0.45rem 0.6rem; border-bottom: 1px solid var(--line); text-align: center; }
.class thead th { font-size: 0.85rem; font-weight: 600; vertical-align: bottom; line-height: 1.3; }
.class thead small { display: block; font-weight: 400; }
.class th:first-child {
  position: sticky; left: 0; background: var(--card); text-align: left; font-weight: 500; overflow-wrap: anywhere;
  min-width: 8rem; border-right: 1px solid var(--line);
}
.class td a, .class th a { color: inherit; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
.class td a { display: block; text-decoration: none; }
.class td a:hover { text-decoration: underline; }
.class .total { font-weight: 600; border-right: 1px solid var(--line); }
.passed { background: var(--good-back); color: var(--good); }
.some { background: var(--some-back); color: var(--some); }
.none { background: var(--none-back); color: var(--none); }
.missing, .waiting { color: var(--soft); }
.error { background: var(--ink); color: var(--page); font-weight: 700; }
.legend { display: flex; flex-wrap: wrap; gap: 0.4rem 1.5rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.legend { color: var(--soft); font-size: 0.9rem; }
.chip { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; font-size: 0.85rem; white-space: nowrap; }
.chip.missing, .chip.waiting { box-shadow: inset 0 0 0 1px var(--line); }
.legend .chip { min-width: 2.2rem; margin-right: 0.5rem; text-align: center; }
.card { margin: 0.5rem 0; background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; }
.card.bare, summary { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1rem; padding: 0.6rem 1rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "\\25B8"; color: var(--soft); }
.card.bare::before { content: "\\25B8"; visibility: hidden; }
details[open] > summary::before { content: "\\25BE"; }
details[open] > summary { border-bottom: 1px solid var(--line); }
.name { flex: 1 1 14rem; font-weight: 500; }
.feedback, details > .quiet, .pair { padding: 0.4rem 1.25rem 1rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem 3rem; }
.pair { align-items: start; }
.list { width: 100%; }
.list th, .list td { padding: 0.45rem 0.5rem 0.45rem 0; border-bottom: 1px solid var(--line); text-align: left; }
.list th, .list td { vertical-align: top; font-weight: 400; }
.list thead th { color: var(--soft); font-size: 0.85rem; }
.list tbody tr:last-child > * { border-bottom: 0; }
.list p { margin: 0.15rem 0 0; color: var(--soft); font-size: 0.9rem; max-width: 34rem; }
.number { font-variant-numeric: tabular-nums; }
.meter { display: inline-block; width: 7rem; height: 0.5rem; border-radius: 0.25rem; background: var(--grid); }
.meter { overflow: hidden; vertical-align: middle; margin-right: 0.7rem; }
.meter i { display: block; height: 100%; background: var(--bar); print-color-adjust: exact; }
.feedback > p { max-width: 46rem; }
.fault { margin: 0.8rem 0; padding: 0.6rem 1rem; border-left: 4px solid var(--fail); background: var(--none-back); }
.fault p { margin: 0.2rem 0; overflow-wrap: anywhere; }
pre { margin: 0.4rem 0; padding: 0.6rem 0.8rem; overflow-x: auto; background: var(--page); border-radius: 0.3rem; }
pre { font-size: 0.85rem; line-height: 1.45; }
.fault pre { background: none; padding: 0.2rem 0; }
.checks { display: grid; grid-template-columns: fit-content(14rem) 1fr; gap: 0.35rem 1.5rem; margin: 0; }
.checks dd { margin: 0; overflow-wrap: anywhere; }
.checks p { margin: 0; }
.reason { margin-top: 1.4rem; }
.source { margin: 1.2rem 0 0; font-size: 0.85rem; overflow-wrap: anywhere; }
.timeline { display: block; font-size: 12px; fill: var(--ink); }
.timeline .note, .timeline .scale, .timeline .remark { fill: var(--soft); }
.timeline .grid line { stroke: var(--grid); }
.timeline .return { stroke: var(--late); stroke-width: 1.5; stroke-dasharray: 3 3; }
.timeline .span { fill: var(--bar); print-color-adjust: exact; }
.timeline .error { fill: var(--fail); }
.timeline .cancelled { fill: var(--bar); fill-opacity: 0.45; stroke: var(--bar); stroke-dasharray: 3 2; }
.timeline .blocked { fill: var(--stop); }
.timeline .after { fill: none; stroke: var(--late); stroke-width: 1.5; }
.timeline .open { fill: var(--bar); fill-opacity: 0.3; stroke: var(--bar); stroke-dasharray: 5 3; }
@media (max-width: 40rem) {
  .checks { grid-template-columns: 1fr; gap: 0; }
  .checks dd { margin-bottom: 0.7rem; }
  header { padding-top: 1.75rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip { display: none; }
  .scroll { overflow: visible; }
  .class th:first-child { position: static; }
  .class td, .chip, .fault, .warning { print-color-adjust: exact; }
  .timeline { max-width: 100%; height: auto; }
  .card, .fault, svg, tr { break-inside: avoid; }
  details.card { break-inside: auto; }
  h2, h3, h4, summary { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""
