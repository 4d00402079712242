// Suites: several pipelines in one file, run into one folder, set out in one table.
import { assert, assertEquals, assertIsError, assertMatch, assertStringIncludes } from "@std/assert";
import {
  isSuite,
  readExperiment,
  readPipeline,
  readSuite,
  runSuite,
  type Suite,
  suiteJsonSchema,
} from "../../pipeline/mod.ts";
import { merged } from "../../pipeline/suite/_merge.ts";
import { UserError } from "../../types.ts";
import { m2m } from "../cli/_m2m.ts";
import { testEngine, testFolder } from "./_tiny.ts";

const folder = testFolder();
const write = (name: string, text: string) => Deno.writeTextFileSync(`${folder}/${name}`, text);

write(
  "lbp.yaml",
  `name: lbp
method: lbp-top
micro: { databases: [smic] }
synthetic: { subjects: { casme2: 0, smic: 2, samm: 0, ckplus: 0 }, clipsPerSubject: 3, size: 48 }
clip: { frames: 5, size: 32 }
methodSettings: { radii: { x: 1, y: 1, t: 1 }, svm: { C: [1] } }
engine: ${testEngine()}
`,
);
write("flow.yaml", "name: flow\nmethod: ststnet\nmicro: { databases: [smic] }\nflow: { folder: nowhere }\n");

async function read(text: string): Promise<Suite> {
  write("suite.yaml", text);
  const suite = await readExperiment(`${folder}/suite.yaml`);
  assert(isSuite(suite));
  return suite;
}

async function problemsOf(text: string): Promise<string> {
  const error = await read(text).catch((e) => e);
  assertIsError(error, UserError);
  assertEquals(error.exitCode, 2);
  return error.message;
}

const head = "name: both\ntitle: Two methods\n";
const good = `${head}all:
  seeds: [1, 2]
  engine: ${testEngine()}
runs:
  - lbp.yaml
  - pipeline: flow.yaml
    change:
      flow: null
      synthetic: { subjects: { casme2: 0, smic: 2, samm: 0, ckplus: 0 }, clipsPerSubject: 3, size: 48 }
      clip: { frames: 2, size: 32 }
      methodSettings: { steps: 3, batch: 2 }
`;

Deno.test("changes are merged key by key; null leaves out, all else replaces", () => {
  const base = { a: { b: 1, c: [1, 2] }, d: 1, e: { f: 1 } };
  assertEquals(merged(base, { a: { c: [3] }, d: { g: 2 }, e: null, h: { i: null, j: 1 } }), {
    a: { b: 1, c: [3] },
    d: { g: 2 },
    h: { j: 1 },
  });
  assertEquals(base.a.c, [1, 2]);
});

Deno.test("a suite is its pipelines with the changes of all and their own", async () => {
  const { name, title, runs } = await read(good);
  assertEquals([name, title, runs.map(({ name }) => name)], ["both", "Two methods", ["lbp", "flow"]]);
  assertEquals(runs.map(({ seeds }) => seeds), [[1, 2], [1, 2]]);
  assertEquals(runs[1]?.flow, undefined);
  assertEquals(runs[0]?.synthetic, runs[1]?.synthetic);
  const alone = await readPipeline(`${folder}/lbp.yaml`);
  assertEquals(runs[0], { ...alone, seeds: [1, 2] });
  const experiment = await readExperiment(`${folder}/lbp.yaml`);
  assertEquals(experiment, alone);
});

Deno.test("every mistake of a suite comes at once, with its file and line", async () => {
  const message = await problemsOf(
    `${head}all: { seedz: [1] }
runs:
  - lbp.yaml
  - pipeline: lbp.yaml
    change:
      name: other
      clip: { siz: 3 }
  - nothing.yaml
  - flow.yaml
`,
  );
  assertStringIncludes(message, "suite.yaml: 3 problems");
  assertStringIncludes(message, "line 3: all.seedz: unknown key (did you mean seeds?)");
  assertStringIncludes(message, "line 9: runs.1.change.clip.siz: unknown key (did you mean size?)");
  assertMatch(message, /line 10: runs\.2: Cannot read the pipeline .*nothing\.yaml: there is no such file$/);
  assertEquals(message.match(/seedz/g)?.length, 1); // not once for each pipeline
  write("wrong.yaml", "name: wrong\nmicro: { databases: [smic] }\nclip:\n  size: 0\n");
  assertStringIncludes(
    await problemsOf(`${head}runs: [wrong.yaml]\n`),
    "wrong.yaml, line 4: clip.size: ",
  );
});

const wrong: [string, string, string[]][] = [
  ["no runs", `${head}runs: []\n`, ["line 3: runs: "]],
  ["a missing title", "name: x\nruns: [lbp.yaml]\n", ["title: is missing"]],
  ["a mistyped key", `${head}run: 1\nruns: [lbp.yaml]\n`, ["line 3: run: unknown key (did you mean runs?)"]],
  ["a mistyped key of a run", `${head}runs:\n  - { pipeline: lbp.yaml, chnge: {} }\n`, [
    "line 4: runs.0.chnge: unknown key (did you mean change?)",
  ]],
  ["a name twice", `${head}runs: [lbp.yaml, lbp.yaml]\n`, ["runs.1: has the name lbp, as another before it"]],
  ["a suite in a suite", `${head}runs: [suite.yaml]\n`, ["suite.yaml is a suite itself"]],
];
for (const [name, text, parts] of wrong) {
  Deno.test(`readExperiment names ${name}`, async () => {
    const message = await problemsOf(text);
    for (const part of parts) assertStringIncludes(message, part);
  });
}

Deno.test("a suite is no pipeline where one is wanted", async () => {
  await read(good);
  const error = await readPipeline(`${folder}/suite.yaml`).catch((e) => e);
  assertIsError(error, UserError, "it is a suite of several; m2m run takes it");
});

