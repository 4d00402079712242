/** What the page about a database adds to the style of all pages. */
export const style = `
.off{color:var(--warn);font-weight:600}td.off{white-space:normal}.off span{white-space:nowrap}
.columns{display:flex;align-items:flex-end;gap:2px;height:11rem;border-bottom:1px solid var(--soft)}
.columns i{flex:1;background:var(--accent);border-radius:2px 2px 0 0;min-width:0;position:relative;height:calc(var(--h)*1%)}
.columns i b{position:absolute;bottom:100%;left:0;right:0;text-align:center;font-size:.75rem;font-weight:400;font-style:normal;color:var(--soft)}
.ticks{display:flex;justify-content:space-between;font-size:.8rem;color:var(--soft);padding-top:.25rem}
.sheet.faces{grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr))}
.views{display:grid;grid-template-columns:repeat(2,1fr);gap:.5rem}
.faces .views{grid-template-columns:repeat(4,1fr)}
@media(max-width:34rem){.faces .views{grid-template-columns:repeat(2,1fr)}}
.views figcaption{margin-top:.25rem;font-size:.8rem}
.frame{display:block;width:100%;aspect-ratio:1;background:var(--track);border-radius:.35rem;overflow:hidden}
.flow{display:block;width:100%;height:auto;aspect-ratio:1;border-radius:.35rem;background:#fff;border:1px solid var(--line)}
.lines{fill:none;stroke:var(--accent);stroke-linejoin:round;stroke-linecap:round}
.onface{stroke:#fff;filter:drop-shadow(0 0 1px #000)}
.box{fill:none;stroke:var(--l1);stroke-dasharray:none}
.time{margin-top:.7rem}
.time svg{display:block;width:100%;height:1.1rem;overflow:visible}
.time p{margin:.15rem 0 0;font-size:.8rem;color:var(--soft)}
.wheel{display:flex;gap:1rem;align-items:center;flex-wrap:wrap;margin:.5rem 0 1.2rem}
.wheel img{width:5rem;height:5rem;border-radius:50%;background:#fff}
.wheel p{flex:1 1 16rem;margin:0}
.problem{border-top:1px solid var(--line);padding:.8rem 0}.problem:first-of-type{border-top:0}
.problem p{margin:.15rem 0}
.problem ul{margin:.3rem 0 0;padding-left:1.1rem;overflow-wrap:anywhere}
.dropped{color:var(--warn);font-size:.8rem;font-weight:600;margin-left:.5rem}
`.replaceAll("\n", "");
