import * as tf from "@tensorflow/tfjs";
import { augment, batchSampler } from "../../data/mod.ts";
import { adam, type Optimiser, type Random, seededRandom } from "../../engine/mod.ts";
import { loadParams, readSafetensors, saveParams } from "../../models/mod.ts";
import { type Clip, type Fold, type Params, type Prediction, UserError } from "../../types.ts";
import { ClipStore } from "../clip_store.ts";
import { History } from "../history.ts";
import { writeInsights } from "../insight.ts";
import { MacroMaps } from "../macro_maps.ts";
import type { Plan, PlanClip } from "../plan.ts";
import { pipelineRows, type Row } from "../rows.ts";
import { macroFolder, macroInsightFile } from "../run_folder.ts";
import type { Pipeline } from "../schema.ts";
import { type ClipBatch, clipBatch } from "../stages/clip_batch.ts";
import {
  type ExpressionNetwork,
  expressionNetwork,
  GuidedNetworks,
  trainableNames,
} from "../stages/guided_networks.ts";
import { below, copyParams, replaceParams, under } from "../stages/params.ts";
import { type StepReport, trainExpression } from "../stages/train_expression.ts";
import { trainGuided } from "../stages/train_guided.ts";
import { twoRates } from "../stages/two_rates.ts";
import { writeWhole } from "../write_whole.ts";
import { featuresOf, look } from "./_look.ts";
import { classWeights, type RowResult, toPredictions, trainingClasses, writeFold } from "./_fold.ts";
import type { Report, TrainingMethod } from "./mod.ts";

/** The paper's method: (a) MaNet, (b) MiNet, (c) MiNet under guidance. */
export const macro2micro: TrainingMethod = { macroSteps, foldSteps, trainMacro, trainFold };

function macroSteps({ macro, stages }: Pipeline): number {
  return macro ? stages.macro.steps : 0;
}

function foldSteps(pipeline: Pipeline): number {
  const rows = pipelineRows(pipeline);
  return pipeline.stages.micro.steps * startsOf(rows).length + pipeline.stages.guided.steps * rows.length;
}

/** Rows with the same video feature start from the same stage (b). */
function startsOf(rows: readonly Row[]): Row["videoFeature"][] {
  return [...new Set(rows.map((row) => row.videoFeature))];
}

/** MaNet is one network for all rows: it takes the video feature of the row that stands at the top. */
function macroFeature(pipeline: Pipeline): Row["videoFeature"] {
  return (pipelineRows(pipeline).at(-1) as Row).videoFeature;
}

/** Stage (a), and the maps that the frozen MaNet gives for every macro clip: they are the same at every step of every fold. */
async function trainMacro(plan: Plan, run: string, seed: number, report: Report): Promise<void> {
  const { pipeline } = plan;
  const random = seededRandom(seed).fork("macro");
  const network = expressionNetwork(pipeline, plan.classes.length, macroFeature(pipeline), "plain");
  const params = await freshParams(plan, network, seed);
  const store = new ClipStore(plan.macro, pipeline);
  const history = new History();
  await trainStage(plan, network, params, "macro", {
    clips: plan.macro.map((_, i) => i),
    store,
    classes: plan.macro.map((clip) => clip.classIndex),
    random,
    onStep: async (step) => {
      history.add("macro", step);
      await report(step.step, `MaNet step ${step.step}/${step.steps}`);
    },
  });
  const folder = macroFolder(run, seed);
  if (pipeline.stages.guided.macroNetwork === "frozen") {
    const copies = pipeline.clip.augment ? pipeline.stages.guided.macroCopies : 1;
    await MacroMaps.write(folder, plan.macro.length * copies, (i) => {
      const clip = store.get(i % plan.macro.length);
      const copy = Math.floor(i / plan.macro.length);
      const seen = copy === 0 ? clip : augmented(clip, pipeline, random.fork(`copy/${i}`));
      const input = clipBatch([seen], pipeline.clip);
      const { apexMap, frameMaps } = tf.tidy(() => {
        const { apexMap, frameMaps } = network.apply(params, input, "infer");
        return { ...(apexMap ? { apexMap } : {}), ...(frameMaps ? { frameMaps } : {}) };
      });
      tf.dispose(input as unknown as tf.TensorContainer);
      return { ...(apexMap ? { apexMap } : {}), ...(frameMaps ? { frameMaps } : {}) };
    });
  }
  const insights = plan.macro.map((_, i) => {
    const input = clipBatch([store.get(i)], pipeline.clip);
    const z = featuresOf(network, params, input);
    tf.dispose(input as unknown as tf.TensorContainer);
    return { z };
  });
  await writeWhole(macroInsightFile(run, seed), writeInsights(insights));
  await writeWhole(`${folder}/history.csv`, history.toCsv());
  await writeWhole(`${folder}/manet.safetensors`, await saveParams(params)); // last: its presence says that MaNet is done
}

