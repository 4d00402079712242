// m2m compare: run folders, rows, files; what it prints, and what it refuses.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readPredictions, writePeekedPredictions } from "../../eval/mod.ts";
import { definePipeline, readRun } from "../../pipeline/mod.ts";
import { testFolder, tinyPipeline } from "../pipeline/_tiny.ts";
import { m2m } from "./_m2m.ts";

const header = "database,subject,clip,truth,prediction,p0,p1,p2";
const line = (subject: string, clip: number, truth: number, prediction: number) =>
  `smic,${subject},c${clip},${truth},${prediction},${
    [0, 1, 2].map((k) => (k === prediction ? 1 : 0)).join()
  }`;

/** A run folder as `m2m run` leaves it, of two rows and two seeds, both subjects' clips right where the numbers say so. */
async function runFolder(name: string, right: Record<string, string[]>): Promise<string> {
  const folder = `${testFolder()}/${name}`;
  const pipeline = tinyPipeline({ rows: ["lc", "all"], seeds: [1, 2] });
  await Deno.mkdir(folder, { recursive: true });
  const classes = ["negative", "positive", "surprise"];
  await Deno.writeTextFile(`${folder}/run.json`, JSON.stringify({ pipeline, classes, engine: "cpu" }));
  await Deno.writeTextFile(
    `${folder}/plan.json`,
    JSON.stringify({ folds: [{ name: "smic/s1" }, { name: "smic/s2" }] }),
  );
  for (const [row, seeds] of Object.entries(right)) {
    for (const [i, bits] of seeds.entries()) {
      const lines = [...bits].map((bit, c) =>
        line(c % 2 ? "s2" : "s1", c, c % 3, bit === "1" ? c % 3 : (c + 1) % 3)
      );
      await Deno.mkdir(`${folder}/rows/${row}/seed${i + 1}`, { recursive: true });
      await Deno.writeTextFile(
        `${folder}/rows/${row}/seed${i + 1}/predictions.csv`,
        [header, ...lines, ""].join("\n"),
      );
    }
  }
  return folder;
}

Deno.test("m2m compare of one run folder compares its rows, seed by seed", async () => {
  const folder = await runFolder("rows", { lc: ["111000", "110000"], all: ["111111", "111110"] });
  const { code, out, err } = await m2m("compare", folder);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "2 runs over 6 clips of 2 subjects, classes negative, positive, surprise.");
  assertStringIncludes(out, "L_c vs all (Eq. 8), seed 2");
  assertStringIncludes(out, "Synthetic data: L_c, all (Eq. 8); says nothing about real faces.");
  const json = JSON.parse((await m2m("compare", folder, "--json")).out);
  assertEquals(json.sources.map(({ row, seeds }: { row: string; seeds: number[] }) => [row, seeds]), [
    ["lc", [1, 2]],
    ["all", [1, 2]],
  ]);
  const [pair] = json.pairs;
  assertEquals(pair.bySeed.map(({ mcnemar }: { mcnemar: { onlySecond: number } }) => mcnemar.onlySecond), [
    3,
    3,
  ]);
  assertEquals(pair.mcnemar.pValue, 2 / 2 ** 3); // of two seeds the larger, both are 1/4
});

