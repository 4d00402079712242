import { startEngine } from "../engine/mod.ts";
import { loadModel } from "../predict/load_model.ts";
import { type FilePrediction, predictFile, type PredictFileOptions } from "../predict/predict_file.ts";
import type { Mark, SeenWindow } from "../predict/predict_frames.ts";
import {
  failed,
  type FailedInput,
  predictionCsv,
  predictionPage,
  type PredictionReport,
  predictionText,
} from "../predict/report/mod.ts";
import { steadyFinder } from "../predict/steady_finder.ts";
import { UserError } from "../types.ts";
import { type Arguments, parseArguments } from "./_arguments.ts";
import { oneOutput } from "./_one_output.ts";
import { PictureKeeper } from "./_pictures.ts";
import { stoppable } from "./_stoppable.ts";
import { writeFile } from "./_write_file.ts";

/** m2m predict */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("predict", args, {
    values: [
      "model",
      "fold",
      "fps",
      "window",
      "step",
      "clip-up-to",
      "onset",
      "apex",
      "offset",
      "engine",
      "page",
    ],
    switches: ["faces", "quiet", "json", "csv"],
  });
  const inputs = given.positional, run = given.value("model"), output = oneOutput("predict", given);
  if (inputs.length === 0) throw wrong("takes videos or folders of images, or - for standard input");
  if (run === undefined) throw wrong("needs --model, the folder of a run or of an exported model");
  if (inputs.filter((input) => input === "-").length > 1) throw wrong("standard input can be read once");
  const page = given.value("page");
  if (given.has("faces") && page === undefined) throw wrong("--faces goes with --page");
  const settings = windowSettings(given), options = marks(given);
  const fold = given.value("fold"), fps = positive(given, "fps");
  const say = given.has("quiet") ? () => {} : (line: string) => console.error(line);

  const finder = await steadyFinder();
  await startEngine(given.value("engine"), { say });
  const row = given.value("row"), seed = given.count("seed", 0);
  const model = await loadModel(run, {
    ...(fold === undefined ? {} : { member: fold }),
    ...(row === undefined ? {} : { row }),
    ...(seed === undefined ? {} : { seed }),
  });
  const { description } = model;
  const pictures = given.has("faces") ? new PictureKeeper() : undefined;
  const done: (FilePrediction | FailedInput)[] = [];
  await stoppable(async (signal) => {
    for (const [i, input] of inputs.entries()) {
      if (signal.aborted) break;
      const progress = new Reading(input, given.has("quiet"));
      done.push(
        await one(input, {
          ...{ ...settings, ...options, signal, finder },
          ...(fps === undefined ? {} : { fps }),
          onFrame: ({ time }) => progress.hear(time),
          ...(pictures === undefined ? {} : { onWindow: (seen: SeenWindow) => pictures.keep(i, seen) }),
        }).finally(() => progress.end()),
      );
    }
  });
  const report: PredictionReport = {
    model: {
      run,
      name: description.name,
      member: fold === undefined ? memberOf(description.members.length) : `fold ${fold}`,
      classes: description.classes,
      evaluated: description.origin.evaluated,
      note: [description.origin.note, description.preparation.note].filter(Boolean).join(" "),
    },
    settings: { window: settings.window, step: settings.step },
    inputs: done,
  };
  model.dispose();

  async function one(input: string, options: PredictFileOptions): Promise<FilePrediction | FailedInput> {
    try {
      return await predictFile(input, model, options);
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode === 2) throw error;
      return { input, error: error.message };
    }
  }

  if (page !== undefined) {
    await writeFile("page", page, predictionPage(report, pictures?.pictures() ?? []));
    say(`The page is ${page}.`);
  }
  console.log({
    text: () => predictionText(report).trimEnd(),
    json: () => JSON.stringify(report, null, 2),
    csv: () => predictionCsv(report).trimEnd(),
  }[output as "text" | "json" | "csv"]());
  return tell(report, output === "text");
}

/** What went wrong goes to standard error too, where the text on standard output does not say it; 1 if an input gave nothing. */
function tell({ inputs, model }: PredictionReport, told: boolean): number {
  let code = 0;
  if (!told && !model.evaluated) {
    console.error(`The model is NOT EVALUATED: nobody knows how often it is right. ${model.note}`);
  }
  for (const input of inputs) {
    if (failed(input)) {
      console.error(input.error);
      code = 1;
      continue;
    }
    if (input.faces.length === 0) code = 1;
    const notes = [...input.notes, ...input.cutShort === null ? [] : [input.cutShort]];
    if (!told) { for (const note of notes) console.error(`${input.input}: ${note}`); }
  }
  return code;
}

function memberOf(count: number): string {
  return count === 1 ? "one network" : `the mean of ${count} networks`;
}

function windowSettings(given: Arguments): { window: number; step: number; clipUpTo: number } {
  const window = positive(given, "window") ?? 1, step = positive(given, "step") ?? window / 2;
  if (step > window) throw wrong(`--step must not be over --window, found ${step} and ${window}`);
  return { window, step, clipUpTo: positive(given, "clip-up-to") ?? window };
}

function marks(given: Arguments): { onset?: Mark; apex?: Mark; offset?: Mark } {
  const names = (["onset", "apex", "offset"] as const).filter((name) => given.value(name) !== undefined);
  if (names.length > 0 && given.positional.length > 1) throw wrong(`--${names[0]} goes with one input`);
  return Object.fromEntries(names.map((name) => [name, markOf(name, given.value(name)!)]));
}

/** `12` is a frame, `0.4s` a time. */
function markOf(name: string, text: string): Mark {
  if (/^\d+$/.test(text)) return { frame: Number(text) };
  if (/^\d*\.?\d+s$/.test(text)) return { time: Number(text.slice(0, -1)) };
  throw wrong(`--${name} takes a frame's number (12) or seconds (0.4s), found ${text}`);
}

function positive(given: Arguments, name: string): number | undefined {
  const text = given.value(name);
  if (text === undefined) return undefined;
  if (/^\d*\.?\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw wrong(`--${name} must be a positive number, found ${text}`);
}

function wrong(why: string): UserError {
  return new UserError(`m2m predict: ${why}; see m2m --help.`, 2);
}

/** How far a long input is read, on a terminal. */
class Reading {
  readonly #name: string;
  readonly #shown: boolean;
  #told = performance.now();

  constructor(name: string, quiet: boolean) {
    this.#name = name;
    this.#shown = !quiet && Deno.stderr.isTerminal();
  }

  hear(time: number): void {
    if (!this.#shown || performance.now() - this.#told < 200) return;
    this.#told = performance.now();
    this.#write(`\r\x1b[2K${this.#name}: ${time.toFixed(1)} s`);
  }

  end(): void {
    if (this.#shown) this.#write("\r\x1b[2K");
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}
