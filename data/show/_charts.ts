import type { Sample } from "../../types.ts";
import type { CheckReport } from "../check/mod.ts";
import { binsOf } from "./_bins.ts";
import { round } from "./_face_lines.ts";
import { html, type Markup, type Part } from "../../page/mod.ts";

/** Clips of each label beside the published counts. */
export function labelCounts(
  { labels, published, clips, subjects }: CheckReport,
  colour: (label: string) => string,
): Markup {
  const most = Math.max(1, ...Object.values(labels));
  const names = [...new Set([...Object.keys(labels), ...Object.keys(published?.labels ?? {})])];
  const counted = published !== undefined && Object.keys(published.labels).length > 0;
  const cell = (here: number, there: number | undefined) =>
    published === undefined
      ? undefined
      : there === undefined
      ? html`<td class="n soft">not given</td>`
      : html`<td class="n${here === there ? "" : " off"}">${there}${
        here === there ? "" : html`
          <span class="hidden">differs by</span> <span><span>(${signed(here - there)})</span></span>
        `
      }</td>`;
  const row = (name: string, here: number, there: number | undefined, bar: Part) =>
    html`<tr><th scope="row">${name}</th><td class="bar">${bar}</td><td class="n">${here}</td>${
      cell(here, there)
    }</tr>`;
  return html`
    <section aria-labelledby="labels">
      <h2 id="labels">Labels</h2>
      <div class="panel scroll">
        <table>
          <caption>${published === undefined
            ? "Clips of each label"
            : `Clips of each label, beside the published counts of ${published.title}; in brackets, where they differ, how many more or fewer are here`}</caption>
          <thead>
            <tr><th scope="col">label</th><td></td><th scope="col" class="n">here</th>${published ===
                undefined
              ? undefined
              : html`<th scope="col" class="n">published</th>`}</tr>
          </thead>
          <tbody>${names.map((name) => {
            const here = labels[name] ?? 0, bar = `${colour(name)};width:${round(100 * here / most)}%`;
            return row(
              name,
              here,
              counted ? published.labels[name] ?? 0 : undefined,
              html`<i style="${bar}"></i>`,
            );
          })}</tbody>
          <tfoot>${row("all clips", clips, published?.clips, undefined)}${row(
            "subjects",
            subjects,
            published?.subjects,
            undefined,
          )}</tfoot>
        </table>
      </div>
    </section>
  `;
}

/** Clips of each subject, by label. */
export function subjectBars(
  samples: readonly Sample[],
  labels: readonly string[],
  colour: (label: string) => string,
): Markup {
  const groups = [...Map.groupBy(samples, ({ subject }) => subject)];
  const most = Math.max(1, ...groups.map(([, clips]) => clips.length));
  return html`
    <section aria-labelledby="subjects">
      <h2 id="subjects">Subjects</h2>
      <div class="panel">
        <ul class="key" aria-hidden="true">${labels.map((label) =>
          html`<li><i style="${colour(label)}"></i>${label}</li>`
        )}</ul>
        <ul class="subjects">${groups.map(([subject, clips]) => {
          const parts = labels.map((label) =>
            [label, clips.filter((clip) => clip.label === label).length] as const
          )
            .filter(([, n]) => n > 0);
          return html`<li><span>${subject}</span><span class="stack" aria-hidden="true">${
            parts.map(([label, n]) => html`<i style="${colour(label)};--n:${n}" title="${label} ${n}"></i>`)
          }<i style="--n:${
            most - clips.length
          };--c:transparent"></i></span><span class="n">${clips.length}<span class="hidden"> clips: ${
            parts.map(([label, n]) => `${n} ${label}`).join(", ")
          }</span></span></li>`;
        })}</ul>
      </div>
    </section>
  `;
}

/** A histogram of the clips' lengths. */
export function lengthColumns(samples: readonly Sample[]): Markup {
  const bins = binsOf(samples.map(milliseconds), 20, Math.max(...samples.map(({ fps }) => 1000 / fps))),
    most = Math.max(1, ...bins.map(({ count }) => count));
  const whole = (value: number) => String(Math.round(value));
  const ends = bins.length > 0
    ? [bins[0]!.low, (bins[0]!.low + bins.at(-1)!.high) / 2, bins.at(-1)!.high]
    : [];
  return html`
    <section aria-labelledby="lengths">
      <h2 id="lengths">Lengths</h2>
      <figure class="panel">
        <div class="columns" aria-hidden="true" style="margin-top:1rem">${bins.map(({ count }) =>
          html`<i style="--h:${round(100 * count / most)}">${
            count === most || count > 0 && bins.length <= 16 ? html`<b>${count}</b>` : undefined
          }</i>`
        )}</div>
        <div class="ticks" aria-hidden="true">${ends.map((end) => html`<span>${whole(end)} ms</span>`)}</div>
        <figcaption>How long clips are from onset to offset, in milliseconds; a column counts clips.</figcaption>
        <details>
          <summary>The same as a table</summary>
          <div class="scroll">
            <table>
              <caption>Clips by length</caption>
              <thead>
                <tr>
                  <th scope="col">from, ms</th>
                  <th scope="col">to, ms</th>
                  <th scope="col" class="n">clips</th>
                </tr>
              </thead>
              <tbody>${bins.map(({ low, high, count }) =>
                html`
                  <tr>
                    <td>${whole(low)}</td>
                    <td>${whole(high)}</td>
                    <td class="n">${count}</td>
                  </tr>
                `
              )}</tbody>
            </table>
          </div>
        </details>
      </figure>
    </section>
  `;
}

/** From onset to offset. */
export function milliseconds({ onset, offset, fps }: Sample): number {
  return 1000 * (offset - onset) / fps;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `−${-value}`;
}
