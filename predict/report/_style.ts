/** What a page of predictions adds to the style of all pages. */
export const style: string = `
.strong{border:2px solid var(--warn);border-radius:.5rem;padding:.6rem .9rem;font-weight:600;max-width:none}
section>.panel+.panel,section>p+.panel{margin-top:1rem}
.panel h3{margin:0 0 .6rem}.person{display:flex;gap:.8rem;align-items:center;margin-bottom:.6rem}.person h3{margin:0}
.person img,.pictures img{width:4rem;height:4rem;border-radius:.35rem;display:block}
.pictures{display:flex;flex-wrap:wrap;gap:.8rem;margin:.8rem 0 0;padding:0;list-style:none;font-size:.8rem;color:var(--soft)}
.pictures span{display:flex;gap:2px;margin-bottom:.2rem}
.plot{position:relative;margin:0 1.2rem 0 2rem}
.plot svg{display:block;width:100%;height:9rem;overflow:visible}
.plot.low svg{height:4rem}
.plot path{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.plot line{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.plot .area{stroke:none;fill:var(--track)}
.plot .motion{stroke:var(--soft);stroke-width:1}.plot .brief{stroke:var(--ink)}
.axis{position:absolute;right:calc(100% + .4rem);transform:translateY(-50%);font-size:.75rem;color:var(--soft)}
.mark{position:absolute;top:0;bottom:0;width:0;border-left:2px dashed var(--accent)}
.plot+.name,.name{font-size:.8rem;color:var(--soft);margin:.7rem 0 .2rem 2rem}
.ticks{position:relative;height:1.5rem;font-size:.8rem;color:var(--soft);margin:.25rem 1.2rem 0 2rem}.ticks span{position:absolute;transform:translateX(-50%);white-space:nowrap}.ticks span:first-child{transform:none}
.probabilities td,.probabilities th{border-bottom:0;padding:.2rem .5rem}.probabilities .bar i{min-width:1px}
.probabilities tbody th{font-weight:400}.probabilities .best th,.best td{font-weight:650}
td .peak{color:var(--accent);font-weight:600}
@media(min-width:34rem){tbody td,th[scope=row]{white-space:nowrap}}
@media(max-width:34rem){.dense{font-size:.85rem}}
`.replaceAll("\n", "");
