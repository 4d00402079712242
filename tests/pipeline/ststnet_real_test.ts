// Two folds of experiments/ststnet_cde.yaml, a few steps each, on real flow images.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { makePlan } from "../../pipeline/make_plan.ts";
import { methodOf } from "../../pipeline/methods/mod.ts";
import { readPipeline } from "../../pipeline/mod.ts";
import type { Plan } from "../../pipeline/plan.ts";
import { foldFolder, readFold } from "../../pipeline/run_folder.ts";
import type { Prediction } from "../../types.ts";
import { useEngine } from "../_engine.ts";

const data = Deno.env.get("M2M_REAL_DATA");
const steps = 24;

Deno.test({
  name: `STSTNet's folds train and predict on real flow images${data ? "" : " (skipped: no real data)"}`,
  ignore: !data,
  fn: async (t) => {
    const { name: engine } = await useEngine();
    const plan = await realPlan(engine);
    const run = await Deno.makeTempDir();
    try {
      await t.step("the plan is the composite's", () => {
        assertEquals(plan.micro.length, 442);
        assertEquals(plan.folds.length, 68);
        const counts = [0, 1, 2].map((k) => plan.micro.filter((clip) => clip.classIndex === k).length);
        assertEquals(counts, [250, 109, 83]);
      });
      for (const name of ["casme2/sub17", "smic/s15"]) {
        await t.step(name, async () => {
          const predictions = await train(plan, run, name);
          const own = plan.micro.filter((clip) => `${clip.database}/${clip.subject}` === name);
          assertEquals(predictions.map((p) => p.clip).sort(), own.map((clip) => clip.clip).sort());
          for (const { prediction, probabilities = [] } of predictions) {
            assertAlmostEquals(probabilities.reduce((a, b) => a + b), 1, 1e-5);
            assertEquals(prediction, probabilities.indexOf(Math.max(...probabilities)));
          }
          const losses = await lossesOf(run, name);
          assertEquals(losses.length, steps);
          const [before, after] = [mean(losses.slice(0, 6)), mean(losses.slice(-6))];
          assert(after < 0.9 * before, `the loss went from ${before} to ${after}`);
        });
      }
      await t.step("the same seed gives the same predictions", async () => {
        const again = await Deno.makeTempDir();
        const first = await readFold(run, 1, "smic/s15");
        assertEquals(await train(plan, again, "smic/s15"), first?.rows["ststnet"]);
        await Deno.remove(again, { recursive: true });
      });
    } finally {
      await Deno.remove(run, { recursive: true });
    }
  },
});

async function realPlan(engine: string): Promise<Plan> {
  const pipeline = await readPipeline("experiments/ststnet_cde.yaml");
  const { flow, methodSettings } = pipeline;
  const few = {
    ...pipeline,
    flow: { ...flow!, folder: "flow442" },
    methodSettings: { ...methodSettings, steps },
  };
  return await makePlan(few, engine, { data: data!, small: false, say: () => {} });
}

async function train(plan: Plan, run: string, name: string): Promise<readonly Prediction[]> {
  const index = plan.folds.findIndex((fold) => fold.name === name);
  const fold = plan.folds[index]!;
  assert(fold.train.every((i) => `${plan.micro[i]!.database}/${plan.micro[i]!.subject}` !== name));
  await methodOf(plan.pipeline).trainFold(plan, run, index, 1, () => Promise.resolve());
  return (await readFold(run, 1, name))!.rows["ststnet"]!;
}

async function lossesOf(run: string, name: string): Promise<number[]> {
  const text = await Deno.readTextFile(`${foldFolder(run, 1, name)}/history-ststnet.csv`);
  return text.trim().split("\n").slice(1).map((line) => Number(line.split(",")[2]));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
