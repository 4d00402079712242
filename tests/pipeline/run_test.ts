// A run folder: same bytes however it is run, going on, refusing, rows and seeds, and the end of a fold's process.
import { assert, assertAlmostEquals, assertEquals, assertIsError, assertStringIncludes } from "@std/assert";
import { definePipeline, type Pipeline, type RunOptions } from "../../pipeline/mod.ts";
import { UserError } from "../../types.ts";
import { commandArgs } from "../_engine.ts";
import { runTiny, testEngine, testFolder, tinyPipeline } from "./_tiny.ts";

const pipeline = tinyPipeline({ rows: ["lc", "all"], seeds: [3, 5] });
const of = (out: string, file: string) => `${testFolder()}/${out}/${file}`;
const text = (out: string, file: string) => Deno.readTextFile(of(out, file));

/** The run that others are compared with: folds one after the other. */
let first: Promise<string> | undefined;
function reference(): Promise<string> {
  first ??= runTiny(pipeline, "reference", { jobs: 1 }).then(() => text("reference", "predictions.csv"));
  return first;
}

async function refusal(p: Pipeline, out: string, options: RunOptions = {}): Promise<UserError> {
  const error = await runTiny(p, out, options).then(() => undefined, (e) => e);
  assertIsError(error, UserError);
  return error;
}

Deno.test("rows and seeds each have their folder, and the last row's first seed stands at the top", async () => {
  await reference();
  const table = JSON.parse(await text("reference", "table.json"));
  assertEquals(table.map(({ row, seed }: { row: string; seed: number }) => [row, seed]), [
    ["lc", 3],
    ["lc", 5],
    ["all", 3],
    ["all", 5],
  ]);
  for (const file of ["predictions.csv", "megc2019.log", "summary.json"]) {
    const all = await Promise.all(
      table.map(({ row, seed }: { row: string; seed: number }) =>
        text("reference", `rows/${row}/seed${seed}/${file}`)
      ),
    );
    assertEquals(await text("reference", file), all[2]);
    if (file === "predictions.csv") assertEquals(new Set(all).size, 4); // they are four trainings, not one
  }
  const { uf1 } = JSON.parse(await text("reference", "rows/lc/seed5/summary.json")).full;
  assertEquals(table[1].full.uf1, uf1);
});

Deno.test("the seeds of a row have their mean, deviation and interval beside the table, as JSON and as CSV", async () => {
  await reference();
  type Entry = { row: string; seed: number; full: { uf1: number }; smic: { uf1: number } };
  const table = JSON.parse(await text("reference", "table.json")) as Entry[];
  const over = JSON.parse(await text("reference", "over_seeds.json"));
  assertEquals(over.map(({ row, seeds }: { row: string; seeds: number[] }) => [row, seeds]), [
    ["lc", [3, 5]],
    ["all", [3, 5]],
  ]);
  const [a = NaN, b = NaN] = table.filter(({ row }) => row === "all").map(({ smic }) => smic.uf1);
  const { n, uf1 } = over[1].smic;
  assertEquals([n, uf1.n], [6, 2]);
  assertAlmostEquals(uf1.mean, (a + b) / 2, 1e-15);
  assertAlmostEquals(uf1.deviation, Math.abs(a - b) / Math.SQRT2, 1e-15);
  const half = Math.tan(0.475 * Math.PI) * Math.abs(a - b) / 2; // one degree of freedom is Cauchy's distribution
  assertAlmostEquals(uf1.interval.low, (a + b) / 2 - half, 1e-9);
  const [head, ...lines] = (await text("reference", "over_seeds.csv")).trim().split("\n");
  assertEquals(head, "row,title,seeds,part,n,measure,mean,deviation,low,high");
  assertEquals(lines.length, 2 * 2 * 4); // rows, parts, measures
  const line = lines.find((line) => line.startsWith("all,all (Eq. 8),2,smic,6,uf1,"))!;
  assertEquals(line.split(",").slice(6).map(Number), [
    uf1.mean,
    uf1.deviation,
    uf1.interval.low,
    uf1.interval.high,
  ]);
  const rows = (await text("reference", "table.csv")).trim().split("\n");
  assertEquals(rows[0], "row,title,seed,part,n,accuracy,macroF1,uf1,uar");
  assertEquals(rows.length, 1 + 2 * 2 * 2);
  assertEquals(Number(rows[1]?.split(",")[7]), table[0]?.full.uf1);
});

