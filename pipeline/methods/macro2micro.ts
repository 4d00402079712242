import * as tf from "@tensorflow/tfjs";
import { augment } from "../../data/mod.ts";
import { adam, type Optimiser, type Random, seededRandom, type SharedSlot } from "../../engine/mod.ts";
import { loadParams, readSafetensors, saveParams } from "../../models/mod.ts";
import type { Clip, Params, Prediction } from "../../types.ts";
import type { ClipStore } from "../clip_store.ts";
import { honestData } from "../data_layer.ts";
import { History } from "../history.ts";
import { type Insight, writeInsights } from "../insight.ts";
import { MacroMaps } from "../macro_maps.ts";
import { MacroMissing } from "../macro_missing.ts";
import type { Plan, PlanClip } from "../plan.ts";
import { pipelineRows, type Row } from "../rows.ts";
import {
  isMacroDone,
  macroFile,
  macroFolder,
  macroInsightFile,
  recordFile,
  timingFile,
  unfinishedFolder,
} from "../run_folder.ts";
import type { Pipeline } from "../schema.ts";
import type { SharedWork } from "../shared_work.ts";
import { standing } from "../standing.ts";
import { type ClipBatch, clipBatch } from "../stages/clip_batch.ts";
import {
  type ExpressionNetwork,
  expressionNetwork,
  replayedInference,
} from "../stages/expression_network.ts";
import { GuidedNetworks, trainableNames } from "../stages/guided_networks.ts";
import { below, copyParams, replaceParams, under } from "../stages/params.ts";
import { stepsPerEpoch } from "../stages/schedule.ts";
import { type StepReport, trainExpression } from "../stages/train_expression.ts";
import { trainGuided } from "../stages/train_guided.ts";
import { twoRates } from "../stages/two_rates.ts";
import { sha256 } from "../../sha256.ts";
import { type ClipSet, TrainingRecord } from "../training_record.ts";
import { TrainingState } from "../training_state.ts";
import { writeWhole } from "../write_whole.ts";
import { toPredictions } from "./_fold.ts";
import { featuresOf, look, values } from "./_look.ts";
import type { MethodParts, Report } from "./mod.ts";
import type { JobOptions } from "./train_fold.ts";
import type { RowResult, TrainingTask } from "./training_task.ts";

/** The paper's method: (a) MaNet, (b) MiNet, (c) MiNet under guidance. */
export const macro2micro: MethodParts = { macroSteps, rowSteps, trainMacro, trainRows };

function macroSteps({ macro, stages }: Pipeline): number {
  return macro ? stages.macro.steps : 0;
}

