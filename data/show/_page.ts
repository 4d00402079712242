import type { CheckReport } from "../check/mod.ts";
import type { Sample } from "../../types.ts";
import { binsOf } from "./_bins.ts";
import { faceLines, round } from "./_face_lines.ts";
import type { ClipLook } from "./_look_at_clip.ts";
import { html, Markup, type Part } from "./_markup.ts";
import { style } from "./_style.ts";

/** A clip of the contact sheet: how it looks, or why it could not be looked at. */
export interface SheetClip {
  readonly sample: Sample;
  readonly look: ClipLook | string;
}

/** What the page shows. */
export interface PageContent {
  readonly title: string;
  readonly report: CheckReport;
  readonly samples: readonly Sample[];
  readonly sheet: readonly SheetClip[];
  readonly faces: boolean;
  /** Whether faces were looked for. */
  readonly searched: boolean;
  /** The colours of the directions, a data URI. */
  readonly wheel: string;
  readonly licence: string;
}

/** The whole page, one file without requests to anywhere. */
export function page(content: PageContent): string {
  const { title, report, samples } = content;
  const labels = Object.keys(report.labels);
  const colour = (label: string) => `--c:var(--l${Math.min(7, labels.indexOf(label))})`;
  const body = html`<header>
<p class="soft">Macro2Micro · a database at a glance</p>
<h1>${title}</h1>
<p class="soft">${report.edition}</p>
<nav aria-label="Sections"><ul>${
    sections.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)
  }</ul></nav>
${figures(content)}
</header>
<main>
${counts(report, colour)}
${subjects(samples, labels, colour)}
${lengths(samples)}
${sheet(content, colour)}
${problems(report)}
</main>
<footer>
<h2 id="licence">Licence</h2>
<p class="note">${content.licence}</p>
<p>${
    content.faces
      ? "This page shows faces of people who took part in the recordings, because it was asked to (--faces). Do not pass it on unless the licence allows it."
      : "This page shows no face: motion is drawn as colour, faces as lines. With --faces it shows the frames too."
  } It was made by <code>m2m data show</code> and loads nothing from anywhere.</p>
</footer>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${html`${title} at a glance`.text}</title>
<style>${style}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
}

const sections = [
  ["labels", "Labels"],
  ["subjects", "Subjects"],
  ["lengths", "Lengths"],
  ["clips", "Clips"],
  ["problems", "Problems"],
  ["licence", "Licence"],
] as const;

function figures({ report, samples }: PageContent): Markup {
  const times = samples.map(milliseconds).sort((a, b) => a - b);
  const coded = samples.filter(({ apexOrigin }) => apexOrigin === "coded").length;
  const dropped = new Set(report.problems.filter((problem) => problem.dropped).map(({ clip }) => clip)).size;
  const list: [string, Part][] = [
    ["clips", samples.length],
    ["subjects", report.subjects],
    ["labels", Object.keys(report.labels).length],
    ["median length", times.length > 0 ? `${Math.round(times[Math.floor(times.length / 2)]!)} ms` : "none"],
    ["apices coded", `${coded}`],
    ["problems", report.problems.length],
    ["left out", dropped],
  ];
  return html`<dl class="figures">${
    list.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)
  }</dl>`;
}

function counts({ labels, published, clips, subjects }: CheckReport, colour: (label: string) => string): Markup {
  const most = Math.max(1, ...Object.values(labels));
  const names = [...new Set([...Object.keys(labels), ...Object.keys(published?.labels ?? {})])];
  const counted = published !== undefined && Object.keys(published.labels).length > 0;
  const cell = (here: number, there: number | undefined) =>
    published === undefined
      ? undefined
      : there === undefined
      ? html`<td class="n soft">not given</td>`
      : html`<td class="n${here === there ? "" : " off"}">${there}${
        here === there ? "" : html` <span class="hidden">differs by</span> (${signed(here - there)})`
      }</td>`;
  const row = (name: string, here: number, there: number | undefined, bar: Part) =>
    html`<tr><th scope="row">${name}</th><td class="bar">${bar}</td><td class="n">${here}</td>${cell(here, there)}</tr>`;
  return html`<section aria-labelledby="labels"><h2 id="labels">Labels</h2>
<div class="panel scroll"><table>
<caption>${
    published === undefined
      ? "Clips of each label"
      : `Clips of each label, beside the published counts of ${published.title}; in brackets, where they differ, how many more or fewer are here`
  }</caption>