Deno.test("seeds given for a run take the place of the pipeline's, are kept, and are part of what resume compares", async () => {
  const quick = tinyPipeline({
    macro: undefined,
    losses: {},
    stages: { micro: { steps: 1, batch: 1 }, guided: { steps: 0 } },
    seeds: [3, 5],
  });
  const { table, overSeeds } = await runTiny(quick, "seeds", { seeds: [4, 7] });
  assertEquals(overSeeds[0]?.seeds, [4, 7]);
  assertStringIncludes(table, "L_c, seed 7");
  assertStringIncludes(table, "Mean over 2 seeds");
  const run = JSON.parse(await text("seeds", "run.json"));
  assertEquals([run.seeds, run.pipeline.seeds], [[4, 7], [4, 7]]);
  const error = await refusal(quick, "seeds", { resume: true });
  assertStringIncludes(error.message, "\n  pipeline.seeds: [4,7] -> [3,5]");
  const small = await runTiny(quick, "small seeds", {
    small: true,
    seeds: [4, 7],
    data: `${testFolder()}/small`,
  });
  assertEquals(small.rows.map(({ seed }) => seed), [4, 7]);
});

Deno.test("the same bytes when repeated with two folds at once", async () => {
  const expected = await reference();
  await runTiny(pipeline, "two", { jobs: 2, resume: true }); // the folder is missing: it starts
  assertEquals(await text("two", "predictions.csv"), expected);
  for (const file of ["rows/lc/seed5/predictions.csv", "folds/seed5/smic_s14/history-all.csv", "report.md"]) {
    assertEquals(await text("two", file), await text("reference", file));
  }
  for (const file of ["macro/seed5/manet.safetensors", "folds/seed5/smic_s14/minet-all.safetensors"]) {
    assertEquals(await Deno.readFile(of("two", file)), await Deno.readFile(of("reference", file)));
  }
});

Deno.test("resume trains the folds that are missing or incomplete and leaves the others alone", async () => {
  const expected = await reference();
  const folds = [
    "folds/seed3/smic_s14",
    "folds/seed3/smic_s20",
    "folds/seed5/smic_s14",
    "folds/seed5/smic_s20",
  ];
  const times = async () => {
    const stats = await Promise.all(
      folds.map((fold) => Deno.stat(of("reference", `${fold}/predictions.json`))),
    );
    return stats.map(({ mtime }) => mtime?.getTime());
  };
  const before = await times();
  const manet = await Deno.stat(of("reference", "macro/seed3/manet.safetensors"));
  await Deno.remove(of("reference", folds[0]!), { recursive: true });
  await Deno.remove(of("reference", `${folds[3]}/predictions.json`)); // the rest of its folder stays
  await Deno.remove(of("reference", "predictions.csv"));
  await runTiny(pipeline, "reference", { resume: true });
  assertEquals(await text("reference", "predictions.csv"), expected);
  const after = await times();
  assertEquals([after[1], after[2]], [before[1], before[2]]);
  assert(after[0] !== before[0] && after[3] !== before[3]);
  assertEquals((await Deno.stat(of("reference", "macro/seed3/manet.safetensors"))).mtime, manet.mtime);
});

