import { engineAvailability, engineNames } from "../engine/mod.ts";
import { type Fold, UserError } from "../types.ts";
import { isComparisonName } from "./comparison_methods.ts";
import { differences } from "./_differences.ts";
import { incompleteRun } from "./incomplete.ts";
import { JobProcess } from "./jobs.ts";
import { launchLocal } from "./launch/local.ts";
import { launchSlurm, type SlurmOptions, submitSlurm } from "./launch/slurm.ts";
import { makePlan } from "./make_plan.ts";
import type { Plan, PlanClip } from "./plan.ts";
import type { Preparation } from "./preparation.ts";
import { type ProgressForm, type RunProgress, runProgress } from "./progress/run_progress.ts";
import { collectResults, type RunResults } from "./results.ts";
import { planFile, runLockFile } from "./run_folder.ts";
import type { Pipeline } from "./schema.ts";
import { small } from "./small.ts";
import { versions } from "./versions.ts";
import { removeLeftovers } from "./_leftovers.ts";
import { underLock } from "./_under_lock.ts";
import { writeWhole } from "./write_whole.ts";

/** How a pipeline is run. */
export interface RunOptions {
  /** The folder of the databases. @default "databases", or "databases/synthetic" for synthetic ones */
  data?: string;
  /** The run folder. @default "runs/<name>", with "-small" and "-peek" after it */
  out?: string;
  /** The folder of decoded clips. @default M2M_CACHE of the environment, or ".m2m/clips" */
  cache?: string;
  /** Go on with what the run folder holds. @default false */
  resume?: boolean;
  /** Folds at once, in a process each. @default 1 */
  jobs?: number;
  /** Where the jobs run: as processes here, or as jobs of Slurm. @default "local" */
  launcher?: "local" | "slurm";
  /** With the launcher slurm: what wins over the pipeline's section `slurm`, and how often to look. */
  slurm?: Pick<SlurmOptions, "settings" | "pollSeconds">;
  /** Shrink the pipeline to seconds: synthetic data, width 4, two folds. @default false */
  small?: boolean;
  /** Seeds in place of the pipeline's, also where it is shrunk. @default the pipeline's */
  seeds?: readonly number[];
  /** Also record the epoch that is best on the test clips, to measure how much such a choice inflates. @default false */
  peek?: boolean;
  /** No progress on stderr: the same as `progress: "none"`. @default false */
  quiet?: boolean;
  /** How progress is shown on stderr; `auto` is a live view on a terminal, else plain lines. @default "auto" */
  progress?: ProgressForm;
  /** The command, for run.json. @default [] */
  command?: readonly string[];
  /** Ends the run: folds that are done stay. */
  signal?: AbortSignal;
}

/**
 * Trains and evaluates a pipeline under its protocol and leaves the run folder: plan, MaNet, folds, predictions,
 * logs, scores. Folds run in processes of their own, here or under Slurm.
 *
 * @throws {UserError} For everything that is not a defect: data, a used or foreign folder, a fold that failed (the
 * others are finished first; nothing computed is lost).
 */
export async function runPipeline(pipeline: Pipeline, options: RunOptions = {}): Promise<RunResults> {
  const { jobs = 1, command = [], signal } = options;
  const prepared: JobProcess[] = [];
  const prepare = (run: string, engine: string, { threadsPerFold, method }: Pipeline) => {
    // Before the folds of a comparison method, clips are described, in processes too.
    if (options.launcher === "slurm" || isComparisonName(method)) return;
    // Those of a fresh run are needed: MaNet or a fold for each, at least two.
    const most = Math.min(jobs, options.small ? 2 : navigator.hardwareConcurrency);
    while (prepared.length < most) {
      const process = new JobProcess(run, threadsPerFold);
      process.prepare(engine);
      prepared.push(process);
    }
  };
  return await inRunFolder(pipeline, { ...options, prepare }, async (run, plan, progress) => {
    const launching = { progress, ...(signal ? { signal } : {}) };
    const failures = options.launcher === "slurm"
      ? await launchSlurm(run, plan, { ...launching, ...options.slurm })
      : await launchLocal(run, plan, { jobs, prepared, ...launching });
    progress.end();
    if (signal?.aborted) throw stopped(run, command);
    if (failures.length > 0) throw await incompleteRun(run, plan, failures);
    const results = await collectResults(run, plan);
    await removeLeftovers(run);
    return results;
  }).finally(() => Promise.all(prepared.map((process) => process.kill())));
}

