// What a fold leaves for the report: features and Grad-CAM of the held-out clips, in the order of the predictions.
import { assert, assertEquals } from "@std/assert";
import { readInsights, writeInsights } from "../../pipeline/insight.ts";
import { readSafetensors } from "../../models/mod.ts";
import { assertClose } from "../_engine.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

Deno.test("writeInsights() and readInsights() agree; what a clip lacks is left out for all", () => {
  const clip = (x: number) => ({
    z: Float32Array.of(x, x + 1, x + 2),
    apex: { shape: [1, 2], values: Float32Array.of(x, 0) },
    frames: { shape: [2, 1, 2], values: Float32Array.of(1, 2, 3, x) },
  });
  assertEquals(readInsights(writeInsights([clip(1), clip(5)]), "file"), [clip(1), clip(5)]);
  const { frames: _, ...less } = clip(5);
  assertEquals(readInsights(writeInsights([clip(1), less]), "file").map((i) => Object.keys(i)), [
    ["z", "apex"],
    ["z", "apex"],
  ]);
  assertEquals(readInsights(writeInsights([]), "file"), []);
});

Deno.test("a fold leaves z that its kept classifier turns into its prediction, and Grad-CAM by hand from them", async () => {
  await runTiny(tinyPipeline(), "insight");
  const fold = `${testFolder()}/insight/folds/seed1/smic_s14`;
  const predictions = JSON.parse(await Deno.readTextFile(`${fold}/predictions.json`)).rows.all;
  const insights = readInsights(await Deno.readFile(`${fold}/insight-all.safetensors`), "insight");
  assertEquals(insights.length, predictions.length);
  const { tensors } = readSafetensors(await Deno.readFile(`${fold}/minet-all.safetensors`));
  const weight = tensors.get("classifier.weight")!, bias = tensors.get("classifier.bias")!.data; // (L, 2 C')
  const d = weight.shape[1]!;
  for (const [i, { z, before, apex, frames }] of insights.entries()) {
    assertEquals([z!.length, before!.length], [d, d]);
    assert(z!.some((x, k) => x !== before![k])); // the guided stage changed it
    const logits = Array.from(
      bias as Float32Array,
      (b, l) => z!.reduce((sum, x, k) => sum + x * (weight.data as Float32Array)[l * d + k]!, b),
    );
    const exp = logits.map((x) => Math.exp(x)), total = exp.reduce((a, b) => a + b);
    assertClose(predictions[i].probabilities, exp.map((x) => x / total), 1e-4);
    // Before ReLU the places add up to the part of the logit that the apex frame gives (linear classifier of a pooled map); after it, to no less.
    const share = z!.slice(0, d / 2).reduce(
      (sum, x, k) => sum + x * (weight.data as Float32Array)[predictions[i].prediction * d + k]!,
      0,
    );
    const [h, w] = apex!.shape as [number, number];
    assert(apex!.values.reduce((sum, x) => sum + x, 0) >= share - 1e-4);
    assertEquals([frames!.shape[0], frames!.values.length], [5, 5 * h * w]);
  }
  const macro = readInsights(
    await Deno.readFile(`${testFolder()}/insight/macro/seed1/insight.safetensors`),
    "macro",
  );
  const plan = JSON.parse(await Deno.readTextFile(`${testFolder()}/insight/plan.json`));
  assertEquals(macro.map((clip) => clip.z!.length), plan.macro.map(() => d));
});
