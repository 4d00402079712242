import * as tf from "@tensorflow/tfjs";
import { type Optimiser, type SharedSlot, trainingStep } from "../../engine/mod.ts";
import {
  contrastiveLoss,
  domainLoss,
  expressionLoss,
  gradientReversal,
  grlSchedule,
  overallLoss,
  relationLoss,
} from "../../losses/mod.ts";
import type { Params } from "../../types.ts";
import type { Pipeline } from "../schema.ts";
import type { Row } from "../rows.ts";
import type { StreamMaps } from "../../models/mod.ts";
import type { GuidedNetworks } from "./guided_networks.ts";
import type { ClipBatch } from "./clip_batch.ts";
import { below, under } from "./params.ts";
import { type InputTrail, ReadAhead } from "./read_ahead.ts";
import { learningRateAt } from "./schedule.ts";
import { correctPart, refuseUnlessFinite, type StepReport } from "./train_expression.ts";

/** What stage (c) draws from. */
export interface GuidedData {
  /** Positions of the next micro clips. */
  readonly drawMicro: () => number[];
  /** Their tensors; the loop disposes them. */
  readonly microBatch: (positions: readonly number[]) => ClipBatch;
  /** The class of each micro position. */
  readonly microClasses: readonly number[];
  /** Positions of the next macro clips. */
  readonly drawMacro: () => number[];
  /** What the frozen MaNet makes of them, or their tensors where MaNet is trained along; the loop disposes it. */
  readonly macroInput: (
    positions: readonly number[],
  ) => { readonly maps: StreamMaps } | { readonly batch: ClipBatch };
  /** The class of each macro position, in the micro label set. */
  readonly macroClasses: readonly number[];
  /** The weight of each class in L_c. */
  readonly classWeights?: readonly number[] | undefined;
  /** Random start offsets of the intervals; the same call order in every row. */
  readonly offsets: () => number[] | undefined;
  /** Draws dropout masks. */
  readonly random: () => number;
  /** Steps that are over already. @default 0 */
  readonly from?: number;
  /** What making a batch changes beside it: with it, batches are made while the engine computes. @default they are not */
  readonly trail?: InputTrail;
  /** Where recordings of the step are shared with other trainings. @default nowhere */
  readonly shared?: SharedSlot | undefined;
}

/**
 * Stage (c): trains MiNet and the heads under the guidance of a frozen MaNet, Eq. 8. Domain label 1 = micro. MaNet's
 * maps are inputs here, so no gradient reaches it. Replaces the entries of `params` in place: MiNet's parameters under
 * `minet.`, the heads' under `spatialDomain.`, `temporalDomain.` and `relation.`.
 *
 * A row without terms runs with L_c alone and draws its micro batches from the same stream as the others.
 */
