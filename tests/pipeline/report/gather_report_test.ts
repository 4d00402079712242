// Reports of real, tiny runs: what the folder leaves is what the page says, whole or incomplete.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gatherReport, writeReport } from "../../../pipeline/mod.ts";
import { parseHistory } from "../../../pipeline/report/_read_history.ts";
import { readPredictions, score } from "../../../eval/mod.ts";
import { UserError } from "../../../types.ts";
import { m2m } from "../../cli/_m2m.ts";
import { runTiny, testFolder, tinyPipeline } from "../_tiny.ts";

const pipeline = tinyPipeline({ rows: ["lc", "all"], seeds: [3, 5] });
let made: Promise<string> | undefined;
/** A run of two rows and two seeds. */
function tinyRun(): Promise<string> {
  made ??= runTiny(pipeline, "run", {
    command: ["m2m", "run", "/home/somebody/secret/tiny.yaml", "--data=/srv/faces"],
  })
    .then(() => `${testFolder()}/run`);
  return made;
}
const read = (file: string) => Deno.readTextFile(file);
const files = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("parseHistory() reads what History writes, empty cells left out", () => {
  assertEquals(parseHistory("stage,step,expression,spatial\nmicro,1,0.5,\nguided,20,1e-7,0.7\n"), [
    { stage: "micro", step: 1, values: { expression: 0.5 } },
    { stage: "guided", step: 20, values: { expression: 1e-7, spatial: 0.7 } },
  ]);
  assertEquals(parseHistory(""), []);
});

Deno.test("a run ends with a page, and gathers what its folders hold", async () => {
  const run = await tinyRun();
  const gathered = await gatherReport(run);
  assertEquals(gathered.rows.map(({ row, seed }) => [row, seed]), [["lc", 3], ["lc", 5], ["all", 3], [
    "all",
    5,
  ]]);
  assertEquals(gathered.folds, { done: 4, planned: 4 });
  for (const { row, seed, predictions } of gathered.rows) {
    const csv = readPredictions(await read(`${run}/rows/${row}/seed${seed}/predictions.csv`));
    assertEquals(score(predictions, gathered.classes), score(csv, gathered.classes));
  }
  const plan = JSON.parse(await read(`${run}/plan.json`));
  const groups = Map.groupBy(gathered.features, ({ group }) => group);
  assertEquals(groups.get("before")!.length, plan.micro.length);
  assertEquals(groups.get("after")!.length, plan.micro.length);
  assertEquals(groups.get("macro")!.length, plan.macro.length);
  assertEquals(gathered.histories.filter(({ row }) => row === "all").length, 4); // two folds, two seeds
  assertEquals(gathered.histories.filter(({ row }) => row === "").length, 2); // MaNet of each seed
  assertEquals(gathered.marks.map(({ kind }) => kind), ["synthetic"]);
  const page = await read(`${run}/report.html`);
  assert(
    !page.includes("secret") && !page.includes("/srv") && !page.includes(testFolder()),
    "the page names this machine",
  );
  assertStringIncludes(page, "…/tiny.yaml --data=…/faces");
  assertEquals(await files(`${run}/tensorboard`), ["all", "lc", "macro"]);
});

Deno.test("the page is the same when it is made again, and without faces it does not ask for a frame", async () => {
  const run = await tinyRun(), before = await read(`${run}/report.html`);
  await Deno.rename(`${testFolder()}/cache`, `${testFolder()}/cache away`); // no pixel can be read now
  try {
    await writeReport(run);
    assertEquals(await read(`${run}/report.html`), before);
    const error = await assertRejects(() => gatherReport(run, { faces: true }), UserError);
    assertStringIncludes(error.message, "leave out --faces");
  } finally {
    await Deno.rename(`${testFolder()}/cache away`, `${testFolder()}/cache`);
  }
  const { pictures, faces } = await gatherReport(run, { faces: true });
  assertEquals(faces, true);
  assert([...pictures.values()].every(({ image }) => image?.startsWith("data:image/png;base64,")));
});

Deno.test("m2m report gives page, CSV, JSON and LaTeX; several runs on one page", async () => {
  const run = await tinyRun(), out = `${testFolder()}/out`;
  const json = await m2m("report", run, "--json", "--csv", out);
  assertEquals(json.code, 0, json.err);
  const { tables } = JSON.parse(json.out);
  const { uf1 } = JSON.parse(await read(`${run}/summary.json`)).full;
  assertEquals(
    tables.scores.rows.find((r: { row: string; seed: number }) => r.row === "all" && r.seed === 3).uf1.value,
    uf1,
  );
  assertEquals(await files(out), Object.keys(tables).map((name) => `${name}.csv`).sort());
  const latex = await m2m("report", run, "--latex", "--out", `${testFolder()}/one.html`);
  assertStringIncludes(latex.out, `all (Eq. 8), seed 3 & `);
  await Deno.symlink(run, `${testFolder()}/again`);
  const two = await m2m("report", run, `${testFolder()}/again`, "--out", `${testFolder()}/two.html`);
  assertEquals(two.code, 0, two.err);
  const page = await read(`${testFolder()}/two.html`);
  assertStringIncludes(page, "run · again");
  assertStringIncludes(page, "run − again"); // the tests of the pair
  for (
    const [args, message] of [
      [["report"], "takes one run folder or more"],
      [["report", run, run], "named twice"],
      [["report", run, "--json", "--latex"], "exclude each other"],
    ] as const
  ) {
    const { code, err } = await m2m(...args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
  }
  const missing = await m2m("report", `${testFolder()}/nowhere`);
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.err, "name the folder of a run");
});

Deno.test("a run of which a fold is missing is reported as incomplete, one without any fold is refused", async () => {
  const run = await tinyRun(), part = `${testFolder()}/part`;
  await new Deno.Command("cp", { args: ["-r", run, part] }).output();
  await Deno.remove(`${part}/folds/seed3/smic_s14`, { recursive: true });
  const gathered = await gatherReport(part);
  assertEquals(gathered.folds, { done: 3, planned: 4 });
  assertEquals(gathered.marks.map(({ kind }) => kind), ["incomplete", "synthetic"]);
  await writeReport(part);
  assertStringIncludes(await read(`${part}/report.html`), "INCOMPLETE: 3 of 4 folds are done");
  await Deno.remove(`${part}/folds`, { recursive: true });
  const error = await assertRejects(() => gatherReport(part), UserError);
  assertStringIncludes(error.message, "no fold is done yet");
});