<thead><tr><th scope="col">label</th><td></td><th scope="col" class="n">here</th>${
    published === undefined ? undefined : html`<th scope="col" class="n">published</th>`
  }</tr></thead>
<tbody>${
    names.map((name) => {
      const here = labels[name] ?? 0, bar = `${colour(name)};width:${round(100 * here / most)}%`;
      return row(name, here, counted ? published.labels[name] ?? 0 : undefined, html`<i style="${bar}"></i>`);
    })
  }</tbody>
<tfoot>${row("all clips", clips, published?.clips, undefined)}${row("subjects", subjects, published?.subjects, undefined)}</tfoot>
</table></div></section>`;
}

function subjects(samples: readonly Sample[], labels: readonly string[], colour: (label: string) => string): Markup {
  const groups = [...Map.groupBy(samples, ({ subject }) => subject)];
  const most = Math.max(1, ...groups.map(([, clips]) => clips.length));
  return html`<section aria-labelledby="subjects"><h2 id="subjects">Subjects</h2>
<div class="panel">
<ul class="key" aria-hidden="true">${
    labels.map((label) => html`<li><i style="${colour(label)}"></i>${label}</li>`)
  }</ul>
<ul class="subjects">${
    groups.map(([subject, clips]) => {
      const parts = labels.map((label) => [label, clips.filter((clip) => clip.label === label).length] as const)
        .filter(([, n]) => n > 0);
      return html`<li><span>${subject}</span><span class="stack" aria-hidden="true">${
        parts.map(([label, n]) => html`<i style="${colour(label)};--n:${n}" title="${label} ${n}"></i>`)
      }<i style="--n:${most - clips.length};--c:transparent"></i></span><span class="n">${clips.length}<span class="hidden"> clips: ${
        parts.map(([label, n]) => `${n} ${label}`).join(", ")
      }</span></span></li>`;
    })
  }</ul></div></section>`;
}

function lengths(samples: readonly Sample[]): Markup {
  const bins = binsOf(samples.map(milliseconds), 24), most = Math.max(1, ...bins.map(({ count }) => count));
  const whole = (value: number) => String(Math.round(value));
  const ends = bins.length > 0 ? [bins[0]!.low, (bins[0]!.low + bins.at(-1)!.high) / 2, bins.at(-1)!.high] : [];
  return html`<section aria-labelledby="lengths"><h2 id="lengths">Lengths</h2>
<figure class="panel"><div class="columns" aria-hidden="true" style="margin-top:1rem">${
    bins.map(({ count }) =>
      html`<i style="--h:${round(100 * count / most)}">${count === most ? html`<b>${count}</b>` : undefined}</i>`
    )
  }</div><div class="ticks" aria-hidden="true">${ends.map((end) => html`<span>${whole(end)} ms</span>`)}</div>
<figcaption>How long clips are from onset to offset, in milliseconds; a column counts clips.</figcaption>
<details><summary>The same as a table</summary><div class="scroll"><table><caption>Clips by length</caption>
<thead><tr><th scope="col">from, ms</th><th scope="col">to, ms</th><th scope="col" class="n">clips</th></tr></thead>
<tbody>${
    bins.map(({ low, high, count }) => html`<tr><td>${whole(low)}</td><td>${whole(high)}</td><td class="n">${count}</td></tr>`)
  }</tbody></table></div></details></figure></section>`;
}

function sheet(content: PageContent, colour: (label: string) => string): Markup {
  const { sheet, samples, faces, wheel, searched } = content;
  return html`<section aria-labelledby="clips"><h2 id="clips">Clips</h2>
<p>${sheet.length} of ${samples.length} clips, of every label and of as many subjects as there is room for. The colours show where the skin moves from the onset frame to the apex frame (TV-L1 optical flow).</p>
<div class="wheel"><img src="${wheel}" alt="Colour wheel of directions: red to the right, yellow down, blue to the left, violet up; white is no motion" width="80" height="80">
<p class="small soft">Hue is direction, strength of colour is speed. Each picture has its own scale, written below it: the motion that has the full colour.${
    searched ? "" : " Faces were not looked for: the flow is that of the middle of the frame."
  }</p></div>
