// Jobs that one process does one after the other, sharing work, leave what each leaves by itself.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, trainingStep } from "../../engine/mod.ts";
import { recording } from "../../engine/_recorder.ts";
import { makePlan } from "../../pipeline/make_plan.ts";
import { methodOf } from "../../pipeline/methods/mod.ts";
import { foldFolder } from "../../pipeline/run_folder.ts";
import { SharedWork } from "../../pipeline/shared_work.ts";
import { useEngine } from "../_engine.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

const { name: engine } = await useEngine();

/** MaNet and both folds in this process. */
async function train(out: string, pipeline: ReturnType<typeof tinyPipeline>, shared?: SharedWork) {
  const folder = testFolder(), run = `${folder}/${out}`;
  const data = { data: `${folder}/data`, cache: `${folder}/cache`, small: false, say: () => {} };
  const plan = await makePlan(pipeline, engine, data);
  const method = methodOf(plan.pipeline);
  const options = shared ? { shared } : {};
  await method.trainMacro(plan, run, 1, () => Promise.resolve(), options);
  for (const fold of plan.folds.keys()) {
    await method.trainFold(plan, run, fold, 1, () => Promise.resolve(), options);
  }
  return plan.folds.map(({ name }) => filesOf(foldFolder(run, 1, name)));
}

/** The bytes of a folder's files, but for the time that it took. */
function filesOf(folder: string): Record<string, Uint8Array> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name !== "timing.json"
  );
  return Object.fromEntries(names.sort().map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]));
}

for (const classWeights of ["none", "balanced"] as const) {
  Deno.test(`folds that share recordings and fresh weights leave the bytes of folds that don't (class weights: ${classWeights})`, async () => {
    const losses = { spatial: {}, relation: {}, temporal: {}, contrastive: {}, classWeights };
    const pipeline = tinyPipeline({ losses, keepCheckpoints: "all" });
    const alone = await train(`alone ${classWeights}`, pipeline);
    assert(Object.keys(alone[0]!).some((name) => name.startsWith("minet-")));
    const shared = new SharedWork();
    let recorded = 0;
    const { recorder } = recording;
    if (recorder) {
      recording.recorder = {
        record: (f, inputs, changing) => {
          if (changing.length > 0) recorded++; // a training step, not inference
          return recorder.record(f, inputs, changing);
        },
      };
    }
    try {
      assertEquals(await train(`shared ${classWeights}`, pipeline, shared), alone);
    } finally {
      recording.recorder = recorder;
      shared.dispose();
    }
    // Stages (a) and (b) are the same step, but where (b) is weighted (here by the same weights in both folds); then (c).
    if (recorder) assertEquals(recorded, classWeights === "none" ? 2 : 3);
  });
}

Deno.test("fresh weights are drawn once for a key and handed out as copies that are the caller's own", async () => {
  const shared = new SharedWork();
  let drawn = 0;
  const take = (key: string) => {
    return shared.freshWeights(key, () => ({ w: tf.tensor1d([++drawn, 2]) })) as { w: tf.Tensor };
  };
  const before = tf.memory().numTensors;
  const first = take("a");
  const optimiser = adam({ learningRate: 1 });
  const step = trainingStep(
    ({ x }: { x: tf.Tensor1D }) => ({ loss: tf.sum(tf.mul(first.w, x)).asScalar() }),
    first,
    ["w"],
    optimiser,
  );
  const x = tf.tensor1d([1, 1]);
  tf.dispose(step.run({ x }));
  assertAlmostEquals((await first.w.data())[0]!, 0, 1e-3); // trained
  const second = take("a");
  assertEquals([...await second.w.data()], [1, 2]); // as it was drawn
  const third = take("b");
  assertEquals([...await third.w.data()], [2, 2]);
  assertEquals(drawn, 2);
  step.dispose();
  optimiser.dispose();
  tf.dispose([x, first, second, third]);
  shared.dispose();
  assertEquals(tf.memory().numTensors, before);
});