Deno.test("m2m compare takes rows, seeds, files and logs together", async () => {
  const folder = await runFolder("mixed", { lc: ["111000", "110000"], all: ["111111", "111110"] });
  const log = `${testFolder()}/my.log`;
  await Deno.writeTextFile(log, "smic s1\nc0 0 0\nc2 2 2\nc4 1 1\nsmic s2\nc1 1 1\nc3 0 0\nc5 2 0\n");
  const { code, out, err } = await m2m(
    "compare",
    `${folder}:all`,
    log,
    `${folder}/rows/lc/seed1/predictions.csv`,
    "--seeds",
    "2",
    "--csv",
  );
  assertEquals([code, err], [0, ""]);
  const rows = out.trim().split("\n").map((line) => line.split(","));
  assertEquals(rows.slice(1).map(([first, second]) => [first, second]), [
    ["mixed:all", "my.log"],
    ["mixed:all", "predictions.csv"],
    ["my.log", "predictions.csv"],
  ]);
  const at = (name: string) => rows[0]!.indexOf(name);
  assertEquals(Number(rows[1]![at("mcnemar_p")]), 1); // all's seed 2 and the log miss the same clip
  assertEquals(Number(rows[2]![at("accuracy")]), 5 / 6 - 3 / 6);
  const latex = await m2m("compare", `${folder}:lc,all`, "--latex");
  assertStringIncludes(latex.out, "$L_{c}$ & ");
});

Deno.test("m2m compare --against sets each other run against one", async () => {
  const folder = await runFolder("against", { lc: ["111000", "110000"], all: ["111111", "111110"] });
  const log = `${testFolder()}/against.log`;
  await Deno.writeTextFile(log, "smic s1\nc0 0 0\nc2 2 2\nc4 1 1\nsmic s2\nc1 1 1\nc3 0 0\nc5 2 0\n");
  const pairs = async (...args: string[]) =>
    JSON.parse((await m2m("compare", ...args, "--json")).out).pairs
      .map(({ first, second }: { first: string; second: string }) => [first, second]);
  assertEquals(await pairs(`${folder}:lc,all`, log, "--against", log), [
    ["against:lc", "against.log"],
    ["against:all", "against.log"],
  ]);
  assertEquals(await pairs(folder, "--against", "lc"), [["all (Eq. 8)", "L_c"]]);
  const { code, err } = await m2m("compare", folder, "--against", "lz");
  assertEquals(code, 2);
  assertStringIncludes(err, "--against lz names none of the runs, or several; they are L_c, all (Eq. 8).");
});

Deno.test("m2m compare refuses predictions that were chosen on the test subjects", async () => {
  const file = `${testFolder()}/PEEKED-predictions.csv`;
  const honest = readPredictions([header, line("s1", 0, 0, 0), ""].join("\n"));
  await Deno.writeTextFile(file, writePeekedPredictions(honest));
  const { code, err } = await m2m("compare", file, file);
  assertEquals(code, 1);
  assertStringIncludes(err, `Cannot compare ${file}: `);
  assertStringIncludes(err, "Give the predictions.csv beside it.");
});

Deno.test("m2m compare leaves incomplete seeds out and says so; folds that are done count before the run is", async () => {
  const folder = await runFolder("partial", { lc: ["111000"], all: ["111111"] });
  const folds = (seed: number, name: string, row: string) => ({
    fold: name,
    rows: {
      [row]: [{ database: "smic", subject: name.slice(5), clip: "c0", truth: 0, prediction: seed % 3 }],
    },
  });
  const write = async (seed: number, name: string) => {
    const to = `${folder}/folds/seed${seed}/${name.replace("/", "_")}`;
    await Deno.mkdir(to, { recursive: true });
    const { rows } = folds(seed, name, "lc");
    await Deno.writeTextFile(
      `${to}/predictions.json`,
      JSON.stringify({ fold: name, rows: { ...rows, all: rows.lc } }),
    );
  };
  await write(2, "smic/s1");
  const { out, err } = await m2m("compare", folder);
  assertStringIncludes(err, `${folder}, row lc: seed 2 is left out, 1 of 2 folds are done`);
  assertStringIncludes(out, "One seed: no deviation, no interval.");
  await write(2, "smic/s2");
  const { rows } = await readRun(folder);
  assertEquals(rows[0]?.seeds.map(({ seed, predictions }) => [seed, predictions.length]), [[1, 6], [2, 2]]);
  assertEquals(rows[0]?.incomplete, []);
});

