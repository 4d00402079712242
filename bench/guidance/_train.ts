import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import { loadParams } from "../../models/mod.ts";
import { ClipStore } from "../../pipeline/clip_store.ts";
import { honestData } from "../../pipeline/data_layer.ts";
import { guide, macro2micro, microStart, trainStage } from "../../pipeline/methods/macro2micro.ts";
import type { Plan, PlanClip } from "../../pipeline/plan.ts";
import { pipelineRows, type Row } from "../../pipeline/rows.ts";
import { macroFolder } from "../../pipeline/run_folder.ts";
import { expressionNetwork } from "../../pipeline/stages/expression_network.ts";
import type { StepReport } from "../../pipeline/stages/train_expression.ts";
import { History } from "../../pipeline/history.ts";
import { TrainingRecord } from "../../pipeline/training_record.ts";
import { TrainingState } from "../../pipeline/training_state.ts";
import type { Fold, Params } from "../../types.ts";

/** Positions of clips whose subjects the networks train on, and of those that they never see. */
export interface Split {
  readonly seen: readonly number[];
  readonly unseen: readonly number[];
}

/** Every third subject of each database is unseen; the seed says which third. */
export function splitSubjects(clips: readonly PlanClip[], seed: number): Split {
  const subjects = new Map<string, string[]>();
  for (const { database, subject } of clips) {
    const known = subjects.get(database) ?? subjects.set(database, []).get(database) as string[];
    if (!known.includes(subject)) known.push(subject);
  }
  for (const known of subjects.values()) known.sort();
  const parts = (known: readonly string[]) => Math.min(3, known.length);
  const isUnseen = ({ database, subject }: PlanClip) => {
    const known = subjects.get(database) as string[];
    return known.indexOf(subject) % parts(known) === seed % parts(known);
  };
  const positions = clips.map((_, i) => i);
  return {
    seen: positions.filter((i) => !isUnseen(clips[i] as PlanClip)),
    unseen: positions.filter((i) => isUnseen(clips[i] as PlanClip)),
  };
}

/** What all variants of a seed start from. */
export interface Start {
  /** The plan with the seen macro subjects alone; a fold of the seen and unseen micro subjects. */
  readonly plan: Plan;
  readonly fold: Fold;
  readonly run: string;
  readonly seed: number;
  readonly manet: Params;
  readonly minet: Params;
}

/** Stages (a) and (b) by the pipeline's own functions; MaNet and its maps lie in the run folder. */
export async function trainStart(
  whole: Plan,
  micro: Split,
  macro: Split,
  run: string,
  seed: number,
): Promise<Start> {
  const plan = { ...whole, macro: macro.seen.map((i) => whole.macro[i] as PlanClip) };
  const { pipeline } = plan;
  const row = pipelineRows(pipeline)[0] as Row;
  await macro2micro.trainMacro(plan, run, seed, () => Promise.resolve());
  const network = expressionNetwork(pipeline, plan.classes.length, row.videoFeature, "plain");
  const manet = loadParams(network, await Deno.readFile(`${macroFolder(run, seed)}/manet.safetensors`));
  const record = new TrainingRecord();
  const minet = await microStart({ plan, run, seed, record }, network);
  await trainStage(
    {
      plan,
      clips: micro.seen,
      classes: classesOf(plan, micro.seen),
      random: seededRandom(seed).fork("micro"),
      data: honestData,
      record,
      state: new TrainingState(undefined, { record }),
    },
    { loop: "micro", network, videoFeature: row.videoFeature, params: minet, history: new History() },
    "micro",
    new ClipStore(plan.micro, pipeline, record, "micro"),
    () => Promise.resolve(),
  );
  const fold = { name: "guidance", database: "", subject: "", train: micro.seen, test: micro.unseen };
  return { plan, fold, run, seed, manet, minet };
}

/** Stage (c) of a variant's pipeline. Gives MiNet under `minet.` and the heads, and the mean of the last steps' values. */
export async function trainVariant(
  start: Start,
  pipeline: Plan["pipeline"],
): Promise<{ params: Params; last: Record<string, number> }> {
  const plan = { ...start.plan, pipeline };
  const steps: StepReport[] = [];
  const record = new TrainingRecord();
  const params = await guide(
    {
      plan,
      run: start.run,
      seed: start.seed,
      clips: start.fold.train,
      classes: classesOf(plan, start.fold.train),
      random: seededRandom(start.seed).fork("guided"),
      data: honestData,
      record,
      state: new TrainingState(undefined, { record }),
    },
    pipelineRows(pipeline)[0] as Row,
    { start: start.minet, history: new History() },
    new ClipStore(plan.micro, pipeline, record, "micro"),
    (step) => {
      steps.push(step);
      return Promise.resolve();
    },
  );
  const tail = steps.slice(-20);
  const names = Object.keys(tail[0]?.values ?? {});
  const last = Object.fromEntries(
    names.map((
      name,
    ) => [name, tail.reduce((sum, { values }) => sum + (values[name] as number), 0) / tail.length]),
  );
  return { params, last };
}

/** Frees the networks that the variants started from. */
export function disposeStart({ manet, minet }: Start): void {
  tf.dispose([manet, minet]);
}

function classesOf(plan: Plan, positions: readonly number[]): number[] {
  return positions.map((i) => (plan.micro[i] as PlanClip).classIndex);
}