/** Stages (b) and (c) of one fold, (c) once for each row. */
async function trainFold(
  plan: Plan,
  run: string,
  index: number,
  seed: number,
  report: Report,
): Promise<void> {
  const { pipeline } = plan;
  const fold = plan.folds[index] as Fold;
  const random = seededRandom(seed).fork(fold.name);
  const store = new ClipStore(plan.micro, pipeline);
  const classes = trainingClasses(plan, fold, random);
  const rows = pipelineRows(pipeline);
  const results = new Map<string, RowResult>();
  let done = 0;
  const onStep = (history: History, stage: string, text: string) => async (step: StepReport) => {
    history.add(stage, step);
    await report(++done, `${fold.name} ${text} step ${step.step}/${step.steps}`);
  };
  for (const videoFeature of startsOf(rows)) {
    const network = expressionNetwork(pipeline, plan.classes.length, videoFeature, "plain");
    const start = await microStart(plan, network, run, seed);
    const startHistory = new History();
    await trainStage(plan, network, start, "micro", {
      clips: fold.train,
      store,
      classes,
      random: random.fork("micro"),
      onStep: onStep(startHistory, "micro", "MiNet"),
    });
    for (const row of rows.filter((row) => row.videoFeature === videoFeature)) {
      const history = startHistory.copy();
      const all = await guide(
        plan,
        run,
        seed,
        fold,
        row,
        start,
        store,
        classes,
        random.fork("guided"),
        onStep(history, "guided", row.title),
      );
      const params = below(all, "minet.");
      for (const [name, tensor] of Object.entries(all)) if (!name.startsWith("minet.")) tensor.dispose();
      const predicted = predict(plan, network, videoFeature, { before: start, params }, fold, store);
      const keep = pipeline.keepCheckpoints === "all" ? { params } : {};
      results.set(row.name, { ...predicted, history, ...keep });
    }
    tf.dispose(start);
  }
  const ordered = new Map(rows.map((row) => [row.name, results.get(row.name) as RowResult]));
  await writeFold(run, seed, fold, ordered);
  for (const result of results.values()) tf.dispose(result.params ?? {});
}

/**
 * Stage (c) of a row from the parameters of stage (b), which stay as they are. Gives the new parameters of MiNet under
 * `minet.`, and those of the row's heads under their prefixes.
 */
export async function guide(
  plan: Plan,
  run: string,
  seed: number,
  fold: Fold,
  row: Row,
  start: Params,
  store: ClipStore,
  classes: readonly number[],
  random: Random,
  onStep: (step: StepReport) => Promise<void>,
): Promise<Params> {
  const { pipeline } = plan;
  const stage = pipeline.stages.guided;
  const networks = new GuidedNetworks(pipeline, plan.classes.length, row);
  const params: Params = { ...under(copyParams(start), "minet."), ...networks.initHeads(row, seed) };
  const guided = row.terms.length > 0;
  const trained = guided && stage.macroNetwork === "trained";
  const maps = guided && !trained ? await MacroMaps.open(macroFolder(run, seed)) : undefined;
  const macroStore = trained ? new ClipStore(plan.macro, pipeline) : undefined;
  if (trained) Object.assign(params, under(await readMaNet(plan, run, seed), "manet."));
  const macroClasses = Array.from({ length: maps?.count ?? plan.macro.length }, (_, i) => {
    return plan.macro[i % plan.macro.length]?.classIndex as number;
  });
  const microChanges = random.fork("augment"), macroChanges = random.fork("augment macro");
  const offsets = random.fork("offsets");
  const optimiser = twoRates(
    newOptimiser(pipeline, stage.learningRate),
    newOptimiser(pipeline, stage.learningRate),
    stage.headsRate,
  );
  const sampler = (of: readonly number[], name: string) =>
    batchSampler(of, { batch: stage.batch, sampling: pipeline.sampling, random: random.fork(name) });
  await trainGuided(networks, row, pipeline, params, optimiser, {
    drawMicro: sampler(classes, "micro"),
    microBatch: (positions) =>
      trainingBatch(store, positions.map((p) => fold.train[p] as number), pipeline, microChanges),
    microClasses: classes,
    drawMacro: guided ? sampler(macroClasses, "macro") : () => [],
    macroInput: (positions) =>
      maps
        ? { maps: maps.batch(positions) }
        : { batch: trainingBatch(macroStore as ClipStore, positions, pipeline, macroChanges) },
    macroClasses,
    classWeights: classWeights(plan, classes),
    offsets: () => randomOffsets(pipeline, offsets),
    random: random.fork("dropout").next,
  }, onStep);
  optimiser.dispose();
  maps?.close();
  return params;
}

