import { style as shared } from "../page/style.ts";

/** style.css: the style of all pages, and what the inspector adds. */
export const style: string = shared + `
h1{font-size:clamp(1.7rem,4vw,2.3rem)}
h2{margin:2.2rem 0 .9rem}
main{min-height:50vh}
.inputs{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))}
.drop{border-style:dashed;border-width:2px}
.drop.over{border-color:var(--accent);background:color-mix(in srgb,var(--accent) 8%,var(--card))}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0 .4rem}
button,.button{font:inherit;color:var(--card);background:var(--accent);border:1px solid var(--accent);border-radius:.45rem;padding:.45rem .95rem;cursor:pointer;position:relative}
button:hover,.button:hover{filter:brightness(1.08)}
button:disabled,.button:has(:disabled){color:var(--soft);background:var(--track);border-color:var(--line);cursor:default;filter:none}
.button input{position:absolute;inset:0;opacity:0;cursor:pointer;width:100%;font-size:0}
.button:has(:focus-visible){outline:2px solid var(--accent);outline-offset:2px}
.doing button,.camera button+button{color:var(--ink);background:transparent;border-color:var(--line)}
.field{display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center;margin-top:.6rem}
.field input[type=number]{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:.35rem;padding:.15rem .4rem;width:5.5rem}
.field input[type=range]{flex:1 1 12rem;accent-color:var(--accent);min-width:0}
.status{min-height:2.4rem;margin-top:1rem}
.status p{max-width:none;overflow-wrap:anywhere}
.doing{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center}
progress{accent-color:var(--accent);flex:1 1 10rem;max-width:24rem;height:.6rem}
video{display:block;width:100%;max-width:26rem;border-radius:.35rem;background:#000}
.choice{border:0;padding:0;margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:center}
.choice legend{padding:0;margin-bottom:.3rem}
.panel+.panel{margin-top:1rem}.inputs .panel+.panel{margin-top:0}
.panel h3{margin-bottom:.5rem}
.answer .label{font-size:1.05rem;margin:0 0 .8rem}
.answer .label b{font-size:1.7rem;font-weight:650;margin-right:.5rem;overflow-wrap:anywhere}
.answer .bar{width:60%}
.answer tbody tr:last-child :is(td,th){border-bottom:0}
.l0{--c:var(--l0)}.l1{--c:var(--l1)}.l2{--c:var(--l2)}.l3{--c:var(--l3)}.l4{--c:var(--l4)}.l5{--c:var(--l5)}.l6{--c:var(--l6)}.l7{--c:var(--l7)}
.timeline svg{display:block;width:100%;height:10rem;overflow:visible}
.curve{fill:none;stroke:var(--c);stroke-width:2.25;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.motion{--c:var(--soft)}
.curve.motion{stroke-width:1.25;stroke-dasharray:2 2}
.key .motion{height:.2rem;vertical-align:middle}
.grid,.peak,.apex{vector-effect:non-scaling-stroke;stroke-width:1;stroke:var(--line)}
.peak{stroke:var(--soft);stroke-dasharray:5 4}
.apex{stroke:var(--ink)}
.chosen{fill:var(--track)}
.ticks{display:flex;justify-content:space-between;padding-top:.25rem}
.views{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,10rem),1fr))}
.views .whole{grid-column:span 2}
@media(max-width:34rem){.views{grid-template-columns:1fr 1fr}.views .whole{grid-column:1/-1}}
.views img{display:block;width:100%;aspect-ratio:1;border-radius:.35rem;background:var(--track)}
.views svg{display:block;width:100%;max-height:22rem;border-radius:.35rem;background:var(--track)}
.views img.light{background:#fff;outline:1px solid var(--line)}
.box{fill:none;stroke:#fff;stroke-width:2.5;vector-effect:non-scaling-stroke;filter:drop-shadow(0 0 1px #000)}
.eye{fill:#fff;stroke:#000;stroke-width:1;vector-effect:non-scaling-stroke}
@media(prefers-reduced-motion:no-preference){button,.button,.drop{transition:background-color .15s,border-color .15s}}
`.replaceAll("\n", "");