const places = { data: `${folder}/data`, cache: `${folder}/cache`, quiet: true, jobs: 2 };

Deno.test("a suite runs all its pipelines, goes on past one that fails, and resumes to the whole table", async () => {
  const suite = await read(good), out = `${folder}/out`;
  // The first pipeline's folder holds something else: its run fails, the other's does not.
  Deno.mkdirSync(`${out}/lbp`, { recursive: true });
  Deno.writeTextFileSync(`${out}/lbp/notes.txt`, "mine");
  const foreign = await runSuite(suite, { ...places, out }).catch((e) => e);
  assertIsError(foreign, UserError, "the folder holds something else");
  Deno.renameSync(`${out}/lbp`, `${folder}/lbp`);
  const began = await runSuite({ ...suite, runs: [] }, { ...places, out });
  assertStringIncludes(began.report.text, "Two methods");
  Deno.renameSync(`${folder}/lbp`, `${out}/lbp`);
  const first = await runSuite(suite, { ...places, out, resume: true });
  assertEquals(first.failures.map(({ name }) => name), ["lbp"]);
  assertStringIncludes(first.failures[0]!.why, "the folder holds something else");
  assertStringIncludes(first.report.text, "STSTNet (Liong et al. 2019)");
  assertStringIncludes(first.report.text, "Not begun: lbp (lbp-top).");

  Deno.removeSync(`${out}/lbp`, { recursive: true });
  const { failures, report } = await runSuite(suite, { ...places, out, resume: true });
  assertEquals(failures, []);
  assertMatch(report.text, /^LBP-TOP \(Zhao & Pietikäinen 2007\) .* synthetic, 1,2$/m);
  assertMatch(report.text, /^6 clips of 2 subjects\.$/m); // both over the same clips
  for (const [end, content] of [["txt", report.text], ["json", report.json], ["csv", report.csv]] as const) {
    assertEquals(Deno.readTextFileSync(`${out}/comparison.${end}`), content);
  }
  assertEquals(await readSuite(out), report);
  const csv = report.csv.split("\n");
  assert(csv.some((line) => line.startsWith('STSTNet,Liong et al. 2019,"ours, synthetic",full,uf1,2,')));

  const again = await m2m("compare", out);
  assertEquals([again.code, again.out], [0, report.text]);
  assertEquals((await m2m("compare", out, "--csv")).out, report.csv);
  assertEquals((await m2m("compare", `${out}/`, "--json")).out, report.json);
  const one = JSON.parse((await m2m("compare", out, "--json", "--seeds", "2")).out);
  assertEquals(one.tables[0].methods[0].ours.seeds, [2]);
  assertEquals((await m2m("compare", out, "--published")).code, 2);
  const none = await m2m("compare", out, "--seeds", "2,9");
  assertEquals([none.code, none.out], [1, ""]);
  assertStringIncludes(none.err, "no run of it has seed 9; they have 1, 2.");

  const used = await runSuite(suite, { ...places, out }).catch((e) => e);
  assertIsError(used, UserError, "it holds a suite already; go on with --resume");
  Deno.writeTextFileSync(`${out}/suite.json`, "{");
  const damaged = await readSuite(out).catch((e) => e);
  assertIsError(damaged, UserError, "suite.json: it is damaged; run the suite again with --resume");
  assertEquals((await runSuite(suite, { ...places, out, resume: true })).report, report);
  const other = await runSuite({ ...suite, name: "x" }, { ...places, out, resume: true }).catch((e) => e);
  assertIsError(other, UserError, "it holds the suite both, not x");
});

Deno.test("m2m run runs a suite small, and exits with 1 where a run failed", async () => {
  await read(`${head}runs:\n  - lbp.yaml\n  - { pipeline: lbp.yaml, change: { name: other } }\n`);
  const out = `${folder}/small`, file = `${folder}/suite.yaml`;
  const args = ["--small", "--quiet", "--data", places.data, "--out", out, "--jobs", "2"];
  const { code, out: table, err } = await m2m("run", file, ...args);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(table, "LBP-TOP");
  assertStringIncludes(table, `The suite is in ${out}`);
  Deno.writeTextFileSync(`${out}/other/run.json`, "no JSON");
  const damaged = await m2m("run", file, ...args, "--resume");
  assertEquals(damaged.code, 1);
  assertMatch(damaged.err, /^1 of the 2 runs failed;.*--resume\.\n {2}other: .*run\.json is damaged/);
  assertStringIncludes(damaged.out, "LBP-TOP (Zhao & Pietikäinen 2007)"); // of the run that can be read
  assertMatch(
    damaged.out,
    /^Left out: other \(lbp-top\): Cannot read .*run\.json: it is damaged; run again into/m,
  );
  Deno.removeSync(`${out}/other/run.json`);
  const failed = await m2m("run", file, ...args, "--resume");
  assertEquals(failed.code, 1);
  assertMatch(failed.err, /^1 of the 2 runs failed;.*--resume\.\n {2}other: Cannot run in .*something else/);
  assertStringIncludes(failed.out, "Not begun: other (lbp-top).");
  for (const more of [["--peek"], ["--detach"]]) {
    assertEquals((await m2m("run", file, ...args, "--resume", ...more)).code, 2);
  }
});

Deno.test("m2m schema suite prints the suite's schema, which takes a bare file name", async () => {
  const { code, out } = await m2m("schema", "suite");
  assertEquals([code, JSON.parse(out)], [0, JSON.parse(JSON.stringify(suiteJsonSchema()))]);
  assertStringIncludes(out, '"anyOf"');
  assertEquals((await m2m("schema", "suit")).code, 2);
});
