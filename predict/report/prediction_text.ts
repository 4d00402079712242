import { csvTable } from "../../eval/csv_table.ts";
import { textTable } from "../../eval/text_table.ts";
import type { FilePrediction } from "../predict_file.ts";
import type { WindowPrediction } from "../results.ts";
import { failed, type ModelFacts, type PredictionReport } from "./types.ts";

/** What every output says of a model, one sentence. */
export function modelSentence({ name, member, evaluated, note }: ModelFacts): string {
  const state = evaluated ? "" : "NOT EVALUATED: nobody knows how often it is right. ";
  return `Model ${name}, ${member}. ${state}${note}`.trim();
}

/** What is said of an input before its table. */
export function inputSentence(of: FilePrediction): string {
  const { frames, seconds, width, height, spacing: [least, most], kind } = of;
  const rate = frames < 2
    ? ""
    : most > 1.5 * least
    ? `, ${(1 / most).toFixed(1)} to ${(1 / least).toFixed(1)} frames a second`
    : `, ${((frames - 1) / seconds).toFixed(1)} frames a second`;
  const what = kind === "images" ? "images" : "frames";
  return `${frames} ${what} of ${width}x${height}, ${seconds.toFixed(2)} s${rate}`;
}

/** The report as text for a terminal. */
export function predictionText({ model, inputs }: PredictionReport): string {
  const parts = [`${modelSentence(model)}\n`];
  for (const input of inputs) {
    if (failed(input)) {
      parts.push(`${nameOf(input.input)}: ${input.error}\n`);
      continue;
    }
    const head = [
      "face",
      "from",
      "to",
      "onset",
      "apex",
      "offset",
      "motion",
      "brief",
      "",
      "expression",
      ...model.classes,
    ];
    const rows = input.faces.flatMap(({ face, windows }) =>
      windows.map((window) => [
        String(face),
        ...timesOf(window).map((time) => time.toFixed(2)),
        window.motion.toFixed(2),
        window.brief.toFixed(2),
        window.peak ? "peak" : "",
        window.label,
        ...window.probabilities.map((p) => p.toFixed(3)),
      ])
    );
    const table = rows.length > 0 ? textTable(head, rows) : "";
    const notes = [...input.notes, ...input.cutShort === null ? [] : [input.cutShort]];
    parts.push(
      `${nameOf(input.input)}: ${inputSentence(input)}\n${
        notes.map((note) => `  ${note}\n`).join("")
      }${table}`,
    );
  }
  return parts.join("\n");
}

/** Every window as a row of CSV; inputs without any have none. */
export function predictionCsv({ model, inputs }: PredictionReport): string {
  const head = [
    ...[
      "input",
      "face",
      "from",
      "to",
      "onset",
      "apex",
      "offset",
      "onset_frame",
      "apex_frame",
      "offset_frame",
    ],
    ...[
      "spotted",
      "motion",
      "brief",
      "peak",
      "prediction",
      ...model.classes.map((name) => `p_${name}`),
      "evaluated",
    ],
  ];
  const rows = inputs.flatMap((input) =>
    failed(input) ? [] : input.faces.flatMap(({ face, windows }) =>
      windows.map((window) => [
        input.input,
        face,
        ...timesOf(window),
        ...[window.onset, window.apex, window.offset].map(({ frame }) => frame),
        window.spotted.join(" "),
        window.motion,
        window.brief,
        window.peak ? "yes" : "no",
        window.label,
        ...window.probabilities,
        model.evaluated ? "yes" : "no",
      ])
    )
  );
  return csvTable(head, rows);
}

function timesOf({ from, to, onset, apex, offset }: WindowPrediction): number[] {
  return [from, to, onset, apex, offset].map(({ time }) => time);
}

function nameOf(input: string): string {
  return input === "-" ? "standard input" : input;
}
