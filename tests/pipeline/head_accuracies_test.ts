import { assertAlmostEquals, assertEquals } from "@std/assert";
import { headAccuracies } from "../../pipeline/head_accuracies.ts";
import type { FinishedRun } from "../../pipeline/mod.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

/** A history as a fold leaves it: two steps of stage (b), then those of stage (c). */
async function history(
  seed: number,
  fold: string,
  row: string,
  heads: string[],
  steps: number[][],
): Promise<void> {
  const folder = `${testFolder()}/folds/seed${seed}/${fold.replace("/", "_")}`;
  await Deno.mkdir(folder, { recursive: true });
  const empty = heads.map(() => "").join();
  const lines = [
    ["stage", "step", "accuracy", ...heads].join(),
    `micro,1,0.5,${empty}`,
    `micro,2,0.5,${empty}`,
    ...steps.map((values, i) => ["guided", i + 1, 0.9, ...values].join()),
  ];
  await Deno.writeTextFile(`${folder}/history-${row}.csv`, lines.join("\n") + "\n");
}

Deno.test("headAccuracies: the last third of stage (c), mean over folds and the seeds asked for", async () => {
  const row = (row: string) => ({ row, title: row, seeds: [], incomplete: [] });
  const run: FinishedRun = {
    folder: testFolder(),
    pipeline: tinyPipeline(),
    classes: [],
    versions: {},
    engine: "cpu",
    folds: ["smic/s1", "smic/s2"],
    rows: ["lc", "lc_ls", "lc_lsam_lt"].map(row),
  };
  for (const [seed, fold, last] of [[1, "smic/s1", 0.5], [1, "smic/s2", 0.7], [2, "smic/s1", 0]] as const) {
    await history(seed, fold, "lc", [], [[], []]);
    await history(seed, fold, "lc_ls", ["spatialAccuracy"], [[1], [1], [1], [1], [last], [last]]);
    await history(seed, fold, "lc_lsam_lt", ["relationAccuracy", "temporalAccuracy"], [[1, 0], [0.2, 0.4]]);
  }
  const found = await headAccuracies(run, [1]);
  assertEquals(Object.keys(found), ["lc_ls", "lc_lsam_lt"]); // L_c alone has no heads
  assertAlmostEquals(found.lc_ls!.spatial!, 0.6, 1e-12);
  assertEquals(found.lc_lsam_lt, { temporal: 0.4, relation: 0.2 }); // of two steps the last
});
