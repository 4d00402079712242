// Folds that one process begins and another one finishes, because they don't divide among the processes.
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { launchLocal } from "../../pipeline/launch/local.ts";
import { makePlan } from "../../pipeline/make_plan.ts";
import { methodOf } from "../../pipeline/methods/mod.ts";
import { runProgress } from "../../pipeline/progress/run_progress.ts";
import { foldFolder, planFile, unfinishedFolder } from "../../pipeline/run_folder.ts";
import { SharedWork } from "../../pipeline/shared_work.ts";
import { Stopped } from "../../pipeline/training_state.ts";
import { writeWhole } from "../../pipeline/write_whole.ts";
import { useEngine } from "../_engine.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

const { name: engine } = await useEngine();

async function planOf(pipeline: ReturnType<typeof tinyPipeline>, run: string) {
  const folder = testFolder();
  const data = { data: `${folder}/data ${pipeline.synthetic?.subjects.smic}`, cache: `${folder}/cache` };
  const plan = await makePlan(pipeline, engine, { ...data, small: false, say: () => {} });
  await writeWhole(planFile(`${folder}/${run}`), JSON.stringify(plan));
  return { plan, run: `${folder}/${run}` };
}

/** The bytes of a fold's files, but for the time that it took. */
function filesOf(folder: string): Record<string, Uint8Array> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name !== "timing.json"
  );
  return Object.fromEntries(names.sort().map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]));
}

const threeSubjects = { subjects: { casme2: 0, smic: 3, samm: 0, ckplus: 2, mmi: 0 } };

Deno.test("of three folds two processes do one and a half each, to the bytes of whole ones", async () => {
  const { synthetic } = tinyPipeline();
  const pipeline = tinyPipeline({
    synthetic: { ...synthetic!, ...threeSubjects },
    macro: undefined, // the end of a MaNet would be a matter of chance
    losses: {},
    stages: {
      macro: { steps: 2, batch: 2 },
      micro: { steps: 12, batch: 2, learningRate: 0.01 },
      guided: { steps: 18, batch: 2, learningRate: 0.01 },
    },
    keepCheckpoints: "all",
  });
  const run = async (name: string, jobs: number) => {
    const { plan, run } = await planOf(pipeline, name);
    assertEquals(plan.macro.length, 0);
    const waits: string[] = [], skips: number[] = [];
    const progress = {
      ...runProgress("none"),
      wait: (key: string) => void waits.push(key),
      skip: (_: string, steps: number) => void skips.push(steps),
    };
    assertEquals(await launchLocal(run, plan, { jobs, progress }), []);
    assertEquals([...Deno.readDirSync(`${run}/folds/seed1`)].length, 3);
    return { waits, skips, files: plan.folds.map((fold) => filesOf(foldFolder(run, 1, fold.name))) };
  };
  const whole = await run("one process", 1);
  assertEquals([whole.waits, whole.skips], [[], []]);
  const shared = await run("two processes", 2);
  assertEquals(shared.waits, [JSON.stringify({ kind: "fold", seed: 1, fold: 1 })]);
  assertEquals(shared.skips, [15]);
  assert(Object.keys(whole.files[1]!).some((name) => name.startsWith("minet-")));
  assertEquals(shared.files, whole.files);
});

Deno.test("a fold that is put aside in any stage leaves no tensors behind, and what goes on ends in the same bytes", async () => {
  const pipeline = tinyPipeline({ keepCheckpoints: "all" });
  const method = methodOf(pipeline);
  const shared = new SharedWork();
  const train = async (run: string, plan: Parameters<typeof method.trainFold>[0], until: number) => {
    let made = 0;
    const report = (done: number) => Promise.resolve(void (made = done));
    await method.trainFold(plan, run, 0, 1, report, { shared, stop: () => made >= until });
  };
  const whole = await planOf(pipeline, "whole");
  await method.trainMacro(whole.plan, whole.run, 1, () => Promise.resolve(), { shared });
  await train(whole.run, whole.plan, Infinity);
  const name = whole.plan.folds[0]!.name;
  const { plan, run } = await planOf(pipeline, "put aside");
  await method.trainMacro(plan, run, 1, () => Promise.resolve(), { shared });
  const before = tf.memory().numTensors;
  for (const until of [1, 3, 4]) { // in stage (b), at its end, in stage (c)
    await assertRejects(() => train(run, plan, until), Stopped);
    assertEquals(tf.memory().numTensors, before, `after ${until} steps`);
    assert([...Deno.readDirSync(unfinishedFolder(foldFolder(run, 1, name)))].length > 0);
  }
  await train(run, plan, Infinity);
  assertEquals(filesOf(foldFolder(run, 1, name)), filesOf(foldFolder(whole.run, 1, name)));
  shared.dispose();
});