Deno.test("a used folder is refused without resume, and a changed pipeline with it; nothing in it changes", async () => {
  await reference();
  const { mtime } = await Deno.stat(of("reference", "run.json"));
  const used = await refusal(pipeline, "reference");
  assertEquals(used.exitCode, 2);
  assertStringIncludes(
    used.message,
    "it holds a run already; go on with --resume, or choose another folder with --out",
  );
  const stages = { ...pipeline.stages, micro: { ...pipeline.stages.micro, steps: 4 } };
  const changed = await refusal({ ...pipeline, stages, sampling: "balanced" }, "reference", { resume: true });
  assertEquals(changed.exitCode, 2);
  assertStringIncludes(changed.message, "the pipeline has changed since it began");
  assertStringIncludes(changed.message, "\n  pipeline.stages.micro.steps: 3 -> 4");
  assertStringIncludes(changed.message, '\n  pipeline.sampling: "random" -> "balanced"');
  assertEquals((await Deno.stat(of("reference", "run.json"))).mtime, mtime);
});

Deno.test("resume stays with the engine that the run began with, and refuses another", async () => {
  const expected = await reference();
  await copyFolder(of("reference", ""), of("engine", ""));
  const run = JSON.parse(await text("engine", "run.json"));
  await Deno.writeTextFile(of("engine", "run.json"), JSON.stringify({ ...run, engine: "cpu" }));
  await runTiny({ ...pipeline, engine: "auto" }, "engine", { resume: true }); // the best one here is not cpu
  assertEquals(JSON.parse(await text("engine", "run.json")).engine, "cpu");
  await runTiny({ ...pipeline, engine: "cpu" }, "engine", { resume: true }); // the same, now by name
  const error = await refusal({ ...pipeline, engine: "wasm" }, "engine", { resume: true });
  assertStringIncludes(error.message, '\n  engine: "cpu" -> "wasm"');
  assertEquals(await text("engine", "predictions.csv"), expected);
});

Deno.test("a folder that holds something else is refused, with resume too", async () => {
  await Deno.mkdir(of("foreign", ""));
  await Deno.writeTextFile(of("foreign", "thesis.tex"), "\\end{document}");
  for (const resume of [false, true]) {
    const error = await refusal(pipeline, "foreign", { resume });
    assertEquals(error.exitCode, 2);
    assertStringIncludes(error.message, "foreign: the folder holds something else");
  }
  assertEquals([...Deno.readDirSync(of("foreign", ""))].map(({ name }) => name), ["thesis.tex"]);
});

Deno.test("resume on an empty folder starts", async () => {
  await reference();
  await Deno.mkdir(of("empty", ""));
  const stages = { micro: { steps: 1, batch: 1 }, guided: { steps: 0 } };
  await runTiny(tinyPipeline({ macro: undefined, losses: {}, stages }), "empty", { resume: true });
  assertEquals((await text("empty", "predictions.csv")).split("\n").length, 8); // header, six clips, the end
});

Deno.test("flow images that have changed are refused on resume, as is a database that has none", async () => {
  await reference(); // makes the databases, flow images among them
  const data = of("flow data", ""), images = `${data}flow`;
  await Deno.mkdir(images, { recursive: true });
  for (const { name } of Deno.readDirSync(of("data", "flow"))) {
    await Deno.copyFile(of("data", `flow/${name}`), `${images}/${name}`);
  }
  const micro = { databases: ["smic" as const] }, engine = testEngine();
  const methodSettings = { steps: 1, batch: 1 };
  const flow = definePipeline({ name: "x", method: "off-apexnet", micro, flow: {}, methodSettings, engine });
  await runTiny(flow, "flow", { data });
  await runTiny(flow, "flow", { data, resume: true });
  const [one, other] = [...Deno.readDirSync(images)].map(({ name }) => name).filter((n) =>
    n.endsWith(".png")
  );
  await Deno.copyFile(`${images}/${one}`, `${images}/${other}`);
  const changed = await refusal(flow, "flow", { data, resume: true });
  assertStringIncludes(changed.message, "the clips of the databases, or their flow images, have changed");
  const both = { ...flow.micro, databases: ["smic", "samm"] } as Pipeline["micro"];
  const missing = await refusal({ ...flow, protocol: "cde", micro: both }, "none", { data });
  assertStringIncludes(missing.message, "manifest.csv has no image of samm; make the folder again");
});

