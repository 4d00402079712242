/**
 * The style of all pages. Colours are pairs for light and dark, of which the browser takes the one of `color-scheme`: the system's, or what
 * the switch of the page says. Classes of labels are l0 to l7; colours pass 3:1 against both grounds, text 4.5:1.
 */
export const style: string = `
:root{color-scheme:light dark;
--ground:light-dark(#faf9f6,#13161a);--card:light-dark(#fff,#1b1f24);--ink:light-dark(#1c2126,#e9e7e2);--soft:light-dark(#5a6068,#a3a9b1);
--line:light-dark(#dedad2,#31363d);--accent:light-dark(#0b6b66,#6cc7bf);--warn:light-dark(#a4501a,#efa56d);--track:light-dark(#eceae4,#2a2f36);
--l0:light-dark(#33689e,#6ea3da);--l1:light-dark(#c2661c,#e39250);--l2:light-dark(#3d8650,#6fbd83);--l3:light-dark(#ad3f5a,#e07d95);
--l4:light-dark(#7556a0,#ab8fd6);--l5:light-dark(#857026,#c6af5c);--l6:light-dark(#1f8593,#5bbecb);--l7:light-dark(#737983,#a3a9b1)}
:root:has(#theme-light:checked){color-scheme:light}
:root:has(#theme-dark:checked){color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}footer{padding:2rem 1.25rem 3rem;color:var(--soft);font-size:.9rem}
h1,h2,h3{line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.9rem,5vw,2.8rem);letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:1.35rem;margin:3rem 0 .9rem;letter-spacing:-.01em}
h3{font-size:1rem}
p{margin:.4rem 0;max-width:68ch}
.soft{color:var(--soft)}.small{font-size:.875rem}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1rem 0 0;padding:0}
nav a{display:inline-block;padding:.35rem 0}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.3rem 1.5rem;align-items:center;margin-bottom:.5rem}
.theme{display:flex;border:1px solid var(--line);border-radius:2rem;padding:.15rem;margin:0;background:var(--card);font-size:.8rem}
.theme legend{float:left}
.theme label{position:relative;cursor:pointer;color:var(--soft);padding:.15rem .7rem;border-radius:2rem}
.theme input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.theme label:has(:checked){background:var(--track);color:var(--ink)}
.theme label:has(:focus-visible){outline:2px solid var(--accent);outline-offset:1px}
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
@media(max-width:34rem){th,td{padding:.4rem .3rem}.bar{width:auto}}
.panel{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem}
.scroll{overflow-x:auto;container-type:inline-size}.scroll caption{max-width:100cqi}
.subjects{list-style:none;margin:0;padding:0;columns:17rem;column-gap:2rem}
.subjects li{display:grid;grid-template-columns:4.5rem 1fr 2rem;gap:.6rem;align-items:center;break-inside:avoid;padding:.12rem 0}
.stack{display:flex;gap:1px}.stack i{flex:var(--n) 0 0;border-radius:0}
.stack i:first-child{border-radius:2px 0 0 2px}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:0 0 .8rem;padding:0;font-size:.875rem}
.key i{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;background:var(--c);margin-right:.4rem}
figure{margin:0}figcaption{font-size:.875rem;color:var(--soft);margin-top:.4rem}
details{margin-top:.6rem}summary{cursor:pointer;padding:.3rem 0;color:var(--accent)}
.sheet{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr))}
.clip header{all:unset;display:flex;justify-content:space-between;gap:1rem;align-items:baseline;margin-bottom:.7rem}
.clip h3{overflow-wrap:anywhere}
.tag{font-size:.8rem;white-space:nowrap}.tag i{display:inline-block;width:.65rem;height:.65rem;border-radius:2px;background:var(--c);margin-right:.35rem}
.note{border-left:3px solid var(--warn);padding:.1rem 0 .1rem .9rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{@page{margin:14mm}:root{color-scheme:light!important}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{background:#fff;font-size:9.5pt}
p,figure,article,tr,li{break-inside:avoid}h2,h3,caption,thead{break-after:avoid}nav,.theme,summary{display:none}
details::details-content{content-visibility:visible;block-size:auto}main,header,footer{max-width:none;padding:0}}
`.replaceAll("\n", "");