function rowSteps(pipeline: Pipeline): number {
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
async function trainMacro(
  plan: Plan,
  run: string,
  seed: number,
  report: Report,
  { data = honestData, stop, resumed, say, shared }: JobOptions = {},
): Promise<void> {
  const { pipeline } = plan;
  const random = seededRandom(seed).fork("macro");
  const record = new TrainingRecord();
  record.enter({ stage: "macro", row: "manet" });
  const network = expressionNetwork(pipeline, plan.classes.length, macroFeature(pipeline), "plain");
  const params = await freshParams({ plan, seed, record, ...(shared ? { shared } : {}) }, network);
  const store = data.clips(plan, "macro", record);
  const history = new History();
  const folder = macroFolder(run, seed);
  const state = new TrainingState(unfinishedFolder(folder), {
    record,
    ...(resumed ? { onSkip: resumed } : {}),
    ...(stop ? { stop } : {}),
    ...(say ? { say } : {}),
    ...(shared ? { pace: shared.pace } : {}),
  });
  await trainStage(
    {
      plan,
      clips: plan.macro.map((_, i) => i),
      classes: plan.macro.map((clip) => clip.classIndex),
      random,
      data,
      record,
      state,
      ...(shared ? { shared } : {}),
    },
    { loop: "macro", network, videoFeature: macroFeature(pipeline), params, history },
    "macro",
    store,
    (step, epoch) => report(step.step, standing("macro", "MaNet", step, epoch)),
  );
  const videoFeature = macroFeature(pipeline);
  const seeing = replayedInference(network, slotOf(shared, "inference", plan, { videoFeature }));
  const see = (clip: Clip) => {
    const input = clipBatch([clip], pipeline.clip);
    let seen: Insight = {};
    const maps = tf.tidy(() => {
      const { apexMap, frameMaps, z } = seeing.network.apply(params, input, "infer");
      seen = { z: values(z) };
      return { ...(apexMap ? { apexMap } : {}), ...(frameMaps ? { frameMaps } : {}) };
    });
    tf.dispose(input as unknown as tf.TensorContainer);
    return { seen, maps };
  };
  record.enter({ stage: "maps", row: "manet" });
  const count = plan.macro.length;
  const insights: Insight[] = [];
  const lookAt = (i: number) => { // a clip as it is: what the report shows, and its maps
    const { seen, maps } = see(store.get(i));
    insights.push(seen);
    return maps;
  };
  if (pipeline.stages.guided.macroNetwork === "frozen") {
    const copies = pipeline.clip.augment ? pipeline.stages.guided.macroCopies : 1;
    await MacroMaps.write(
      folder,
      count * copies,
      (i) =>
        i < count ? lookAt(i) : see(augmented(store.get(i % count), pipeline, random.fork(`copy/${i}`))).maps,
    );
  } else {
    for (let i = 0; i < count; i++) tf.dispose(lookAt(i));
  }
  seeing.dispose();
  await writeWhole(macroInsightFile(run, seed), writeInsights(insights));
  const bytes = await saveParams(params);
  record.checkpoint("manet", sha256(bytes));
  await writeWhole(`${folder}/history.csv`, history.toCsv());
  await writeWhole(`${folder}/${recordFile}`, JSON.stringify(record));
  await writeWhole(`${folder}/${timingFile}`, JSON.stringify({ seconds: state.seconds }));
  await writeWhole(macroFile(run, seed), bytes); // last: its presence says that MaNet is done
  await state.remove();
}

/** Stages (b) and (c), (c) once for each row. */
async function trainRows(task: TrainingTask): Promise<Map<string, RowResult>> {
  const { plan, random, record } = task;
  const { pipeline } = plan;
  const store = task.data.clips(plan, "micro", record);
  const rows = pipelineRows(pipeline);
  const results = new Map<string, RowResult>();
  for (const videoFeature of startsOf(rows)) {
    const network = expressionNetwork(pipeline, plan.classes.length, videoFeature, "plain");
    record.enter({ stage: "micro", row: videoFeature });
    const start = await microStart(task, network);
    try {
      const startHistory = new History();
      await trainStage(
        { ...task, random: random.fork("micro") },
        { loop: `micro/${videoFeature}`, network, videoFeature, params: start, history: startHistory },
        "micro",
        store,
        (step, epoch) => task.step(standing("micro", "MiNet", step, epoch)),
      );
      for (const row of rows.filter((row) => row.videoFeature === videoFeature)) {
        const history = startHistory.copy();
        const { steps } = pipeline.stages.guided;
        record.enter({ stage: "guided", row: row.name });
        const all = await guide(
          { ...task, random: random.fork("guided") },
          row,
          { start, history },
          store,
          async (step, epoch, params) => {
            task.peek?.look(
              row.name,
              step,
              epoch,
              () => predict(task, network, below(params, "minet."), store, { ...step, row: row.name }),
            );
            await task.step(standing("guided", row.title, step, epoch));
          },
        );
        const params = below(all, "minet.");
        for (const [name, tensor] of Object.entries(all)) if (!name.startsWith("minet.")) tensor.dispose();
        const at = { step: steps, steps, row: row.name };
        const tested = task.shown
          ? predictAndLook(task, network, videoFeature, { before: start, params }, store, at)
          : { predictions: predict(task, network, params, store, at) };
        const keep = pipeline.keepCheckpoints === "all";
        if (!keep) tf.dispose(params);
        results.set(row.name, { ...tested, history, ...(keep ? { params } : {}) });
      }
    } finally {
      tf.dispose(start); // also where MaNet is waited for, in a process that goes on with another fold
    }
  }
  return new Map(rows.map((row) => [row.name, results.get(row.name) as RowResult]));
}

/**
 * Stage (c) of a row from the parameters of stage (b), which stay as they are. Gives the new parameters of MiNet under
 * `minet.`, and those of the row's heads under their prefixes.
 *
 * @param onStep Hears of every step, with the steps of an epoch and the parameters.
 */
export async function guide(
  { plan, run, seed, clips, classes, random, data, record, state, shared }: Omit<
    TrainingTask,
    "fold" | "shown" | "step" | "peek"
  >,
  row: Row,
  { start, history }: { start: Params; history: History },
  store: Pick<ClipStore, "get">,
  onStep: (step: StepReport, epoch: number, params: Params) => Promise<void>,
): Promise<Params> {
  const { pipeline } = plan;
  const stage = pipeline.stages.guided;
  const networks = new GuidedNetworks(pipeline, plan.classes.length, row);
  const guided = row.terms.length > 0;
  if (guided && !(await isMacroDone(run, seed))) throw new MacroMissing(macroFile(run, seed));
  const params: Params = { ...under(copyParams(start), "minet."), ...networks.initHeads(row, seed) };
  const trained = guided && stage.macroNetwork === "trained";
  const maps = guided && !trained
    ? await MacroMaps.open(macroFolder(run, seed), (i, sha256) => {
      record.read("macro", plan.macro[i % plan.macro.length] as PlanClip, `maps ${sha256}`);
    })
    : undefined;
  const macroStore = trained ? data.clips(plan, "macro", record) : undefined;
  if (trained) Object.assign(params, under(await readMaNet(plan, run, seed, record), "manet."));
  const macroClasses = Array.from({ length: maps?.count ?? plan.macro.length }, (_, i) => {
    return plan.macro[i % plan.macro.length]?.classIndex as number;
  });
  const microChanges = random.fork("augment"), macroChanges = random.fork("augment macro");
  const offsets = random.fork("offsets"), dropout = random.fork("dropout");
  const optimiser = twoRates(
    newOptimiser(pipeline, stage.learningRate),
    newOptimiser(pipeline, stage.learningRate),
    stage.headsRate,
  );
  const sampler = (of: readonly number[], name: string) =>
    data.sampler(of, { batch: stage.batch, sampling: pipeline.sampling, random: random.fork(name) });
  const weights = data.classWeights(plan, clips, classes, record);
  if (weights) record.statistic("class weights", weights);
  const epoch = stepsPerEpoch(clips.length, stage.batch);
  try {
    const loop = await state.loop(`guided/${row.name}`, {
      params,
      optimiser,
      streams: { microChanges, macroChanges, offsets, dropout },
      kept: { history },
      steps: stage.steps,
      epoch,
    });
    await trainGuided(networks, row, pipeline, params, optimiser, {
      drawMicro: loop.forward(sampler(classes, "micro")),
      microBatch: (positions) => {
        for (const p of positions) record.label("micro", plan.micro[clips[p]!]!, classes[p]!);
        return trainingBatch(store, positions.map((p) => clips[p] as number), pipeline, microChanges);
      },
      microClasses: classes,
      drawMacro: guided ? loop.forward(sampler(macroClasses, "macro")) : () => [],
      macroInput: (positions) => {
        for (const p of positions) {
          record.label("macro", plan.macro[p % plan.macro.length]!, macroClasses[p]!);
        }
        return maps
          ? { maps: maps.batch(positions) }
          : { batch: trainingBatch(macroStore!, positions, pipeline, macroChanges) };
      },
      macroClasses,
      classWeights: weights,
      offsets: () => randomOffsets(pipeline, offsets),
      random: dropout.next,
      trail: { streams: [microChanges, macroChanges, offsets], record },
      from: loop.from,
      shared: slotOf(shared, `guided/${row.name}`, plan, { row, weights }),
    }, async (step) => {
      history.add("guided", step);
      await onStep(step, epoch, params);
      await loop.after(step.step);
    });
    return params;
  } catch (error) {
    tf.dispose(params);
    throw error;
  } finally {
    optimiser.dispose();
    maps?.close();
  }
}

/** What stages (a) and (b) train: parameters, replaced in place, and a history that grows. */
export interface ExpressionTraining {
  /** The loop's name, for its checkpoint. */
  readonly loop: string;
  readonly network: ExpressionNetwork;
  /** The network's. */
  readonly videoFeature: Row["videoFeature"];
  readonly params: Params;
  readonly history: History;
}

/**
 * Stages (a) and (b): L_c alone.
 *
 * @param onStep Hears of every step, with the steps of an epoch.
 */
export async function trainStage(
  { plan, clips, classes, random, data, record, state, shared }: Pick<
    TrainingTask,
    "plan" | "clips" | "classes" | "random" | "data" | "record" | "state" | "shared"
  >,
  { loop: key, network, videoFeature, params, history }: ExpressionTraining,
  name: ClipSet,
  store: Pick<ClipStore, "get">,
  onStep: (step: StepReport, epoch: number) => Promise<void>,
): Promise<void> {
  const { pipeline } = plan;
  const stage = pipeline.stages[name];
  const optimiser = newOptimiser(pipeline, stage.learningRate);
  const changes = random.fork("augment"), offsets = random.fork("offsets"), dropout = random.fork("dropout");
  const weights = name === "micro" ? data.classWeights(plan, clips, classes, record) : undefined;
  if (weights) record.statistic("class weights", weights);
  const epoch = stepsPerEpoch(clips.length, stage.batch);
  try {
    const loop = await state.loop(key, {
      params,
      optimiser,
      streams: { changes, offsets, dropout },
      kept: { history },
      steps: stage.steps,
      epoch,
    });
    await trainExpression<ClipBatch & { offsets?: readonly number[] }>(
      {
        logits: (p, input, mode) => network.apply(p, input, mode).logits,
        batch: (positions) => {
          for (const p of positions) record.label(name, plan[name][clips[p]!]!, classes[p]!);
          const batch = trainingBatch(store, positions.map((p) => clips[p] as number), pipeline, changes);
          const start = randomOffsets(pipeline, offsets);
          return { ...batch, ...(start ? { offsets: start } : {}) };
        },
        classes,
        classWeights: weights,
        trainable: trainableNames(network),
        trail: { streams: [changes, offsets], record },
        shared: slotOf(shared, "expression", plan, { videoFeature, weights }),
      },
      params,
      { ...stage, from: loop.from },
      optimiser,
      loop.forward(data.sampler(classes, {
        batch: stage.batch,
        sampling: pipeline.sampling,
        random: random.fork("batches"),
      })),
      dropout.next,
      async (step) => {
        history.add(name, step);
        await onStep(step, epoch);
        await loop.after(step.step);
      },
    );
  } finally {
    optimiser.dispose(); // also where the training is put aside, in a process that goes on with another fold
  }
}

/** What a recording depends on beside its inputs and parameters: the pipeline, the number of classes, and what else is named. */
function slotOf(
  shared: SharedWork | undefined,
  slot: string,
  { pipeline, classes }: Plan,
  more: Readonly<Record<string, unknown>>,
): SharedSlot | undefined {
  return shared &&
    { recordings: shared.recordings, slot, key: JSON.stringify([pipeline, classes.length, more]) };
}

/** The held-out clips, after so many steps of a row's stage (c). */
function predict(
  { plan, fold, record }: TrainingTask,
  network: ExpressionNetwork,
  params: Params,
  store: Pick<ClipStore, "get">,
  { step, steps, row }: { step: number; steps: number; row: string },
): Prediction[] {
  return record.during({ stage: "test", row, step, steps }, () =>
    fold.test.flatMap((i) => { // one clip at a time: the memory is that of one clip, whatever the subject has
      const input = clipBatch([store.get(i)], plan.pipeline.clip);
      const logits = tf.tidy(() => network.apply(params, input, "infer").logits);
      const predictions = toPredictions([plan.micro[i] as PlanClip], logits);
      tf.dispose([logits, input] as unknown as tf.TensorContainer);
      return predictions;
    }));
}

/** Predictions of the held-out clips, and what the report shows of them; `before` are the parameters before the guidance. */
function predictAndLook(
  { plan, fold, record, shared }: TrainingTask,
  network: ExpressionNetwork,
  videoFeature: Row["videoFeature"],
  { before, params }: { before: Params; params: Params },
  store: Pick<ClipStore, "get">,
  { step, steps, row }: { step: number; steps: number; row: string },
): Pick<RowResult, "predictions"> & { insights: Insight[] } {
  const seeing = replayedInference(network, slotOf(shared, "inference", plan, { videoFeature }));
  const done = record.during({ stage: "test", row, step, steps }, () =>
    fold.test.map((i) => {
      const input = clipBatch([store.get(i)], plan.pipeline.clip);
      const { logits, insight } = look(plan.pipeline, seeing.network, videoFeature, params, input);
      const [prediction] = toPredictions([plan.micro[i] as PlanClip], logits) as [Prediction];
      const insights = { ...insight, before: featuresOf(seeing.network, before, input) };
      tf.dispose([logits, input] as unknown as tf.TensorContainer);
      return { prediction, insights };
    }));
  seeing.dispose();
  return {
    predictions: done.map(({ prediction }) => prediction),
    insights: done.map(({ insights }) => insights),
  };
}

function trainingBatch(
  store: Pick<ClipStore, "get">,
  clips: readonly number[],
  pipeline: Pipeline,
  random: Random,
): ClipBatch {
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
async function freshParams(
  { plan, seed, record, shared }: Pick<TrainingTask, "plan" | "seed" | "record" | "shared">,
  network: ExpressionNetwork,
): Promise<Params> {
  const { network: form, clip } = plan.pipeline;
  const draw = () => network.init(seed);
  const params = shared
    ? shared.freshWeights(JSON.stringify([form, clip.channels, plan.classes.length, seed]), draw)
    : draw();
  if (plan.pretrained === undefined) return params;
  const file = plan.pretrained;
  const bytes = await Deno.readFile(file);
  record.weights("pretrained", sha256(bytes));
  const tensors = Object.fromEntries(readSafetensors(bytes, { file }).tensors);
  for (const prefix of ["spatial.", "temporal."]) {
    if (!network.parameters.some((p) => p.name.startsWith(prefix))) continue;
    replaceParams(params, loadParams(network, tensors, { prefix, file })); // strict but for the classifier fc
  }
  return params;
}

/** What stage (b) begins with. */
export async function microStart(
  task: Pick<TrainingTask, "plan" | "run" | "seed" | "record" | "shared">,
  network: ExpressionNetwork,
): Promise<Params> {
  const { plan, run, seed, record } = task;
  return plan.pipeline.stages.micro.start === "macro"
    ? await readMaNet(plan, run, seed, record)
    : await freshParams(task, network);
}

async function readMaNet(plan: Plan, run: string, seed: number, record: TrainingRecord): Promise<Params> {
  const file = macroFile(run, seed);
  const network = expressionNetwork(plan.pipeline, plan.classes.length, macroFeature(plan.pipeline), "plain");
  const bytes = await Deno.readFile(file).catch(() => {
    throw new MacroMissing(file);
  });
  record.weights("MaNet", sha256(bytes));
  return loadParams(network, bytes, { file });
}