<div class="sheet${faces ? " faces" : ""}">${sheet.map((clip) => card(clip, content, colour))}</div></section>`;
}

function card({ sample, look }: SheetClip, content: PageContent, colour: (label: string) => string): Markup {
  const name = `${sample.subject} / ${sample.clip}`;
  return html`<article class="panel clip"><header><h3>${name}</h3><span class="tag"><i style="${
    colour(sample.label)
  }"></i>${sample.label}</span></header>
${typeof look === "string" ? html`<p class="note small">${look}</p>` : views(name, look, content)}
${timeline(sample)}</article>`;
}

function views(name: string, look: ClipLook, { faces, searched }: PageContent): Markup {
  const { width, height, crop, landmarks, motion } = look;
  const where = crop.face ? "the face" : "the middle";
  const stroke = (part: number) => round(Math.max(width, height) * part);
  const overlay = html`<rect class="box" stroke-width="${stroke(0.008)}" x="${crop.left}" y="${crop.top}" width="${crop.side}" height="${crop.side}"/>
<g class="lines${faces ? " onface" : ""}" stroke-width="${stroke(0.006)}">${faceLines(landmarks)}</g>`;
  const picture = (image: string | undefined, what: string, caption: string) =>
    html`<figure><svg class="frame" viewBox="0 0 ${width} ${height}" role="img" aria-label="${what}">${
      image === undefined ? undefined : html`<image href="${image}" width="${width}" height="${height}"/>`
    }${overlay}</svg><figcaption>${caption}</figcaption></figure>`;
  const found = landmarks.length > 0 ? "crop box and landmarks" : searched ? "no face was found" : "crop box";
  return html`<div class="views">${
    faces
      ? ["onset", "apex", "offset"].map((moment, i) =>
        picture(look.frames[i], `The ${moment} frame of ${name} with ${found}`, moment)
      )
      : picture(undefined, `${name}: ${found} at the onset, as lines`, found)
  }<figure><img class="flow" src="${look.flow}" width="160" height="160" alt="Optical flow of ${name} from onset to apex in ${where} of the frame, longest motion ${
    motion.toFixed(1)
  } pixels"><figcaption>flow, full at ${motion.toFixed(1)} px</figcaption></figure></div>`;
}

function timeline(sample: Sample): Markup {
  const { source, onset, apex, offset, fps, apexOrigin } = sample;
  const count = source.kind === "images" ? source.files.length : source.frames, last = Math.max(1, count - 1);
  const at = (position: number) => round(100 * position / last);
  const time = (frames: number) => `${Math.round(1000 * frames / fps)} ms`;
  return html`<div class="time"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
<rect y="4" width="100" height="2" fill="var(--line)"/><rect x="${at(onset)}" y="3" width="${
    round(at(offset) - at(onset))
  }" height="4" fill="var(--accent)"/><rect x="${round(at(apex) - 0.6)}" y="0" width="1.2" height="10" fill="${
    apexOrigin === "coded" ? "var(--ink)" : "var(--soft)"
  }"/></svg>
<p>${offset - onset + 1} frames, ${time(offset - onset)}; apex after ${time(apex - onset)}${
    apexOrigin === "coded" ? "" : " (the midpoint: none is coded)"
  }${source.kind === "video" ? "; a video" : ""}</p></div>`;
}

function problems({ problems }: CheckReport): Markup {
  const kinds = [...Map.groupBy(problems, ({ field, remedy, dropped }) => JSON.stringify([field, remedy, dropped])).values()];
  kinds.sort((a, b) => Number(b[0]!.dropped) - Number(a[0]!.dropped) || b.length - a.length);
  const item = (problem: typeof problems[number]) => html`<li><strong>${problem.clip}</strong>: ${problem.found}</li>`;
  return html`<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<div class="panel">${
    kinds.length === 0 ? html`<p>No problem was found.</p>` : kinds.map((kind) => {
      const { field, remedy, dropped } = kind[0]!;
      return html`<article class="problem"><h3>${field}${dropped ? html`<span class="dropped">left out</span>` : undefined}</h3>
<p>${capital(remedy)}.</p>${
        kind.length <= 4
          ? html`<ul class="small">${kind.map(item)}</ul>`
          : html`<details class="small"><summary>${kind.length} clips or files</summary><ul>${kind.map(item)}</ul></details>`
      }</article>`;
    })
  }</div></section>`;
}

function milliseconds({ onset, offset, fps }: Sample): number {
  return 1000 * (offset - onset) / fps;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `−${-value}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).replace(/\.$/, "");
}