Deno.test("m2m compare --published shows what is published on the task, marks and sources with it", async () => {
  const log = `${testFolder()}/cde.log`;
  await Deno.writeTextFile(log, "smic s1\na 0 0\ncasme2 sub01\na 1 1\nsamm 006\na 2 2\n");
  const copy = `${testFolder()}/other.log`;
  await Deno.copyFile(log, copy);
  const { out } = await m2m("compare", log, copy, "--published");
  assertStringIncludes(out, "published, real data");
  assert(/STSTNet \("Shallow"\) \(Liong et al\. 2019\) +0\.7353 +0\.7605\*/.test(out), out);
  assertStringIncludes(out, "* LBP-TOP, smic UF1: Printed so in the challenge paper");
  assertStringIncludes(out, "Source: ");
  assertEquals(
    JSON.parse((await m2m("compare", log, copy, "--published", "--json")).out).published.length,
    8,
  );
});

const refused: [string, (folder: string) => string[], number, string][] = [
  ["nothing to compare", () => [], 2, "m2m compare takes two runs or more"],
  ["one row", (f) => [`${f}:lc`], 2, "m2m compare takes two runs or more"],
  [
    "a path that is not there",
    (f) => [f, "no/such"],
    1,
    "Cannot compare no/such: there is no such file or folder",
  ],
  ["a row that is not there", (f) => [`${f}:lc_lz`], 2, "it has no row lc_lz (known: lc, all)."],
  ["rows of a file", (f) => [`${f}/run.json:lc`, f], 2, "run.json is a file; only a run folder has rows"],
  [
    "a seed that is not there",
    (f) => [f, "--seeds", "1..3"],
    1,
    "seed 3 is not there or not complete; it has 1, 2",
  ],
  [
    "a folder that is no run",
    (f) => [`${f}/rows`, f],
    1,
    "it has no run.json; name a folder that m2m run made",
  ],
  ["the same twice", (f) => [`${f}:lc`, `${f}:lc`], 2, "with itself: it was named twice"],
  ["two forms of output", (f) => [f, "--json", "--csv"], 2, "--json and --csv exclude each other"],
];
for (const [name, args, code, part] of refused) {
  Deno.test(`m2m compare refuses ${name}`, async () => {
    const folder = await runFolder("refused", { lc: ["111000", "110000"], all: ["111111", "111110"] });
    const result = await m2m("compare", ...args(folder));
    assertEquals([result.code, result.out], [code, ""], result.err);
    assertStringIncludes(result.err, part);
    assert(!result.err.includes("    at "), result.err);
  });
}

Deno.test("m2m compare refuses runs over other clips and damaged runs, by name", async () => {
  const [one, other] = [
    await runFolder("one", { lc: ["1110", "1100"], all: ["1111", "1111"] }),
    await runFolder("other", { lc: ["111000", "110000"], all: ["111111", "111110"] }),
  ];
  const clips = await m2m("compare", one, other);
  assertEquals(clips.code, 1);
  assertStringIncludes(
    clips.err,
    "they are over different clips: other:all has 2 clips that not all have (smic/s1/c4, smic/s2/c5)",
  );
  const common = await m2m("compare", one, other, "--common");
  assertStringIncludes(common.err, "ONLY COMMON CLIPS: 2 of other:all are left out: smic/s1/c4, smic/s2/c5");
  assertStringIncludes(common.out, "ONLY COMMON CLIPS");
  await Deno.writeTextFile(`${other}/run.json`, '{"pipeline"');
  const damaged = await m2m("compare", one, other);
  assertStringIncludes(damaged.err, "other/run.json: it is damaged");
  const { pipeline } = { pipeline: definePipeline({ name: "x", micro: { databases: ["smic"] } }) };
  const foreign = { pipeline: { ...pipeline, protocol: "unheard of" }, classes: [], engine: "cpu" };
  await Deno.writeTextFile(`${other}/run.json`, JSON.stringify(foreign));
  assertStringIncludes((await m2m("compare", one, other)).err, "its pipeline is of another version");
});