export async function trainGuided(
  networks: GuidedNetworks,
  row: Row,
  pipeline: Pipeline,
  params: Params,
  optimiser: Optimiser,
  data: GuidedData,
  onStep: (report: StepReport) => void | Promise<void>,
): Promise<void> {
  const stage = pipeline.stages.guided;
  const { losses } = pipeline;
  const has = (term: Row["terms"][number]) => row.terms.includes(term);
  const guided = row.terms.length > 0;
  const sharing = data.shared ? { shared: data.shared } : {};
  const training = trainingStep(loss, params, networks.trainable(row), optimiser, sharing);
  using next = new ReadAhead(inputsOf, { steps: stage.steps, from: data.from ?? 0 }, data.trail);
  try {
    for (let step = data.from ?? 0; step < stage.steps; step++) {
      optimiser.learningRate = learningRateAt(stage, step);
      const inputs = next.take();
      const value = training.run(inputs, next.ahead);
      const values = Object.fromEntries(
        Object.entries(value.scalars).map(([name, t]) => [name, t.dataSync()[0] as number]),
      );
      const total = value.loss.dataSync()[0] as number;
      tf.dispose([value, inputs] as unknown as tf.TensorContainer);
      refuseUnlessFinite(total, step);
      await onStep({ step: step + 1, steps: stage.steps, values: { loss: total, ...values } });
    }
  } finally {
    training.dispose(); // also where onStep ends the training
  }

  /** Drawn in this order. */
  function inputsOf(step: number): StepInputs {
    const progress = stage.steps > 1 ? step / (stage.steps - 1) : 1;
    const { schedule, scale } = losses.reversal;
    const positions = data.drawMicro();
    const input = data.microBatch(positions);
    const offsets = data.offsets();
    const macroPositions = guided ? data.drawMacro() : [];
    return {
      input,
      labels: classTensor(positions, data.microClasses),
      offsets,
      macroInput: guided ? data.macroInput(macroPositions) : undefined,
      macroLabels: classTensor(macroPositions, data.macroClasses),
      reversal: tf.scalar(grlSchedule(progress, { form: schedule, scale })),
    };
  }

  /** Eq. 8 and what the logs say of it. */
  function loss(
    { input, labels, offsets, macroInput, macroLabels, reversal }: StepInputs,
    updates: Params,
  ): { loss: tf.Scalar; scalars: Record<string, tf.Scalar> } {
    const microUpdates: Params = {};
    const micro = networks.micro(below(params, "minet."), input, offsets, {
      updates: microUpdates,
      random: data.random,
    });
    Object.assign(updates, under(microUpdates, "minet."));
    const expression = expressionLoss(
      micro.logits,
      labels,
      data.classWeights ? { classWeights: data.classWeights } : {},
    );
    const scalars: Record<string, tf.Scalar> = {
      expression,
      accuracy: correctPart(micro.logits, labels),
    };
    if (!macroInput) return { loss: tf.clone(expression), scalars };
    const mode = { updates, random: data.random };
    const macro = "maps" in macroInput
      ? networks.macro(macroInput.maps, offsets)
      : networks.macroTrained(params, macroInput.batch, offsets, mode);
    const n = labels.size, a = macroLabels.size, intervals = micro.intervalMaps.length;
    if (has("spatial")) {
      const apexMaps = [micro.apexMap, macro.apexMap] as tf.Tensor4D[]; // the check of pipelines saw to a spatial stream
      const both = gradientReversal(tf.concat(apexMaps, 0), reversal) as tf.Tensor4D; // (2n, h, w, C)
      const logits = networks.spatialDomain.apply(below(params, "spatialDomain."), both, mode); // (2n, 1)
      const isMicro = domainLabels(n, a, 1);
      scalars.spatial = domainLoss(logits, isMicro);
      scalars.spatialAccuracy = domainAccuracy(logits, isMicro);
    }
    // (n, h, w, C) for each interval, micro and macro -> (2n s_c, h, w, C), interval by interval
    const videos = () =>
      tf.concat(micro.intervalMaps.flatMap((map, s) => [map, macro.intervalMaps[s] as tf.Tensor4D]), 0);
    if (has("relation")) {
      const logits = networks.relation.apply(below(params, "relation."), videos() as tf.Tensor4D, mode); // (2n s_c, s_c)
      const index = tf.tensor1d(
        micro.intervalMaps.flatMap((_, s) => Array<number>(n + a).fill(s)),
        "int32",
      );
      scalars.relation = relationLoss(logits, index);
      scalars.relationAccuracy = correctPart(logits, index);
    }
    if (has("temporal")) {
      const reversed = gradientReversal(videos(), reversal) as tf.Tensor4D;
      const logits = networks.temporalDomain.apply(below(params, "temporalDomain."), reversed, mode); // (2n s_c, 1)
      const isMicro = domainLabels(n, a, intervals);
      scalars.temporal = domainLoss(logits, isMicro);
      scalars.temporalAccuracy = domainAccuracy(logits, isMicro);
    }
    if (has("contrastive") && losses.contrastive) {
      const { temperature, form, reduction } = losses.contrastive;
      scalars.contrastive = contrastiveLoss({ features: micro.z, labels }, {
        features: macro.z,
        labels: macroLabels,
      }, {
        temperature,
        form,
        reduction,
      });
    }
    // A MaNet trained along goes on with its own Eq. 1, or the adversaries would be free to ruin it.
    const own = "logits" in macro ? expressionLoss(macro.logits as tf.Tensor2D, macroLabels) : undefined;
    const total = overallLoss(
      {
        expression,
        spatial: scalars.spatial,
        relation: scalars.relation,
        temporal: scalars.temporal,
        contrastive: scalars.contrastive,
      },
      {
        spatial: losses.spatial?.weight ?? 0,
        relation: losses.relation?.weight ?? 0,
        temporal: losses.temporal?.weight ?? 0,
        contrastive: losses.contrastive?.weight ?? 0,
      },
    );
    return { loss: own ? tf.add(total, own) as tf.Scalar : total, scalars };
  }
}

/** What changes from step to step. */
interface StepInputs {
  readonly input: ClipBatch;
  readonly labels: tf.Tensor1D;
  readonly offsets: number[] | undefined;
  readonly macroInput: { readonly maps: StreamMaps } | { readonly batch: ClipBatch } | undefined;
  readonly macroLabels: tf.Tensor1D;
  /** The scale of the gradient reversal, a scalar. */
  readonly reversal: tf.Scalar;
}

function classTensor(positions: readonly number[], classes: readonly number[]): tf.Tensor1D {
  return tf.tensor1d(positions.map((p) => classes[p] as number), "int32");
}

/** 1 for micro, 0 for macro, in the order of concatenation, once for each interval. */
function domainLabels(n: number, a: number, intervals: number): tf.Tensor1D {
  const once = [...Array<number>(n).fill(1), ...Array<number>(a).fill(0)];
  return tf.tensor1d(Array.from({ length: intervals }, () => once).flat(), "int32");
}

/** The part of the maps whose domain the discriminator names rightly. */
function domainAccuracy(logits: tf.Tensor, isMicro: tf.Tensor1D): tf.Scalar {
  const said = tf.cast(tf.greater(tf.reshape(logits, [-1]), 0), "int32");
  return tf.mean(tf.cast(tf.equal(said, isMicro), "float32"));
}
