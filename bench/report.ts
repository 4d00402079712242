// How long the report of a run at the paper's size takes: 68 folds, 442 clips, six rows, z of 1024 numbers, 327 macro clips, learning
// curves of 200 points. The run folder is made of random numbers; nothing is trained, and the page says nothing.
//   deno task deno run -A bench/report.ts [--seeds 1] [--keep DIR]
import { parseArgs } from "@std/cli";
import { embed, reportPage, scalarsOf } from "../eval/report/mod.ts";
import { seededRandom } from "../engine/mod.ts";
import { definePipeline, gatherReport } from "../pipeline/mod.ts";
import { writeInsights } from "../pipeline/insight.ts";
import { foldFolder, insightFile, macroInsightFile, planFile } from "../pipeline/run_folder.ts";
import { pipelineRows } from "../pipeline/rows.ts";
import { writeWhole } from "../pipeline/write_whole.ts";

const { seeds: count = 1, keep } = parseArgs(Deno.args, { string: ["seeds", "keep"] });
const run = keep ? String(keep) : await Deno.makeTempDir();
const random = seededRandom("report bench");
const pipeline = definePipeline({
  name: "paper-size",
  micro: { databases: ["casme2", "smic", "samm"] },
  macro: { databases: ["ckplus"] },
  losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
  rows: ["lc", "lc_ls", "lc_lsam_lt", "lc_ls_lsam_lt", "lc_lcon", "all"],
  protocol: "cde",
  seeds: Array.from({ length: Number(count) }, (_, i) => i + 1),
});
const classes = ["negative", "positive", "surprise"];
const sizes = { casme2: [24, 145], samm: [28, 133], smic: [16, 164] } as const;
const micro = Object.entries(sizes).flatMap(([database, [subjects, clips]]) =>
  Array.from({ length: clips }, (_, i) => ({
    database,
    subject: `s${i % subjects}`,
    clip: `c${i}`,
    classIndex: random.integer(3),
    file: "none",
  }))
);
const macro = Array.from({ length: 327 }, (_, i) => ({
  database: "ckplus",
  subject: `S${i % 118}`,
  clip: `${i}`,
  classIndex: random.integer(3),
  file: "none",
}));
const names = [...new Set(micro.map(({ database, subject }) => `${database}/${subject}`))];
const folds = names.map((name) => {
  const [database, subject] = name.split("/") as [string, string];
  const test = micro.flatMap((clip, i) => `${clip.database}/${clip.subject}` === name ? [i] : []);
  return { name, database, subject, test, train: [] };
});
const numbers = (length: number) => Float32Array.from({ length }, () => random.next());
const z = (classIndex: number) => numbers(1024).map((x, d) => x + (d % 3 === classIndex ? 0.3 : 0));

await writeWhole(planFile(run), JSON.stringify({ pipeline, classes, engine: "none", micro, macro, folds }));
await writeWhole(
  `${run}/run.json`,
  JSON.stringify({ pipeline, classes, engine: "none", command: ["bench/report.ts"] }),
);
const values = [
  "expression",
  "accuracy",
  "loss",
  "spatial",
  "spatialAccuracy",
  "relation",
  "relationAccuracy",
  "temporal",
  "temporalAccuracy",
  "contrastive",
];
const history = ["stage,step," + values.join(",")];
for (const stage of ["micro", "guided"]) {
  for (let i = 1; i <= 200; i++) {
    history.push([stage, 5 * i, ...values.map(() => random.next().toPrecision(6))].join(","));
  }
}
for (const seed of pipeline.seeds) {
  await writeWhole(
    macroInsightFile(run, seed),
    writeInsights(macro.map(({ classIndex }) => ({ z: z(classIndex) }))),
  );
  for (const fold of folds) {
    const folder = foldFolder(run, seed, fold.name), rows: Record<string, unknown> = {};
    for (const { name } of pipelineRows(pipeline)) {
      const clips = fold.test.map((i) => micro[i]!);
      rows[name] = clips.map(({ database, subject, clip, classIndex }) => {
        const prediction = random.next() < 0.6 ? classIndex : random.integer(3);
        const probabilities = [0, 1, 2].map((c) => c === prediction ? 0.5 : 0.25);
        return { database, subject, clip, truth: classIndex, prediction, probabilities };
      });
      const grids = () => ({
        apex: { shape: [4, 4], values: numbers(16) },
        frames: { shape: [8, 4, 4], values: numbers(128) },
      });
      await writeWhole(
        insightFile(folder, name),
        writeInsights(
          clips.map(({ classIndex }) => ({ z: z(classIndex), before: z(classIndex), ...grids() })),
        ),
      );
      await writeWhole(`${folder}/history-${name}.csv`, history.join("\n") + "\n");
    }
    await writeWhole(`${folder}/predictions.json`, JSON.stringify({ fold: fold.name, rows }));
  }
}

const timed = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
  const start = performance.now(), result = await work();
  console.log(`${what.padEnd(40)} ${((performance.now() - start) / 1000).toFixed(2)} s`);
  return result;
};
console.log(
  `${folds.length} folds, ${micro.length} clips, ${
    pipelineRows(pipeline).length
  } rows, ${pipeline.seeds.length} seed(s)`,
);
const gathered = await timed("reading the run folder", () => gatherReport(run));
const { page } = await timed("the page, UMAP among it", () => reportPage(gathered));
await timed(`UMAP alone, ${gathered.features.length} x 1024`, () => embed(gathered.features.map((f) => f.z)));
await timed("TensorBoard's numbers", () => scalarsOf(gathered));
console.log(`${(page.length / 1e6).toFixed(2)} MB of page`);
if (keep) await Deno.writeTextFile(`${run}/report.html`, page);
else await Deno.remove(run, { recursive: true });
