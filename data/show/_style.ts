/** The page's style sheet. Classes of labels are l0 to l7; colours pass 3:1 against both grounds. */
export const style = `
:root{color-scheme:light dark;--ground:#faf9f6;--card:#fff;--ink:#1c2126;--soft:#5a6068;--line:#dedad2;--accent:#0b6b66;--warn:#a4501a;--track:#eceae4;
--l0:#33689e;--l1:#c2661c;--l2:#3d8650;--l3:#ad3f5a;--l4:#7556a0;--l5:#857026;--l6:#1f8593;--l7:#737983}
@media(prefers-color-scheme:dark){:root{--ground:#13161a;--card:#1b1f24;--ink:#e9e7e2;--soft:#a3a9b1;--line:#31363d;--accent:#6cc7bf;--warn:#efa56d;--track:#2a2f36;
--l0:#6ea3da;--l1:#e39250;--l2:#6fbd83;--l3:#e07d95;--l4:#ab8fd6;--l5:#c6af5c;--l6:#5bbecb;--l7:#a3a9b1}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}footer{padding:2rem 1.25rem 3rem;color:var(--soft);font-size:.9rem}
h1,h2,h3{line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.9rem,5vw,2.8rem);letter-spacing:-.02em}
h2{font-size:1.35rem;margin:3rem 0 .9rem;letter-spacing:-.01em}
h3{font-size:1rem}
p{margin:.4rem 0;max-width:68ch}
.soft{color:var(--soft)}.small{font-size:.875rem}
a{color:var(--accent)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1rem 0 0;padding:0}
nav a{display:inline-block;padding:.35rem 0}
dl.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1px;background:var(--card);border:1px solid var(--line);border-radius:.6rem;overflow:hidden;margin:1.75rem 0 0}
dl.figures div{box-shadow:0 0 0 1px var(--line);padding:.9rem 1rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
dl.figures dt{color:var(--soft);font-size:.875rem}
dl.figures dd{margin:0;font-size:1.7rem;font-weight:650;line-height:1.2}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding-bottom:.5rem}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline}
th{font-weight:600}thead th{color:var(--soft);font-size:.875rem;font-weight:500}
.n{text-align:right;white-space:nowrap}
.bar{width:46%;min-width:3rem;vertical-align:middle}
.bar i,.stack i{display:block;height:.85rem;background:var(--c,var(--accent));border-radius:2px}
.off{color:var(--warn);font-weight:600}td.off{white-space:normal}.off span{white-space:nowrap}
@media(max-width:34rem){th,td{padding:.4rem .3rem}.bar{width:auto}}
.panel{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem}
.scroll{overflow-x:auto}
.subjects{list-style:none;margin:0;padding:0;columns:17rem;column-gap:2rem}
.subjects li{display:grid;grid-template-columns:4.5rem 1fr 2rem;gap:.6rem;align-items:center;break-inside:avoid;padding:.12rem 0}
.stack{display:flex;gap:1px}.stack i{flex:var(--n) 0 0;border-radius:0}
.stack i:first-child{border-radius:2px 0 0 2px}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:0 0 .8rem;padding:0;font-size:.875rem}
.key i{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;background:var(--c);margin-right:.4rem}
figure{margin:0}figcaption{font-size:.875rem;color:var(--soft);margin-top:.4rem}
.columns{display:flex;align-items:flex-end;gap:2px;height:11rem;border-bottom:1px solid var(--soft)}
.columns i{flex:1;background:var(--accent);border-radius:2px 2px 0 0;min-width:0;position:relative;height:calc(var(--h)*1%)}
.columns i b{position:absolute;bottom:100%;left:0;right:0;text-align:center;font-size:.75rem;font-weight:400;font-style:normal;color:var(--soft)}
.ticks{display:flex;justify-content:space-between;font-size:.8rem;color:var(--soft);padding-top:.25rem}
details{margin-top:.6rem}summary{cursor:pointer;padding:.3rem 0;color:var(--accent)}
.sheet{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr))}
.sheet.faces{grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr))}
.clip header{all:unset;display:flex;justify-content:space-between;gap:1rem;align-items:baseline;margin-bottom:.7rem}
.clip h3{overflow-wrap:anywhere}
.tag{font-size:.8rem;white-space:nowrap}.tag i{display:inline-block;width:.65rem;height:.65rem;border-radius:2px;background:var(--c);margin-right:.35rem}
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
.note{border-left:3px solid var(--warn);padding:.1rem 0 .1rem .9rem}
.problem{border-top:1px solid var(--line);padding:.8rem 0}.problem:first-of-type{border-top:0}
.problem p{margin:.15rem 0}
.problem ul{margin:.3rem 0 0;padding-left:1.1rem;overflow-wrap:anywhere}
.dropped{color:var(--warn);font-size:.8rem;font-weight:600;margin-left:.5rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{body{background:#fff}.panel{break-inside:avoid}nav{display:none}}
`.replaceAll("\n", "");
