import { documentOf, html, type Markup, topLine } from "../../page/mod.ts";
import type { FilePrediction } from "../predict_file.ts";
import type { FacePrediction, WindowPrediction } from "../results.ts";
import { inputSentence, modelSentence } from "./prediction_text.ts";
import { style } from "./_style.ts";
import { timeline } from "./_timeline.ts";
import { failed, type ModelFacts, type PredictionReport } from "./types.ts";

/** Pictures of a face's windows, data URIs. */
export interface FacePictures {
  /** Its position among the inputs. */
  readonly input: number;
  /** The face's number. */
  readonly face: number;
  /** When the window begins, seconds. */
  readonly from: number;
  /** The crop at the onset. */
  readonly onset: string;
  /** The crop at the apex. */
  readonly apex: string;
}

/**
 * A page about predictions, one file that loads nothing from anywhere: for each input and face the probabilities over time, or of the one clip, how much moves, and every window in a table.
 *
 * @param report
 * @param pictures Without any, the page shows no face.
 */
export function predictionPage(report: PredictionReport, pictures: readonly FacePictures[] = []): string {
  const { model, inputs, settings } = report;
  const body = html`
    <header>
    ${topLine("Macro2Micro · predictions")}
    <h1>${inputs.length === 1 ? shortName(inputs[0]!.input) : `${inputs.length} inputs`}</h1>
    ${model.evaluated
      ? html`<p class="soft">${modelSentence(model)}</p>`
      : html`<p class="strong">${modelSentence(model)}</p>`}
    </header>
    <main>
    ${inputs.map((input, i) =>
      html`
        <section aria-labelledby="input${i}">
          <h2 id="input${i}">${input.input}</h2>
          ${failed(input) ? html`<p class="note">${input.error}</p>` : inputPart(input, i, report, pictures)}
        </section>
      `
    )}
    </main>
    <footer>
      <h2>How to read it</h2>
      <p>Videos longer than ${settings.window} s are cut into windows of ${settings
        .window} s, one every ${settings
        .step} s; each is cut out of the video by the face in its first frame. Onset, apex and offset are spotted in each window unless they were given. <strong>Spotting is not detection:</strong> a class is named for every window, also where nothing happens. The motion tells how much moves (grey levels that neither head motion nor light explains, camera noise included); a peak is a window in which more than the face's usual motion comes and goes, and more than in its neighbours.</p>
      <p>A recogniser of expressions says what a face does, not what a person feels: it is no instrument for decisions about people.</p>
      <p>${pictures.length > 0
        ? "This page shows faces, because it was asked to (--faces). Do not pass it on unless the people shown and the licence allow it."
        : "This page shows no face; with --faces it shows crops."} It was made by <code>m2m predict</code> and loads nothing from anywhere.</p>
    </footer>
  `;
  return documentOf({ title: "Predictions", body, style });
}

function inputPart(
  input: FilePrediction,
  index: number,
  { model, settings }: PredictionReport,
  pictures: readonly FacePictures[],
): Markup {
  const notes = [...input.notes, ...input.cutShort === null ? [] : [input.cutShort]];
  return html`
    <p class="soft">${inputSentence(input)}</p>
    ${notes.map((note) => html`<p class="note small">${note}</p>`)}
    ${input.faces.map((face) => {
      const own = pictures.filter((picture) => picture.input === index && picture.face === face.face);
      return html`
        <div class="panel">
          <div class="person">${own[0] === undefined
            ? undefined
            : html`<img src="${
              own[0].onset
            }" alt="Face ${face.face} when it came into sight" width="64" height="64">`}<h3>${face.windows[0]!
              .place === null
            ? "The whole frame"
            : `Face ${face.face}`}</h3></div>
          ${input.single ? single(face.windows[0]!, model) : html`
            ${key(model)}${timeline(face, model.classes, [
              face.windows[0]!.from.time,
              input.faces[0] === undefined ? 0 : lastTime(input),
            ], settings.step)}
          `}
          ${own.length > 0 ? crops(own, face) : undefined}
          ${table(face, model, `input ${index + 1}, face ${face.face}`, input.single)}
        </div>
      `;
    })}
  `;
}

