/** The typeface of a report, from a data: URL. */
export function typefaceStyle(url: string): string {
  return `@font-face { font-family: Inter; font-weight: 100 900; src: url("${url}") format("woff2"); }`
}

/** The look of a report: light, as it is printed. */
export const REPORT_STYLE = `
:root { color-scheme: light; --ink: #1b1c1e; --second: #55585d; --line: #e6e6e2; --strong: #cfcfca; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 40px 32px 64px; max-width: 1000px; background: #fff; color: var(--ink);
  font: 400 14px/21px Inter, system-ui, sans-serif; overflow-wrap: break-word; }
h1, h2, h3, p, dl, figure, ul { margin: 0; }
h1 { font-size: 26px; line-height: 32px; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin-top: 48px; padding-bottom: 6px; border-bottom: 1px solid var(--strong); font-size: 19px; line-height: 26px; font-weight: 620; }
h3 { margin-top: 28px; font-size: 15px; line-height: 22px; font-weight: 600; }
h4 { margin: 20px 0 0; font-size: 14px; line-height: 21px; font-weight: 600; }
p, ul, dl { margin-top: 10px; }
.table { margin-top: 22px; }
h2 + .table { margin-top: 14px; }
.second { color: var(--second); }
.lead { margin-top: 6px; color: var(--second); }
.main { font-size: 16px; line-height: 24px; }
a { color: #2f5bea; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; list-style: none; }
ul { padding-left: 20px; }
figure { margin-top: 24px; }
figure h3, figure h4 { margin-top: 0; }
figure p { margin-top: 0; color: var(--second); font-size: 12.5px; line-height: 18px; }
/* a typeface wider than Inter may reach over the side */
svg { display: block; width: 100%; height: auto; overflow: visible; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 19px; font-variant-numeric: tabular-nums; }
caption { padding-bottom: 6px; text-align: left; font-weight: 600; }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { border-bottom-color: var(--strong); color: var(--second); font-size: 12px; }
th.right, td.right { text-align: right; white-space: nowrap; }
tr > :last-child { padding-right: 0; }
.pairs th { width: 220px; color: var(--second); }
dt { margin-top: 12px; font-weight: 600; }
dd { margin: 0; }
code, .code { font-family: "JetBrains Mono", ui-monospace, Menlo, Consolas, monospace; font-size: 12px; }
pre { margin: 6px 0 0; padding: 12px 14px; border: 1px solid var(--line); border-radius: 6px; background: #fafaf8; overflow-x: auto; line-height: 18px; }
.code { overflow-wrap: anywhere; }
td.code { min-width: 280px; }
.settings { margin-top: 18px; color: var(--second); font-size: 12.5px; line-height: 18px; }
.notes { color: var(--second); }
@media (max-width: 640px) { body { padding: 24px 16px 40px; } .pairs th { width: 40%; } }
@media print {
  @page { margin: 16mm 15mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 15pt; }
  nav { display: none; }
  h2, h3, h4, caption { break-after: avoid; }
  h2 { margin-top: 28pt; }
  figure, tr, dt, .finding, .short, .settings, .program { break-inside: avoid; }
  section > .second, .main, dt, thead, tbody tr:nth-child(-n+2) { break-after: avoid; }
  td.code { min-width: 0; font-size: 6.5pt; }
  pre { overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere; }
  pre code { font-size: 7.5pt; line-height: 11pt; }
  thead { display: table-header-group; }
  .table { overflow: visible; }
  table { font-size: 8.5pt; line-height: 12pt; }
  a { color: inherit; text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`
