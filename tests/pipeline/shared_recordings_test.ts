// Jobs that one process does one after the other, with shared recordings, leave what each leaves by itself.
import { assert, assertEquals } from "@std/assert";
import { SharedRecordings } from "../../engine/mod.ts";
import { recording } from "../../engine/_recorder.ts";
import { makePlan } from "../../pipeline/make_plan.ts";
import { methodOf } from "../../pipeline/methods/mod.ts";
import { foldFolder } from "../../pipeline/run_folder.ts";
import { useEngine } from "../_engine.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

const { name: engine } = await useEngine();

/** MaNet and both folds in this process. */
async function train(out: string, pipeline: ReturnType<typeof tinyPipeline>, recordings?: SharedRecordings) {
  const folder = testFolder(), run = `${folder}/${out}`;
  const data = { data: `${folder}/data`, cache: `${folder}/cache`, small: false, say: () => {} };
  const plan = await makePlan(pipeline, engine, data);
  const method = methodOf(plan.pipeline);
  const options = recordings ? { recordings } : {};
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
  Deno.test(`folds that share recordings leave the bytes of folds that don't (class weights: ${classWeights})`, async () => {
    const losses = { spatial: {}, relation: {}, temporal: {}, contrastive: {}, classWeights };
    const pipeline = tinyPipeline({ losses, keepCheckpoints: "all" });
    const alone = await train(`alone ${classWeights}`, pipeline);
    assert(Object.keys(alone[0]!).some((name) => name.startsWith("minet-")));
    const shared = new SharedRecordings();
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
