// Stage (c) with its steps replayed as graphs is stage (c) run operation by operation.
import { assertEquals } from "@std/assert";
import { recording } from "../../../engine/_recorder.ts";
import { adam, seededRandom } from "../../../engine/mod.ts";
import { under } from "../../../pipeline/stages/params.ts";
import { twoRates } from "../../../pipeline/stages/two_rates.ts";
import { useEngine } from "../../_engine.ts";
import { guidedPipeline, TinyStage, values } from "./_guided.ts";

await useEngine();
const { recorder } = recording;
const skipped = recorder ? "" : " (skipped: only the native engine, with a binding of ours, records)";

for (const macroNetwork of ["frozen", "trained"] as const) {
  Deno.test({
    name: `replayed guided steps are the direct ones to the last bit, MaNet ${macroNetwork}${skipped}`,
    ignore: !recorder,
    async fn() {
      const train = async (record: boolean) => {
        recording.recorder = record ? recorder : undefined;
        try {
          const pipeline = guidedPipeline();
          Object.assign(pipeline.stages.guided, { steps: 9, decay: "cosine", macroNetwork });
          const stage = new TinyStage(pipeline);
          if (macroNetwork === "trained") Object.assign(stage.params, under(stage.manet, "manet."));
          const random = seededRandom(9);
          const optimiser = twoRates(adam({ weightDecay: 0.001 }), adam(), 3);
          optimiser.learningRate = 0.01;
          const losses = await stage.train({
            offsets: () => [0, random.integer(2)],
            ...(macroNetwork === "trained"
              ? { macroInput: (positions) => ({ batch: stage.batch(stage.macro, positions) }) }
              : {}),
          }, optimiser);
          const params = values(stage.params);
          stage.dispose();
          return { losses, params };
        } finally {
          recording.recorder = recorder;
        }
      };
      const replayed = await train(true);
      assertEquals(replayed.losses.length, 9);
      assertEquals(replayed, await train(false));
    },
  });
}
