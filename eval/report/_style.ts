/** What a report adds to the style of all pages. */
export const style = `
.ci{color:var(--soft);font-size:.8em;white-space:nowrap}
.marks{display:grid;gap:.5rem;margin:1.2rem 0 0}.marks p{max-width:none}
.marks .strong{border:2px solid var(--warn);border-radius:.5rem;padding:.6rem .9rem;font-weight:600}
.watermark{position:fixed;inset:0;pointer-events:none;z-index:2;display:grid;place-items:center;overflow:hidden}
.watermark span{font-size:clamp(2.5rem,11vw,9rem);font-weight:800;letter-spacing:.05em;transform:rotate(-28deg);white-space:nowrap;color:var(--warn);opacity:.13}
section>p+.panel,section>p+.sheet,section>.panel+.panel,section>p+figure,.gap{margin-top:1rem}
.panel h3{margin:1.2rem 0 .6rem}.panel h3:first-child,.pair h3,.key+h3{margin-top:0}
.tables{display:grid;gap:1.4rem 2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr))}
@media(min-width:34rem){tbody td,th[scope=row]{white-space:nowrap}}
.tables td .ci{display:block}
.dense{font-size:.9rem}.dense th,.dense td{padding:.4rem .45rem}
.tables.wide{grid-template-columns:1fr}.apart{display:grid;gap:1.6rem}
.pair{display:grid;gap:1.2rem 2.5rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
.whiskers{list-style:none;margin:0;padding:0}
.whiskers li{display:grid;grid-template-columns:minmax(5rem,auto) 1fr auto;grid-template-columns:subgrid;grid-column:1/-1;gap:.8rem;align-items:center;padding:.2rem 0}
.whiskers{display:grid;grid-template-columns:fit-content(11rem) minmax(5rem,1fr) auto;column-gap:.8rem}
.whiskers .name{overflow-wrap:anywhere}
.track{position:relative;height:1.3rem;background:linear-gradient(var(--track),var(--track)) center/100% 2px no-repeat}
.track i{position:absolute;top:50%}
.track .ci{height:4px;margin-top:-2px;background:var(--c);opacity:.55;border-radius:2px}
.track .dot{width:11px;height:11px;margin:-5.5px 0 0 -5.5px;border-radius:50%;background:var(--c)}
.track .tick{height:1.1rem;margin-top:-.55rem;border-left:2px dashed var(--soft)}
.matrices{display:grid;gap:1.4rem 2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr))}
.matrix td.right{background:color-mix(in srgb,var(--accent) var(--p),transparent)}
.matrix td.wrong{background:color-mix(in srgb,var(--l1) var(--p),transparent)}
.matrix td .ci{display:block;color:inherit;opacity:1}
.matrix tr:last-child td,.matrix tr:last-child th{border-bottom:0}
.matrix caption{font-weight:600;color:var(--ink)}
.subjects.report li{grid-template-columns:4.5rem 1fr 3rem}
.charts{display:grid;gap:1rem 1.6rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
.stage+.stage{border-top:1px solid var(--line);margin-top:1.4rem;padding-top:1.2rem}
.chart figcaption{color:var(--ink);font-size:.9rem;margin:0 0 .2rem}.chart strong{font-weight:500}
.chart svg,.scatter{display:block;width:100%;height:auto;max-width:34rem}
svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:1}
.chance{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:4 3}
.mean{fill:none;stroke-width:1.8;stroke-linejoin:round}
.band{opacity:.18}
.scatter{background:var(--ground);border:1px solid var(--line);border-radius:.4rem}
.scatter circle{opacity:.85;stroke:var(--ground);stroke-width:.6}
.scatter .macro{fill:none;stroke-width:1.1;opacity:.75}
.looks{margin-top:.6rem;display:grid;gap:.8rem;grid-template-columns:1fr 1fr;align-items:start}
.looks figcaption{margin-top:.2rem;font-size:.8rem}
.heat{display:block;width:100%;height:auto;border-radius:.35rem;background:var(--track)}
.strip{display:grid;grid-template-columns:repeat(4,1fr);gap:3px}.strip img{display:block;width:100%;aspect-ratio:1;border-radius:2px;height:auto}
.cells line{stroke:#fff;stroke-opacity:.35;stroke-width:.5}
.settings td{white-space:normal!important;overflow-wrap:anywhere}
pre{background:var(--ground);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem;overflow-x:auto;font-size:.82rem;line-height:1.45;margin:.4rem 0 0}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.9em}
dl.facts{display:grid;grid-template-columns:fit-content(13rem) 1fr;gap:.35rem 1.5rem;margin:0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
@media(max-width:34rem){td .ci{display:block}table{font-size:.9rem}dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.6rem}.whiskers{grid-template-columns:minmax(4rem,1fr) auto}.whiskers .track{grid-column:1/-1;grid-row:2}.whiskers li{row-gap:0}}
`.replaceAll("\n", "");