function lastTime({ faces }: FilePrediction): number {
  return Math.max(...faces.map(({ windows }) => windows.at(-1)!.to.time));
}

function key({ classes }: ModelFacts): Markup {
  return html`<ul class="key" aria-hidden="true">${
    classes.map((name, k) => html`<li><i style="--c:var(--l${k % 8})"></i>${name}</li>`)
  }<li><i style="--c:var(--accent)"></i>motion stands out</li></ul>`;
}

/** The probabilities of one clip as bars. */
function single(
  { probabilities, class: best, onset, apex, offset, motion, spotted }: WindowPrediction,
  { classes }: ModelFacts,
): Markup {
  const given = (what: "onset" | "apex" | "offset") => spotted.includes(what) ? " (spotted)" : "";
  return html`
    <table class="probabilities">
      <caption>One clip: onset ${onset.time.toFixed(2)} s, apex ${apex.time.toFixed(2)} s${given(
        "apex",
      )}, offset ${offset.time.toFixed(2)} s; motion ${motion.toFixed(2)} levels</caption>
      <thead>
        <tr>
          <th scope="col">expression</th>
          <td></td>
          <th scope="col" class="n">probability</th>
        </tr>
      </thead>
      <tbody>${classes.map((name, k) =>
        html`
          <tr class="${k === best ? "best" : ""}">
            <th scope="row">${name}</th>
            <td class="bar"><i style="--c:var(--l${k % 8});width:${(100 * probabilities[k]!).toFixed(
              1,
            )}%"></i></td>
            <td class="n">${probabilities[k]!.toFixed(3)}</td>
          </tr>
        `
      )}</tbody>
    </table>
  `;
}

function crops(pictures: readonly FacePictures[], { face, windows }: FacePrediction): Markup {
  return html`<ul class="pictures">${
    pictures.map(({ from, onset, apex }) => {
      const window = windows.find((one) => one.from.time === from);
      return html`<li><span><img src="${onset}" alt="Face ${face}, onset, window from ${
        from.toFixed(2)
      } s" width="64" height="64"><img src="${apex}" alt="Its apex" width="64" height="64"></span>${
        window === undefined ? undefined : `${window.apex.time.toFixed(2)} s, ${window.label}`
      }</li>`;
    })
  }</ul>`;
}

/** Every window; folded where there are many. */
function table({ windows }: FacePrediction, { classes }: ModelFacts, name: string, single: boolean): Markup {
  const time = (value: number) => html`<td class="n">${value.toFixed(2)}</td>`;
  const content = html`
    <div class="scroll">
      <table class="dense">
        <caption>Windows of ${name}; times in seconds, probabilities of each class</caption>
        <thead>
          <tr><th scope="col" class="n">from</th><th scope="col" class="n">to</th><th scope="col" class="n">onset</th><th scope="col" class="n">apex</th><th scope="col" class="n">offset</th><th scope="col" class="n">motion</th><th scope="col" class="n">brief</th><th scope="col">expression</th>${classes
            .map((of) => html`<th scope="col" class="n">${of}</th>`)}</tr>
        </thead>
        <tbody>${windows.map(({ from, to, onset, apex, offset, motion, brief, peak, label, probabilities }) =>
          html`<tr>${[from, to, onset, apex, offset].map((moment) => time(moment.time))}<td class="n">${
            motion.toFixed(2)
          }</td><td class="n">${brief.toFixed(2)}${
            peak
              ? html`
                <span class="peak">peak</span>
              `
              : undefined
          }</td><td>${label}</td>${probabilities.map((p) => html`<td class="n">${p.toFixed(3)}</td>`)}</tr>`
        )}</tbody>
      </table>
    </div>
  `;
  return html`<details${
    single || windows.length > 8 ? undefined : html`
      open
    `
  }><summary>${windows.length} window${
    windows.length === 1 ? "" : "s"
  } as a table</summary>${content}</details>`;
}

function shortName(input: string): string {
  return input === "-" ? "standard input" : input.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1)!;
}