/** A run that has been given to Slurm. */
export interface SubmittedRun {
  /** The run folder. */
  readonly run: string;
  /** The numbers of the jobs that do it, as `scancel` takes them; none where all is done. */
  readonly jobs: readonly string[];
}

/**
 * Submits a run's jobs to Slurm and comes back at once. `runPipeline` with `resume` waits for them and collects their scores.
 *
 * @throws {UserError} As `runPipeline`, and if Slurm refuses a job.
 */
export async function submitPipeline(
  pipeline: Pipeline,
  options: Omit<RunOptions, "launcher" | "jobs"> = {},
): Promise<SubmittedRun> {
  const { slurm } = options;
  return await inRunFolder(pipeline, options, async (run, plan, progress) => ({
    run,
    jobs: await submitSlurm(run, plan, { progress, ...slurm }),
  }));
}

/**
 * Does some work in the run folder, checked and locked, with run.json and plan.json in it.
 *
 * @param options As for `runPipeline`; `folds` puts others in the place of the protocol's; `prepare` is called where the run is fresh, before the plan is
 * made.
 */
export async function inRunFolder<T>(
  pipeline: Pipeline,
  options: RunOptions & {
    folds?: (plan: Plan) => readonly Fold[];
    prepare?: (run: string, engine: string, pipeline: Pipeline) => void;
  },
  work: (run: string, plan: Plan, progress: RunProgress) => Promise<T>,
): Promise<T> {
  const { resume = false, jobs = 1, peek = false, quiet = false, command = [], signal } = options;
  const shrunk = options.small ? small(pipeline) : pipeline;
  const resolved = options.seeds === undefined ? shrunk : { ...shrunk, seeds: [...options.seeds] };
  const run = options.out ?? `runs/${resolved.name}${options.small ? "-small" : ""}${peek ? "-peek" : ""}`;
  const before = await readRunFile(run);
  const engine = await chooseEngine(resolved.engine, before?.engine);
  if (before === undefined && await isUsed(run)) {
    throw new UserError(
      `Cannot run in ${run}: the folder holds something else; choose another with --out.`,
      2,
    );
  }
  if (before !== undefined) refuseUnlessSame(run, before, { pipeline: resolved, engine, peek }, resume);

  const progress = runProgress(quiet ? "none" : options.progress);
  return await underLock(run, (line) => progress.line(line), async () => {
    if (JSON.stringify(await readRunFile(run)) !== JSON.stringify(before)) {
      throw new UserError(
        `Cannot run in ${run}: another run began there at the same time; see what it left.`,
      );
    }
    if (before === undefined) options.prepare?.(run, engine, resolved);
    const made = await makePlan(resolved, engine, {
      ...(options.data === undefined ? {} : { data: options.data }),
      ...(options.cache === undefined ? {} : { cache: options.cache }),
      ...(signal === undefined ? {} : { signal }),
      small: options.small ?? false,
      jobs,
      say: (line) => progress.line(line),
    });
    const plan: Plan = {
      ...made,
      ...(options.folds ? { folds: options.folds(made) } : {}),
      ...(peek ? { peek } : {}),
    };
    if (before !== undefined && before.clips !== fingerprint(plan)) {
      throw new UserError(
        `Cannot go on in ${run}: the clips of the databases${
          pipeline.flow ? ", or their flow images," : ""
        } have changed since it began; choose another folder with --out.`,
        2,
      );
    }
    await writeWhole(
      `${run}/run.json`,
      JSON.stringify(
        {
          pipeline: resolved,
          classes: plan.classes,
          engine,
          threadsPerFold: resolved.threadsPerFold,
          seeds: resolved.seeds,
          versions: versions(),
          ...(peek ? { peek } : {}),
          ...(plan.preparation ? { preparation: plan.preparation } : {}),
          command,
          clips: fingerprint(plan),
        } satisfies RunFile,
        null,
        2,
      ) + "\n",
    );
    await writeWhole(planFile(run), JSON.stringify(plan));

    return await work(run, plan, progress);
  }).finally(() => progress.end());
}