/** Stages (a) and (b): L_c alone. */
export async function trainStage(
  plan: Plan,
  network: ExpressionNetwork,
  params: Params,
  name: "macro" | "micro",
  { clips, store, classes, random, onStep }: {
    clips: readonly number[];
    store: ClipStore;
    classes: readonly number[];
    random: Random;
    onStep: (step: StepReport) => Promise<void>;
  },
): Promise<void> {
  const { pipeline } = plan;
  const stage = pipeline.stages[name];
  const optimiser = newOptimiser(pipeline, stage.learningRate);
  const changes = random.fork("augment"), offsets = random.fork("offsets");
  await trainExpression<ClipBatch & { offsets?: readonly number[] }>(
    {
      logits: (p, input, mode) => network.apply(p, input, mode).logits,
      batch: (positions) => {
        const batch = trainingBatch(store, positions.map((p) => clips[p] as number), pipeline, changes);
        const start = randomOffsets(pipeline, offsets);
        return { ...batch, ...(start ? { offsets: start } : {}) };
      },
      classes,
      classWeights: name === "micro" ? classWeights(plan, classes) : undefined,
      trainable: trainableNames(network),
    },
    params,
    stage,
    optimiser,
    batchSampler(classes, {
      batch: stage.batch,
      sampling: pipeline.sampling,
      random: random.fork("batches"),
    }),
    random.fork("dropout").next,
    onStep,
  );
  optimiser.dispose();
}

/** Predictions of the held-out clips, and what the report shows of them; `before` are the parameters before the guidance. */
function predict(
  plan: Plan,
  network: ExpressionNetwork,
  videoFeature: Row["videoFeature"],
  { before, params }: { before: Params; params: Params },
  fold: Fold,
  store: ClipStore,
): Pick<RowResult, "predictions" | "insights"> {
  const done = fold.test.map((i) => { // one clip at a time: the memory is that of one clip, whatever the subject has
    const input = clipBatch([store.get(i)], plan.pipeline.clip);
    const { logits, insight } = look(plan.pipeline, network, videoFeature, params, input);
    const [prediction] = toPredictions([plan.micro[i] as PlanClip], logits) as [Prediction];
    const insights = { ...insight, before: featuresOf(network, before, input) };
    tf.dispose([logits, input] as unknown as tf.TensorContainer);
    return { prediction, insights };
  });
  return { predictions: done.map((d) => d.prediction), insights: done.map((d) => d.insights) };
}

function trainingBatch(store: ClipStore, clips: readonly number[], pipeline: Pipeline, random: Random) {
  return clipBatch(clips.map((i) => augmented(store.get(i), pipeline, random)), pipeline.clip);
}

function augmented(clip: Clip, pipeline: Pipeline, random: Random): Clip {
  return pipeline.clip.augment ? augment(clip, pipeline.clip.augment, random) : clip;
}

/** A first frame below s for each interval s, where the pipeline wants them random. */
function randomOffsets(pipeline: Pipeline, random: Random): number[] | undefined {
  const { randomOffset, count } = pipeline.network.intervals;
  if (!randomOffset) return undefined;
  return Array.from({ length: count }, (_, i) => random.integer(2 ** i));
}

function newOptimiser(pipeline: Pipeline, learningRate: number): Optimiser {
  const { weightDecay, beta1, beta2 } = pipeline.optimiser;
  return adam({ learningRate, weightDecay, beta1, beta2 });
}

/** Drawn from the seed, or from the pipeline's ImageNet weights where it names any. */
export async function freshParams(plan: Plan, network: ExpressionNetwork, seed: number): Promise<Params> {
  const params = network.init(seed);
  if (plan.pretrained === undefined) return params;
  const file = plan.pretrained;
  const tensors = Object.fromEntries(readSafetensors(await Deno.readFile(file), { file }).tensors);
  for (const prefix of ["spatial.", "temporal."]) {
    if (!network.parameters.some((p) => p.name.startsWith(prefix))) continue;
    replaceParams(params, loadParams(network, tensors, { prefix, file })); // strict but for the classifier fc
  }
  return params;
}

/** What stage (b) begins with. */
export async function microStart(
  plan: Plan,
  network: ExpressionNetwork,
  run: string,
  seed: number,
): Promise<Params> {
  return plan.pipeline.stages.micro.start === "macro"
    ? await readMaNet(plan, run, seed)
    : await freshParams(plan, network, seed);
}

async function readMaNet(plan: Plan, run: string, seed: number): Promise<Params> {
  const file = `${macroFolder(run, seed)}/manet.safetensors`;
  const network = expressionNetwork(plan.pipeline, plan.classes.length, macroFeature(plan.pipeline), "plain");
  const bytes = await Deno.readFile(file).catch(() => {
    throw new UserError(
      `Cannot guide MiNet: ${file} is missing; run again with --resume, which trains MaNet first.`,
    );
  });
  return loadParams(network, bytes, { file });
}
