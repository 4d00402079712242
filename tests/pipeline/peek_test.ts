// --peek: the training and the honest predictions stay as they are; what is chosen on the test subjects is marked everywhere.
import { assert, assertEquals, assertIsError, assertStringIncludes } from "@std/assert";
import { score } from "../../eval/mod.ts";
import { readScoreFile } from "../../eval/mod.ts";
import { Peek } from "../../pipeline/peek.ts";
import { type Prediction, UserError } from "../../types.ts";
import { commandArgs } from "../_engine.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

const stage = { batch: 2, learningRate: 0.03 };
const pipeline = tinyPipeline({
  rows: ["lc", "all"],
  stages: { macro: { steps: 2, batch: 2 }, micro: { steps: 2, ...stage }, guided: { steps: 8, ...stage } },
});
const of = (out: string, file: string) => `${testFolder()}/${out}/${file}`;
const text = (out: string, file: string) => Deno.readTextFile(of(out, file));

let done: Promise<void> | undefined;
function both(): Promise<void> {
  done ??= runTiny(pipeline, "honest").then(() => runTiny(pipeline, "peek", { peek: true })).then(() => {});
  return done;
}

const said = (...predicted: number[]): Prediction[] =>
  predicted.map((prediction, i) => ({ database: "smic", subject: "s1", clip: `${i}`, truth: 1, prediction }));

Deno.test("Peek keeps the first epoch with the highest accuracy on the test clips", () => {
  const epochs = [said(0, 0), said(1, 0), said(0, 1), said(0, 0)]; // 0, 1/2, 1/2, 0 right
  const peek = new Peek();
  let calls = 0;
  for (let step = 1; step <= 7; step++) {
    peek.look("all", { step, steps: 7 }, 2, () => epochs[calls++]!); // after 2, 4, 6 and the last, 7
  }
  assertEquals(calls, 4);
  const row = peek.rows(new Map([["all", { predictions: epochs[3]! }]])).get("all");
  assertEquals(row, { epoch: 2, epochs: 4, accuracy: 0.5, predictions: epochs[1]! });
});

Deno.test("Peek goes on from its JSON, and does not count an epoch twice that a resumed training repeats", () => {
  const whole = new Peek();
  let resumed = new Peek();
  const at = (peek: Peek, step: number) =>
    peek.look("all", { step, steps: 6 }, 2, () => said(step === 4 ? 1 : 0));
  for (const step of [1, 2, 3, 4, 5, 6]) at(whole, step);
  for (const step of [1, 2, 3, 4]) at(resumed, step);
  resumed = Peek.fromJSON(JSON.parse(JSON.stringify(resumed)));
  for (const step of [3, 4, 5, 6]) at(resumed, step);
  assertEquals(resumed.toJSON(), whole.toJSON());
});

Deno.test("the honest predictions and networks of a run with --peek are those of a run without, byte for byte", async () => {
  await both();
  for (const file of ["predictions.csv", "megc2019.log", "summary.json", "rows/lc/seed1/predictions.csv"]) {
    assertEquals(await text("peek", file), await text("honest", file));
  }
  const network = "folds/seed1/smic_s14/minet-all.safetensors";
  assertEquals(await Deno.readFile(of("peek", network)), await Deno.readFile(of("honest", network)));
});

Deno.test("the peeked row is the best epoch of each fold, and the lift is the difference of the two scores", async () => {
  await both();
  const { meaning, rows } = JSON.parse(await text("peek", "PEEKED-summary.json"));
  assertStringIncludes(meaning, "this is no result");
  assertEquals(rows.map((row: { row: string }) => row.row), ["lc", "all"]);
  for (const { row, honest, PEEKED, lift, epochs } of rows) {
    const last = (await readScoreFile(of("peek", `rows/${row}/seed1/predictions.csv`))).predictions;
    const best = await readScoreFile(of("peek", `rows/${row}/seed1/PEEKED-predictions.csv`));
    assertEquals(best.peeked, true);
    assertEquals([honest.uf1, PEEKED.full.uf1], [score(last, 3).uf1, score(best.predictions, 3).uf1]);
    assertEquals(lift.accuracy, PEEKED.full.accuracy - honest.accuracy);
    for (const subject of new Set(last.map((p) => p.subject))) {
      const right = (all: readonly Prediction[]) =>
        all.filter((p) => p.subject === subject && p.truth === p.prediction).length;
      assert(right(best.predictions) >= right(last), `${row} ${subject}`); // the last epoch is one of the candidates
      const { epoch, of } = epochs[`smic/${subject}`];
      assert(epoch >= 1 && epoch <= of);
      assertEquals(of, 4); // 3 training clips, batches of 2: two steps an epoch, eight steps
    }
  }
});

Deno.test("nothing peeked lies in a file without the mark in its name, and no challenge log of it", async () => {
  await both();
  const files = (folder: string): string[] =>
    [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
      isDirectory ? files(`${folder}/${name}`).map((f) => `${name}/${f}`) : [name]
    );
  const more = files(of("peek", "")).filter((file) => !files(of("honest", "")).includes(file)).sort();
  assertEquals(more, [
    "PEEKED-predictions.csv",
    "PEEKED-summary.json",
    "folds/seed1/smic_s14/PEEKED.json",
    "folds/seed1/smic_s20/PEEKED.json",
    "rows/all/seed1/PEEKED-predictions.csv",
    "rows/lc/seed1/PEEKED-predictions.csv",
  ]);
});

Deno.test("a run is not gone on with, with --peek or without it, unless it began so", async () => {
  await both();
  for (const [out, peek] of [["honest", true], ["peek", false]] as const) {
    const error = await runTiny(pipeline, out, { peek, resume: true }).catch((e) => e);
    assertIsError(error, UserError, `\n  peek: ${!peek} -> ${peek}`);
  }
});

Deno.test("m2m score says that a peeked file is no result, in text and in JSON", async () => {
  await both();
  const score = async (...more: string[]) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: commandArgs("score", of("peek", "PEEKED-predictions.csv"), ...more),
    }).output();
    return new TextDecoder().decode(stdout);
  };
  const lines = (await score()).trimEnd().split("\n");
  assertStringIncludes(lines[0]!, "PEEKED: the best epoch was chosen on the test subjects");
  const figures = lines.slice(1).filter((line) => /\d\.\d{4}/.test(line));
  assertEquals(figures.length, 4); // pooled and three classes
  for (const line of figures) assert(line.startsWith("PEEKED "), line);
  const json = JSON.parse(await score("--json"));
  assertEquals(Object.keys(json), ["meaning", "PEEKED"]);
});
