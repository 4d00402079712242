// A run's kept networks as a model: the predictions of its folds again, the ensemble, the saliency, and what is refused.
import { assert, assertAlmostEquals, assertEquals, assertIsError, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type ClipPrediction, loadModel, type LoadModelOptions } from "../../predict/mod.ts";
import type { FoldResult } from "../../pipeline/run_folder.ts";
import { UserError } from "../../types.ts";
import { runTiny, testFolder, tinyPipeline } from "../pipeline/_tiny.ts";
import { clipOf, keptRun, planOf, startTestEngine } from "./_models.ts";

async function refusal(source: string, options: LoadModelOptions = {}): Promise<string> {
  const error = await loadModel(source, options).then(() => undefined, (e) => e);
  assertIsError(error, UserError);
  return error.message.replaceAll(testFolder(), "");
}

Deno.test("each fold's network says of its held-out clips what the run says, in every row", async () => {
  const run = await keptRun(), plan = await planOf(run);
  await startTestEngine();
  for (const row of ["lc", "all"]) {
    for (const fold of plan.folds) {
      const folder = `${run}/folds/seed3/${fold.name.replace("/", "_")}`;
      const { rows } = JSON.parse(await Deno.readTextFile(`${folder}/predictions.json`)) as FoldResult;
      const model = await loadModel(run, { member: fold.name, row });
      assertEquals(model.description.members.map(({ name }) => name), [fold.name]);
      fold.test.forEach((i, k) => {
        const { probabilities, class: predicted, logits, members } = model.predict(clipOf(plan, i));
        const expected = rows[row]![k]!;
        probabilities.forEach((p, c) => assertAlmostEquals(p, expected.probabilities![c]!, 1e-6));
        assertEquals([predicted, logits], [expected.prediction, members[0]!.logits]);
      });
      model.dispose();
    }
  }
});

Deno.test("an ensemble gives the mean of its members' probabilities, with logits of the same softmax", async () => {
  const run = await keptRun(), clip = clipOf(await planOf(run), 0);
  await startTestEngine();
  const both = await loadModel(`${run}/`);
  const { name, classes, origin, members } = both.description;
  assertEquals([name, classes.length, members.length], ["kept", 3, 2]);
  assertEquals([origin.row, origin.seed, origin.evaluated, origin.protocol], ["all", 3, true, "loso"]);
  const { full } = JSON.parse(await Deno.readTextFile(`${run}/summary.json`));
  assertAlmostEquals(origin.scores!.uf1, full.uf1, 1e-12);
  const each: ClipPrediction[] = [];
  for (const { name } of members) {
    const model = await loadModel(run, { member: name });
    each.push(model.predict(clip));
    model.dispose();
  }
  const together = both.predict(clip);
  assert(Math.abs(each[0]!.probabilities[0]! - each[1]!.probabilities[0]!) > 1e-4); // two networks, not one
  together.probabilities.forEach((p, c) => {
    assertAlmostEquals(p, (each[0]!.probabilities[c]! + each[1]!.probabilities[c]!) / 2, 1e-6);
    assertAlmostEquals(Math.exp(together.logits[c]!), p, 1e-9);
  });
  assertEquals(together.label, classes[together.class]);
  both.dispose();
});

Deno.test("saliency is on both streams' maps, of the predicted class unless another is asked for, and nothing leaks", async () => {
  const run = await keptRun(), clip = clipOf(await planOf(run), 0);
  await startTestEngine();
  const before = tf.memory().numTensors;
  const model = await loadModel(run);
  model.predict(clip);
  const loaded = tf.memory().numTensors;
  const { class: predicted } = model.predict(clip);
  const shown = model.saliency(clip), same = model.saliency(clip, { class: predicted });
  const other = model.saliency(clip, { class: (predicted + 1) % 3 });
  assertEquals([shown.apex!.shape, shown.frames!.shape], [[2, 2], [5, 2, 2]]);
  assertEquals(shown.apex!.values, same.apex!.values);
  assert(shown.apex!.values.join() !== other.apex!.values.join());
  assertEquals(tf.memory().numTensors, loaded);
  assertThrows(() => model.saliency(clip, { class: 3 }), RangeError, "class must be an index below 3");
  assertThrows(
    () => model.predict({ ...clip, shape: [4, 16, 16, 1] }),
    RangeError,
    "must be 5 x 16 x 16 x 1",
  );
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("what is no model, or keeps none, is said in one sentence", async () => {
  const run = await keptRun();
  assertEquals(
    await refusal(`${testFolder()}/nothing`),
    "Cannot load a model from /nothing: there is no folder of that name; name a run, or a folder that m2m export or m2m train-final made.",
  );
  assert((await refusal(testFolder())).includes("it has neither model.json nor run.json"));
  assertEquals(
    await refusal(run, { member: "smic/s3" }),
    "/kept has no network smic/s3 (did you mean smic/s14?).",
  );
  assertEquals(await refusal(run, { row: "lcc" }), "The run /kept has no row lcc (did you mean lc?).");
  assertEquals(await refusal(run, { seed: 4 }), "The run /kept has no seed 4 (known: 3).");
  const bare = await runTiny(tinyPipeline({ name: "bare", keepCheckpoints: "macro" }), "bare");
  assertEquals(
    await refusal(bare.run),
    "Cannot take a model from /bare: it kept no networks; run again with keepCheckpoints: all, or make one of all subjects with m2m train-final PIPELINE.",
  );
});
