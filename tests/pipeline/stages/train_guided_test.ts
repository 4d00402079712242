// Stage (c): which way gradients flow, what stays frozen, and that nothing leaks.
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, gradients, seededRandom } from "../../../engine/mod.ts";
import { domainLoss, relationLoss } from "../../../losses/mod.ts";
import { MacroMaps } from "../../../pipeline/macro_maps.ts";
import { below, under } from "../../../pipeline/stages/params.ts";
import { type ExpressionTask, trainExpression } from "../../../pipeline/stages/train_expression.ts";
import { trainableNames } from "../../../pipeline/stages/guided_networks.ts";
import type { Row } from "../../../pipeline/rows.ts";
import { ststnet } from "../../../models/mod.ts";
import type { Mode, Params } from "../../../types.ts";
import { assertClose, useEngine } from "../../_engine.ts";
import { testFolder } from "../_tiny.ts";
import { GradientRecorder, guidedPipeline, TinyStage, values } from "./_guided.ts";

await useEngine();

const oneStep = guidedPipeline();
oneStep.stages.guided.steps = 1;

/** The gradients of one step with a reversal of the given scale. */
async function gradientsOf(terms: Row["terms"], scale: number): Promise<Record<string, Float32Array>> {
  const losses = { ...oneStep.losses, reversal: { schedule: "constant", scale } as const };
  const stage = new TinyStage({ ...oneStep, losses }, { terms, videoFeature: "intervals" });
  const recorder = new GradientRecorder();
  await stage.train({}, recorder);
  stage.dispose();
  return recorder.steps[0] as Record<string, Float32Array>;
}

/** The gradients of a head's plain loss on the same batch: no reversal, no other loss, weight 1. */
function plainGradients(
  term: "spatial" | "relation" | "temporal",
): Record<string, Float32Array> {
  const stage = new TinyStage(oneStep, { terms: [term], videoFeature: "intervals" });
  const { networks, params } = stage;
  const data = stage.data();
  const input = data.microBatch(data.drawMicro());
  const macroInput = data.macroInput(data.drawMacro()) as { maps: ReturnType<TinyStage["mapsOf"]> };
  const names = networks.trainable(stage.row);
  const updates: Params = {};
  const { value, grads } = gradients(
    () => {
      const mode = { updates, random: seededRandom(1).next };
      const micro = networks.micro(below(params, "minet."), input, undefined, mode);
      const macro = networks.macro(macroInput.maps, undefined);
      if (term === "spatial") {
        const maps = tf.concat([micro.apexMap!, macro.apexMap!], 0) as tf.Tensor4D;
        const logits = networks.spatialDomain.apply(below(params, "spatialDomain."), maps, mode);
        return { loss: domainLoss(logits, tf.tensor1d([1, 1, 0, 0], "int32")) };
      }
      const [micro1, micro2] = micro.intervalMaps, [macro1, macro2] = macro.intervalMaps;
      const maps = tf.concat([micro1!, micro2!, macro1!, macro2!], 0) as tf.Tensor4D;
      if (term === "temporal") {
        const logits = networks.temporalDomain.apply(below(params, "temporalDomain."), maps, mode);
        return { loss: domainLoss(logits, tf.tensor1d([1, 1, 1, 1, 0, 0, 0, 0], "int32")) };
      }
      const logits = networks.relation.apply(below(params, "relation."), maps, mode);
      return { loss: relationLoss(logits, tf.tensor1d([0, 0, 1, 1, 0, 0, 1, 1], "int32")) };
    },
    params,
    names,
  );
  const found = values(grads);
  tf.dispose([value, grads, updates, input.apex, input.frames, macroInput.maps] as tf.TensorContainer);
  stage.dispose();
  return found;
}

const heads = [
  { term: "spatial", head: "spatialDomain.", trunk: "minet.spatial.", weight: 0.1, sign: -1 },
  { term: "temporal", head: "temporalDomain.", trunk: "minet.temporal.", weight: 0.2, sign: -1 },
  { term: "relation", head: "relation.", trunk: "minet.temporal.", weight: 0.2, sign: 1 },
] as const;
for (const { term, head, trunk, weight, sign } of heads) {
  const way = sign < 0 ? "the trunk against it" : "the trunk with it";
  Deno.test(`the ${term} term trains its head down its loss and ${way}`, async () => {
    const alone = await gradientsOf([], 1);
    const guided = await gradientsOf([term], 0.7);
    const plain = plainGradients(term);
    const reversal = sign < 0 ? -0.7 : 1;
    let dot = 0, squares = 0;
    for (const [name, expected] of Object.entries(plain)) {
      const found = guided[name] as Float32Array;
      if (name.startsWith(head)) {
        assertClose([...found], [...expected].map((g) => weight * g), 1e-5, name);
      } else if (name.startsWith(trunk) && !name.includes("bn")) {
        const part = found.map((g, i) => g - (alone[name]?.[i] as number)); // what the term adds to L_c's gradient
        const scale = Math.max(...alone[name] ?? [], ...found.map(Math.abs), 1e-3); // float32 noise of the difference
        assertClose([...part], [...expected].map((g) => weight * reversal * g), 1e-4 * scale, name);
        expected.forEach((g, i) => {
          dot += g * (part[i] as number);
          squares += g * g;
        });
      }
    }
    assert(squares > 1e-8); // the loss does reach the trunk
    assertClose([dot / squares], [weight * reversal], 1e-3);
  });
}