Deno.test("clips that have changed are refused on resume, damaged files are named", async () => {
  await reference();
  const file = of("damaged", "run.json");
  await Deno.mkdir(of("damaged", ""));
  const run = JSON.parse(await text("reference", "run.json"));
  await Deno.writeTextFile(file, JSON.stringify({ ...run, clips: "0000000000000000" }));
  const clips = await refusal(pipeline, "damaged", { resume: true });
  assertStringIncludes(clips.message, "the clips of the databases have changed since it began");
  await Deno.writeTextFile(file, '{"pipeline"');
  const half = await refusal(pipeline, "damaged", { resume: true });
  assertStringIncludes(
    half.message,
    "its run.json is damaged or of another program; choose another folder with --out",
  );
  const fold = of("damaged", "folds/seed3/smic_s14");
  await Deno.mkdir(fold, { recursive: true });
  await Deno.writeTextFile(`${fold}/predictions.json`, "[");
  await Deno.writeTextFile(file, JSON.stringify(run));
  const damaged = await refusal(pipeline, "damaged", { resume: true });
  assertEquals(
    damaged.message,
    `Cannot read ${fold}/predictions.json: it is damaged; remove ${fold} and run again with --resume.`,
  );
});

Deno.test("folds that fail are named, and the run goes on when the cause is gone", async () => {
  const expected = await reference();
  await copyFolder(of("reference", ""), of("failing", ""));
  await Deno.remove(of("failing", "folds/seed3"), { recursive: true });
  const maps = of("failing", "macro/seed3/maps.f32");
  await Deno.rename(maps, `${maps}.away`);
  const error = await refusal(pipeline, "failing", { resume: true });
  assertEquals(error.exitCode, 1);
  assertStringIncludes(
    error.message,
    "2 of 4 folds are done; 2 jobs have failed twice. When the cause is gone",
  );
  const summary = JSON.parse(await text("failing", "summary.json"));
  assertEquals(summary.incomplete.folds, { done: 2, of: 4 });
  assertEquals(summary.incomplete.failed.length, 2);
  assertEquals([summary.full, summary.soFar], [undefined, undefined]); // of the first seed there is nothing
  assertStringIncludes(error.message, "\n  fold smic/s14 (seed 3): Cannot guide MiNet: ");
  assertEquals(error.message.includes("    at "), false);
  await Deno.rename(`${maps}.away`, maps);
  await runTiny(pipeline, "failing", { resume: true });
  assertEquals(await text("failing", "predictions.csv"), expected);
});

Deno.test({
  name: "a killed run's processes end too, and the run goes on to the same bytes",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const expected = await reference();
    const file = of("killed.yaml", "").slice(0, -1);
    await Deno.writeTextFile(file, JSON.stringify(pipeline)); // JSON is YAML
    const out = of("killed", "").slice(0, -1);
    const parent = new Deno.Command(Deno.execPath(), {
      args: commandArgs("run", file, "--data", `${testFolder()}/data`, "--out", out),
      env: { M2M_CACHE: `${testFolder()}/cache` },
      stdout: "null",
      stderr: "null",
    }).spawn();
    // Kill it while a fold is at work: after the first fold is done, before the last is.
    await until(() => exists(`${out}/folds/seed3/smic_s14/predictions.json`), 200);
    await until(() => workers(out).length > 0, 60);
    parent.kill("SIGKILL");
    await parent.status;
    await until(() => workers(out).length === 0, 5);
    assertEquals(exists(`${out}/predictions.csv`), false);
    await runTiny(pipeline, "killed", { resume: true });
    assertEquals(await text("killed", "predictions.csv"), expected);
  },
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

/** The processes that work on a run folder, as Linux lists them. */
function workers(run: string): string[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(({ name }) => {
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/cmdline`).split("\0");
      return words.some((word) => word.endsWith("_worker.ts")) && words.includes(run) ? [name] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

async function until(done: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!done()) {
    if (performance.now() > end) throw new Error(`not so within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