/** What to say when the user has stopped a run. */
export function stopped(run: string, command: readonly string[]): UserError {
  const again = command.includes("--resume") ? command : [...command, "--resume"];
  const words = again.map((word) => /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const how = command.length > 0 ? words.join(" ") : "the same command and --resume";
  return new UserError(`Stopped. What is done is kept in ${run}, to the last step; go on with: ${how}`);
}

interface RunFile {
  readonly pipeline: Pipeline;
  readonly classes: readonly string[];
  readonly engine: string;
  readonly threadsPerFold: number;
  readonly seeds: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
  /** Whether epochs were chosen on the test subjects as well. */
  readonly peek?: boolean;
  /** How the databases had been prepared, for those who use the networks. */
  readonly preparation?: Preparation;
  readonly command: readonly string[];
  /** A fingerprint of the clips: database, subject, clip, class and pixels of each. */
  readonly clips: string;
}

/** `auto` is the engine that the run began with, where it is here, else the best one. */
async function chooseEngine(name: Pipeline["engine"], before: string | undefined): Promise<string> {
  if (name !== "auto") {
    const { available, reason } = await engineAvailability(name);
    if (available) return name;
    throw new UserError(`The ${name} engine cannot run here: ${reason}.`);
  }
  const known = engineNames.find((engine) => engine === before);
  for (const engine of [...(known ? [known] : []), "native", "wasm", "cpu"] as const) {
    if ((await engineAvailability(engine)).available) return engine;
  }
  throw new Error("Cannot choose an engine: none is available, not even cpu");
}

async function readRunFile(run: string): Promise<RunFile | undefined> {
  const text = await Deno.readTextFile(`${run}/run.json`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotADirectory) {
      throw new UserError(
        `Cannot run in ${run}: there is a file of that name, or one above it; choose another folder with --out.`,
        2,
      );
    }
    throw new UserError(`Cannot read ${run}/run.json: ${error.message}; choose another folder with --out.`);
  });
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text);
    if (typeof value?.pipeline === "object") return value;
  } catch { /* said below */ }
  throw new UserError(
    `Cannot go on in ${run}: its run.json is damaged or of another program; choose another folder with --out.`,
    2,
  );
}

async function isUsed(run: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(run)) if (`${run}/${name}` !== runLockFile(run)) return true;
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new UserError(
      `Cannot run in ${run}: ${(error as Error).message}; choose another folder with --out.`,
      2,
    );
  }
}

function refuseUnlessSame(
  run: string,
  before: RunFile,
  now: { pipeline: Pipeline; engine: string; peek: boolean },
  resume: boolean,
): void {
  if (!resume) {
    throw new UserError(
      `Cannot run in ${run}: it holds a run already; go on with --resume, or choose another folder with --out.`,
      2,
    );
  }
  // The engine counts as what it came to; how jobs are submitted is no part of what they compute.
  const withoutEngine = ({ engine: _, slurm: __, ...rest }: Pipeline) => rest;
  const changed = differences(
    { pipeline: withoutEngine(before.pipeline), engine: before.engine, peek: before.peek ?? false },
    { pipeline: withoutEngine(now.pipeline), engine: now.engine, peek: now.peek },
  );
  if (changed.length > 0) {
    throw new UserError(
      `Cannot go on in ${run}: the pipeline has changed since it began; take the changes back, or choose another folder with --out.\n` +
        changed.map((line) => `  ${line}`).join("\n"),
      2,
    );
  }
}

function fingerprint(plan: Plan): string {
  let h = 0xcbf29ce484222325n;
  // The name in the cache, which may lie anywhere, changes with a clip's frames; a flow image has none, but what is made of it does.
  const fileOf = ({ file, features = file }: PlanClip) => plan.pipeline.flow ? features : file;
  const facts = (clips: Plan["micro"]) =>
    clips.map((clip) => [
      `${clip.database}/${clip.subject}/${clip.clip}`,
      clip.classIndex,
      fileOf(clip).slice(fileOf(clip).lastIndexOf("/") + 1),
    ]);
  const text = JSON.stringify([facts(plan.micro), facts(plan.macro), plan.classes]);
  for (let i = 0; i < text.length; i++) {
    h = BigInt.asUintN(64, (h ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return h.toString(16).padStart(16, "0");
}