Deno.test("a frozen MaNet keeps every parameter and running statistic; its kept maps give the same losses", async () => {
  const kept = new TinyStage(guidedPipeline()), computed = new TinyStage(guidedPipeline());
  const before = values(kept.manet);
  const folder = `${testFolder()}/maps`;
  await MacroMaps.write(folder, kept.macro.length, (i) => kept.mapsOf([i]));
  const maps = await MacroMaps.open(folder);
  const keptLosses = await kept.train({ macroInput: (positions) => ({ maps: maps.batch(positions) }) });
  const losses = await computed.train();
  maps.close();
  assertEquals(keptLosses.length, 3);
  keptLosses.forEach((step, i) => {
    assertEquals(Object.keys(step).length, 10); // the sum, four terms beside L_c, accuracies of L_c and of three heads
    for (const [name, value] of Object.entries(step)) {
      assertClose([value], [losses[i]?.[name] as number], 1e-5, name);
    }
  });
  assertEquals(values(kept.manet), before);
  assertEquals(values(computed.manet), before);
  assertEquals(kept.networks.trainable(kept.row).filter((name) => name.startsWith("manet.")), []);
  const trained = values(kept.params);
  for (
    const name of ["minet.spatial.conv1.weight", "minet.temporal.bn1.running_mean", "relation.fc.weight"]
  ) {
    assert(name in trained, name);
  }
  kept.dispose();
  computed.dispose();
});

Deno.test("macroNetwork: trained changes MaNet's weights and running statistics", async () => {
  const pipeline = guidedPipeline();
  pipeline.stages.guided.macroNetwork = "trained";
  const stage = new TinyStage(pipeline);
  Object.assign(stage.params, under(stage.manet, "manet."));
  const before = values(stage.params);
  await stage.train({
    macroInput: (positions) => ({ batch: stage.batch(stage.macro, positions) }),
  });
  const after = values(stage.params);
  for (
    const name of [
      "manet.spatial.conv1.weight",
      "manet.spatial.bn1.running_mean",
      "manet.temporal.layer4.1.conv2.weight",
      "minet.spatial.conv1.weight",
    ]
  ) {
    assertNotEquals(after[name], before[name]);
  }
  tf.dispose(stage.params); // MaNet's among them
});

Deno.test("a row without terms is plain training with L_c on the same batches", async () => {
  const guided = new TinyStage(guidedPipeline(), { terms: [], videoFeature: "mean", name: "lc" });
  const plain = new TinyStage(guidedPipeline(), { terms: [], videoFeature: "mean", name: "lc" });
  const losses = await guided.train({
    drawMacro: () => {
      throw new Error("no macro clip is needed");
    },
  });
  const network = plain.network();
  const params = below(plain.params, "minet.");
  const data = plain.data();
  const optimiser = adam({ learningRate: 0.01 });
  const expected: Record<string, number>[] = [];
  await trainExpression(
    {
      logits: (p, input: ReturnType<typeof data.microBatch>, mode) => network.apply(p, input, mode).logits,
      batch: data.microBatch,
      classes: data.microClasses,
      trainable: trainableNames(network),
    },
    params,
    plain.pipeline.stages.guided,
    optimiser,
    data.drawMicro,
    data.random,
    ({ values }) => {
      expected.push({ loss: values.expression as number, ...values });
    },
  );
  assertEquals(guided.drawn, plain.drawn);
  assertEquals(losses, expected);
  assertEquals(values(below(guided.params, "minet.")), values(params));
  optimiser.dispose();
  guided.dispose();
  tf.dispose([params, plain.manet]);
});

Deno.test("1,000 optimisation steps of all stages leave the number of tensors and bytes where they were", async () => {
  const before = tf.memory().numTensors;
  const memory = steadyMemory();
  const pipeline = guidedPipeline();
  pipeline.network.width = 1;
  pipeline.clip.size = 8;
  Object.assign(pipeline.stages.guided, { steps: 100, batch: 1 });
  const stage = new TinyStage(pipeline);
  await stage.train({}, adam({ learningRate: 1e-4 }), memory("guided"));
  assertEquals(stage.losses.length, 100);

  const network = stage.network(), minet = below(stage.params, "minet.");
  const data = stage.data();
  const task = {
    logits: (p: Params, input: ReturnType<typeof data.microBatch>, mode: Mode) =>
      network.apply(p, input, mode).logits,
    batch: data.microBatch,
    classes: data.microClasses,
    trainable: trainableNames(network),
  };
  await train(task, minet, 50, memory("micro"));
  tf.dispose([minet, below(stage.params, "spatialDomain."), below(stage.params, "temporalDomain.")]);
  tf.dispose([below(stage.params, "relation."), stage.manet]);

  const model = ststnet({ classes: 3 }), params = model.init(1);
  const images = {
    logits: model.apply,
    batch: () => tf.ones([1, 28, 28, 3]) as tf.Tensor4D,
    classes: [1],
    trainable: trainableNames(model),
  };
  await train(images, params, 850, memory("ststnet"));
  tf.dispose(params);
  assertEquals(tf.memory().numTensors, before);
});

async function train<Input>(
  task: ExpressionTask<Input>,
  params: Params,
  steps: number,
  onStep: (step: number) => void,
): Promise<void> {
  const optimiser = adam({ learningRate: 1e-4 });
  const settings = { steps, learningRate: 1e-4, decay: "cosine" } as const;
  const random = seededRandom(1).next;
  await trainExpression(task, params, settings, optimiser, () => [0], random, ({ step }) => onStep(step));
  optimiser.dispose();
}

/** Fails unless memory at every step of a stage is what it was after its first one. */
function steadyMemory(): (stage: string) => (step: number) => void {
  return (stage) => {
    let [tensors, bytes] = [0, 0];
    return (step) => {
      const { numTensors, numBytes } = tf.memory();
      if (step === 1) [tensors, bytes] = [numTensors, numBytes];
      assertEquals([numTensors, numBytes], [tensors, bytes], `${stage} step ${step}`);
    };
  };
}
