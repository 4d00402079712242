// Every pipeline file of the project, found wherever it lies, is documented, valid and runs small.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readMegc2019Log, readPredictions, score } from "../../eval/mod.ts";
import { readSafetensors } from "../../models/mod.ts";
import {
  comparisonMethods,
  isComparisonName,
  isSuite,
  type Pipeline,
  pipelineJsonSchema,
  readExperiment,
  readPipeline,
  suiteJsonSchema,
} from "../../pipeline/mod.ts";
import { runTiny, testEngine, testFolder } from "./_tiny.ts";

const root = new URL("../../experiments/", import.meta.url);
const all = [...yamlFiles(root)].sort();
const suites = all.filter((file) => /^runs:/m.test(Deno.readTextFileSync(file)));
const files = all.filter((file) => !suites.includes(file));

function* yamlFiles(folder: URL): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    if (entry.isDirectory) yield* yamlFiles(new URL(`${entry.name}/`, folder));
    else if (/\.ya?ml$/.test(entry.name)) yield decodeURIComponent(new URL(entry.name, folder).pathname);
  }
}

Deno.test("there are twenty-two pipeline files and a suite", () => {
  assertEquals(files.length, 22, files.join("\n"));
  assertEquals(suites.length, 1, suites.join("\n"));
});

Deno.test("pipeline.schema.json is what m2m schema prints", async () => {
  const kept = await Deno.readTextFile(new URL("pipeline.schema.json", root));
  assertEquals(JSON.parse(kept), JSON.parse(JSON.stringify(pipelineJsonSchema())));
});

Deno.test("suite.schema.json is what m2m schema suite prints", async () => {
  const kept = await Deno.readTextFile(new URL("suite.schema.json", root));
  assertEquals(JSON.parse(kept), JSON.parse(JSON.stringify(suiteJsonSchema())));
});

Deno.test("compare_cde.yaml runs every comparison method and the paper's, over the same clips", async () => {
  const suite = await readExperiment(suites[0]!);
  assert(isSuite(suite));
  const methods = suite.runs.map(({ method }) => method);
  assertEquals(methods.length, 13);
  assertEquals([...methods].sort(), [...Object.keys(comparisonMethods), "macro2micro"].sort());
  for (const { synthetic, protocol } of suite.runs) {
    assertEquals([synthetic, protocol], [suite.runs[0]?.synthetic, "cde"]);
  }
});

