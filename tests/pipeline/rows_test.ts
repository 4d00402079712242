// The six ablation rows of Tables 2 and 3.
import { assert, assertEquals } from "@std/assert";
import { ablationRows, type RowName } from "../../pipeline/mod.ts";
import { pipelineRows } from "../../pipeline/rows.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

const names = Object.keys(ablationRows) as RowName[];

Deno.test("videoFeature auto: rows with L_sam use intervals, the others the mean; a switch forces one for all", () => {
  const features = (videoFeature: "auto" | "mean" | "intervals") =>
    pipelineRows(tinyPipeline({ network: { videoFeature, intervals: { count: 2 } }, rows: names }))
      .map((row) => [row.name, row.videoFeature]);
  assertEquals(features("auto"), [
    ["lc", "mean"],
    ["lc_ls", "mean"],
    ["lc_lsam_lt", "intervals"],
    ["lc_ls_lsam_lt", "intervals"],
    ["lc_lcon", "mean"],
    ["all", "intervals"],
  ]);
  assertEquals(new Set(features("mean").map(([, feature]) => feature)), new Set(["mean"]));
  assertEquals(new Set(features("intervals").map(([, feature]) => feature)), new Set(["intervals"]));
});

Deno.test("without rows, the losses make one, under the name of the ablation row with the same terms", () => {
  const row = (losses: Record<string, unknown>) => {
    const [first, ...more] = pipelineRows(tinyPipeline({ losses }));
    assertEquals(more, []);
    return [first?.name, first?.title];
  };
  assertEquals(row({}), ["lc", "L_c"]);
  assertEquals(row({ temporal: {}, relation: {} }), ["lc_lsam_lt", "L_c + L_sam + L_t"]);
  assertEquals(row({ contrastive: {}, spatial: {}, temporal: {}, relation: {} }), ["all", "all (Eq. 8)"]);
  assertEquals(row({ contrastive: {}, spatial: {} }), ["custom", "L_c + spatial + contrastive"]);
});

Deno.test("all six rows run, each with its own terms, on the same batches", async () => {
  // A learning rate that moves no weight: L_c of a step then depends on the step's batch alone, and must agree between rows.
  const still = { steps: 6, batch: 2, learningRate: 1e-30 };
  const pipeline = tinyPipeline({
    network: { width: 2, stem: "small", videoFeature: "mean", intervals: { count: 2, randomOffset: true } },
    stages: { macro: { steps: 1, batch: 2 }, micro: { steps: 1, batch: 2 }, guided: still },
    rows: names,
  });
  const { rows } = await runTiny(pipeline, "six");
  assertEquals(rows.map(({ row }) => row), names);
  const columns = {
    lc: [],
    lc_ls: ["spatial", "spatialAccuracy"],
    lc_lsam_lt: ["relation", "relationAccuracy", "temporal", "temporalAccuracy"],
    lc_ls_lsam_lt: [
      "spatial",
      "spatialAccuracy",
      "relation",
      "relationAccuracy",
      "temporal",
      "temporalAccuracy",
    ],
    lc_lcon: ["contrastive"],
    all: [
      "spatial",
      "spatialAccuracy",
      "relation",
      "relationAccuracy",
      "temporal",
      "temporalAccuracy",
      "contrastive",
    ],
  };
  for (const fold of ["smic_s14", "smic_s20"]) {
    const seen = new Map<string, string[][]>();
    for (const name of names) {
      const file = `${testFolder()}/six/folds/seed1/${fold}/history-${name}.csv`;
      const [head, ...lines] = (await Deno.readTextFile(file)).trim().split("\n").map((line) =>
        line.split(",")
      );
      assertEquals(head, ["stage", "step", "expression", "accuracy", "loss", ...columns[name]]);
      assertEquals(lines.map(([stage]) => stage), ["micro", ...Array(6).fill("guided")]);
      seen.set(name, lines.map((line) => line.slice(0, 4))); // stage, step, L_c, its accuracy
    }
    const expected = seen.get("lc")!;
    assert(new Set(expected.map(([, , loss]) => loss)).size > 3); // the batches of the steps do differ
    for (const name of names) assertEquals(seen.get(name), expected, `${fold} ${name}`);
  }
});