for (const file of all) {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const schema = suites.includes(file) ? "suite" : "pipeline";

  Deno.test(`${name} opens with what it is, what it needs and the command`, async () => {
    const text = await Deno.readTextFile(file);
    const head = /^(#.*\n)+/.exec(text)?.[0] ?? "";
    assertMatch(head, /^# \S.{20}/);
    assertMatch(head, /^# Needs: +\S/m);
    assertMatch(head, /^# Command: +deno task \S/m);
    if (!head.includes("task demo")) assertStringIncludes(head, `experiments/${name}`);
    assertMatch(text, new RegExp(`^\\$schema: .*${schema}\\.schema\\.json$`, "m"));
  });
}

for (const file of files) {
  const name = file.slice(file.lastIndexOf("/") + 1);

  Deno.test(`${name} runs small and leaves what a run leaves`, async () => {
    const pipeline = { ...await readPipeline(file), engine: testEngine() };
    const databases = [...pipeline.micro.databases, ...pipeline.macro?.databases ?? []].join("-");
    const { run, table } = await runTiny(pipeline, name, {
      small: true,
      data: `${testFolder()}/${databases}`,
    });
    await checkRun(run, pipeline);
    assertStringIncludes(table, "chance: majority");
    assertStringIncludes(table, "chance: shuffled");
  });
}

/** DESIGN.md's promises of a run folder. */
async function checkRun(run: string, pipeline: Pipeline): Promise<void> {
  const json = async (file: string) => JSON.parse(await Deno.readTextFile(`${run}/${file}`));
  const facts = await json("run.json");
  assertEquals(facts.pipeline.method, pipeline.method);
  if (pipeline.method === "macro2micro") assertEquals(facts.pipeline.network.width, 4);
  assertEquals(facts.seeds, [pipeline.seeds[0]]);
  assertEquals(facts.threadsPerFold, 1);
  assert(["native", "wasm", "cpu"].includes(facts.engine));
  assertEquals(Object.keys(facts.versions), ["macro2micro", "deno", "tfjs", "platform"]);
  const classes: string[] = facts.classes;
  assert(classes.length >= 3);

  const rows = pipeline.rows ?? [];
  const folders = ["", ...rows.length > 1 ? rows.map((row) => `rows/${row}/seed${facts.seeds[0]}/`) : []];
  for (const folder of folders) {
    const csv = await Deno.readTextFile(`${run}/${folder}predictions.csv`);
    const predictions = readPredictions(csv);
    assertEquals(
      csv.slice(0, csv.indexOf("\n")),
      `database,subject,clip,truth,prediction,${classes.map((_, c) => `p${c}`).join()}`,
    );
    const subjects = new Set(predictions.map((p) => `${p.database}/${p.subject}`));
    assertEquals(subjects.size, 2); // small runs the first and the last fold
    const names = predictions.map((p) => [p.database, p.subject, p.clip].join("\0"));
    assertEquals(names, [...names].sort());
    for (const { prediction, probabilities = [] } of predictions) {
      assertEquals(probabilities.indexOf(Math.max(...probabilities)), prediction);
    }
    const log = readMegc2019Log(await Deno.readTextFile(`${run}/${folder}megc2019.log`));
    assertEquals(log.length, predictions.length);
    const summary = await json(`${folder}summary.json`);
    const expected = score(predictions, classes);
    const { n, accuracy, macroF1, uf1, uar } = expected;
    assertEquals(summary.full, { n, accuracy, macroF1, uf1, uar });
    for (const [database, figures] of Object.entries(expected.perDatabase)) {
      assertEquals(summary[database].uf1, figures.uf1);
    }
    assertEquals([summary.chance.majority.n, summary.chance.shuffled.n], [n, n]);
  }
  if (rows.length > 1) {
    const table = await json("table.json");
    assertEquals(table.map((line: { row: string }) => line.row), rows);
    assertEquals(
      await Deno.readTextFile(`${run}/predictions.csv`),
      await Deno.readTextFile(`${run}/${folders.at(-1)}predictions.csv`),
    );
  }
  const report = await Deno.readTextFile(`${run}/report.md`);
  assertStringIncludes(report, `# ${pipeline.name}`);
  assertEquals(/!\[|<img/.test(report), false); // no images, so no faces

  const seed = `seed${facts.seeds[0]}`;
  const checkpoints: string[] = pipeline.macro ? [`macro/${seed}/manet.safetensors`] : [];
  for (const { name: fold } of Deno.readDirSync(`${run}/folds/${seed}`)) {
    if (isComparisonName(pipeline.method)) { // a comparison method has steps and files of its own
      const history = await Deno.readTextFile(`${run}/folds/${seed}/${fold}/history-${pipeline.method}.csv`);
      assertMatch(history, /^stage,step,/);
      continue;
    }
    const names = rows.length > 0 ? rows : ["all"];
    for (const name of names) {
      assertMatch(
        await Deno.readTextFile(`${run}/folds/${seed}/${fold}/history-${name}.csv`),
        /^stage,step,expression,accuracy/,
      );
      if (pipeline.keepCheckpoints === "all") {
        checkpoints.push(`folds/${seed}/${fold}/minet-${name}.safetensors`);
      }
    }
  }
  for (const file of checkpoints) {
    const { tensors } = readSafetensors(await Deno.readFile(`${run}/${file}`));
    assert(tensors.has("spatial.conv1.weight") && tensors.has("temporal.layer4.1.bn2.running_var"), file);
  }
}
