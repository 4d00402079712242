import { type Fold, UserError } from "../../types.ts";
import type { Job } from "../jobs.ts";
import { type JobStatus, jobStatusFile, readJobStatus } from "../job_status.ts";
import { methodOf } from "../methods/mod.ts";
import type { Plan } from "../plan.ts";
import { duration } from "../progress/duration.ts";
import { type RunProgress, runProgress } from "../progress/run_progress.ts";
import { remaining } from "../remaining.ts";
import { isMacroDone, readFold } from "../run_folder.ts";
import { slurmSchema, type SlurmSettings } from "../schema.ts";
import { writeWhole } from "../write_whole.ts";
import { sbatchScript } from "./_sbatch_script.ts";
import { account, cancel, ending, isOver, queue, type SlurmState, submit } from "./_slurm_commands.ts";
import {
  logOf,
  readSubmissions,
  slurmId,
  stateIn,
  type Submission,
  writeSubmissions,
} from "./_submissions.ts";

/** How a run goes through Slurm. */
export interface SlurmOptions {
  /** What wins over the pipeline's section `slurm`; `lines` and those of the pipeline both hold. @default {} */
  settings?: Partial<SlurmSettings>;
  /** Shows how the jobs go; the caller ends it. @default none */
  progress?: RunProgress;
  /** Ends the waiting, not the jobs. */
  signal?: AbortSignal;
  /** The longest pause between two looks at the queue and the run folder, seconds. @default 15 */
  pollSeconds?: number;
}

/** A job of the run: MaNet of a seed, or a fold. */
interface Unit {
  readonly job: Job;
  /** In messages. */
  readonly name: string;
  readonly steps: number;
  readonly statusFile: string;
  /** How often it has been submitted by this command (or found in the queue). */
  tries: number;
  /** Where it is now, while it waits or runs. */
  submission?: Submission | undefined;
  /** Since when Slurm has it no longer, while its result is still looked for. */
  goneSince?: number | undefined;
  state: "open" | "done" | "failed";
  /** Whether it is shown as running. */
  shown?: boolean;
}

/** How long a result may take to be seen through a shared file system after its job is over: NFS keeps names for up to a minute. */
const visibleWithin = 60_000;
/** A job that fails is submitted once more. */
const tries = 2;

/**
 * Runs what is not done yet as jobs of Slurm: MaNet of each seed, then its folds as a job array that depends on it. Jobs of this run that
 * are in the queue already are waited for, not submitted again. One that fails, is killed or comes to a limit is submitted once more.
 *
 * @param run The run folder, on a file system that the nodes share.
 * @returns A line for each job that failed, with Slurm's reason and the end of its log.
 * @throws {UserError} If Slurm is not here or refuses a job, or if the waiting was ended by the signal: the jobs then go on.
 */
export async function launchSlurm(run: string, plan: Plan, options: SlurmOptions = {}): Promise<string[]> {
  const slurm = new SlurmRun(await Deno.realPath(run), run, plan, options);
  await slurm.submitAll();
  return await slurm.wait();
}

/**
 * Submits what `launchSlurm` would and comes back at once.
 *
 * @returns The numbers of the jobs that do the run, those that were in the queue already among them; none where all is done.
 * @throws {UserError} If Slurm is not here or refuses a job.
 */
export async function submitSlurm(run: string, plan: Plan, options: SlurmOptions = {}): Promise<string[]> {
  const slurm = new SlurmRun(await Deno.realPath(run), run, plan, options);
  await slurm.submitAll();
  return slurm.jobs();
}

class SlurmRun {
  readonly #units: Unit[] = [];
  #submissions: Submission[] = [];
  readonly #failures: string[] = [];
  readonly #settings: SlurmSettings;
  readonly #progress: RunProgress;
  readonly #began = performance.now();

  /** @param run Absolute. @param shown As the user named it. */
  constructor(
    readonly run: string,
    readonly shown: string,
    readonly plan: Plan,
    readonly options: SlurmOptions,
  ) {
    const { slurm } = plan.pipeline, { settings } = options;
    const lines = [...slurm?.lines ?? [], ...settings?.lines ?? []];
    this.#progress = options.progress ?? runProgress("none");
    this.#settings = slurmSchema.parse({ ...slurm, ...settings, lines });
  }

  /** Submits what is open and not in the queue. */
  async submitAll(): Promise<void> {
    await this.#listUnits();
    if (this.#units.length === 0) return;
    this.#submissions = [...await readSubmissions(this.run)];
    await this.#adopt();
    await this.#submitOpen();
  }

  /** Waits until every job is done or has failed. */
  async wait(): Promise<string[]> {
    const { signal, pollSeconds = 15 } = this.options;
    let pause = Math.min(1, pollSeconds);
    const { pipeline, folds, macro } = this.plan;
    const all = pipeline.seeds.length * (folds.length + (macro.length > 0 ? 1 : 0));
    this.#progress.begin(
      this.#units.map(({ statusFile, name, steps }) => ({ key: statusFile, name, steps })),
      all - this.#units.length,
    );
    while (this.#units.some((unit) => unit.state === "open")) {
      await sleep(pause, signal);
      if (signal?.aborted) throw this.#stopped();
      const changed = await this.#look();
      pause = changed ? Math.min(1, pollSeconds) : Math.min(pollSeconds, pause * 1.5);
    }
    return this.#failures;
  }

  /** The jobs that are in the queue for this run. */
  jobs(): string[] {
    return [
      ...new Set(this.#units.flatMap((unit) => unit.state === "open" ? unit.submission?.job ?? [] : [])),
    ];
  }

  async #listUnits(): Promise<void> {
    const { pipeline, folds } = this.plan;
    const method = methodOf(pipeline);
    for (const { seed, macro, folds: open } of await remaining(this.run, this.plan)) {
      const of = pipeline.seeds.length > 1 ? ` (seed ${seed})` : "";
      if (macro) {
        this.#units.push(this.#unit({ kind: "macro", seed }, `MaNet${of}`, method.macroSteps(pipeline)));
      }
      for (const index of open) {
        const fold = folds[index] as Fold;
        const job: Job = { kind: "fold", seed, fold: index };
        this.#units.push(this.#unit(job, `fold ${fold.name}${of}`, method.foldSteps(this.plan, fold)));
      }
    }
  }

  #unit(job: Job, name: string, steps: number): Unit {
    const fold = job.kind === "fold" ? (this.plan.folds[job.fold] as Fold).name : undefined;
    return { job, name, steps, statusFile: jobStatusFile(this.run, job, fold), tries: 0, state: "open" };
  }

  /** Takes over the jobs of an earlier command that are in the queue still. */
  async #adopt(): Promise<void> {
    if (this.#submissions.length === 0) return;
    const states = await queue([...new Set(this.#submissions.map(({ job }) => job))]);
    if (typeof states === "string") {
      throw new UserError(
        `Cannot see whether jobs of ${this.shown} are in the queue already: squeue says "${states}"; run again when Slurm answers.`,
      );
    }
    let adopted = 0;
    for (const unit of this.#units) {
      unit.submission = this.#submissions.findLast((submission) => {
        const state = stateIn(states, submission, unit.job);
        return state !== undefined && !isOver(state);
      });
      if (!unit.submission) continue;
      unit.tries = 1;
      adopted++;
    }
    if (adopted > 0) this.#progress.line(`${counted(adopted, "job")} of this run in Slurm's queue already`);
  }

  /** Submits every open unit that is not in the queue: MaNet of a seed first, then its folds. */
  async #submitOpen(): Promise<void> {
    const sent: string[] = [];
    try {
      for (const seed of this.plan.pipeline.seeds) {
        const open = this.#units.filter((unit) => unit.job.seed === seed && unit.state === "open");
        const manet = open.find((unit) => unit.job.kind === "macro");
        if (manet && !manet.submission) sent.push(await this.#submit(seed, [manet]));
        const folds = open.filter((unit) => unit.job.kind === "fold" && !unit.submission);
        if (folds.length > 0) sent.push(await this.#submit(seed, folds, manet?.submission?.job));
      }
    } catch (error) {
      await cancel(sent).catch(() => {}); // all of it or nothing: the user is told to change something and to run again
      throw error;
    }
  }

  async #submit(seed: number, units: readonly Unit[], after?: string): Promise<string> {
    const { run, plan } = this;
    const folds = units.flatMap(({ job }) => job.kind === "fold" ? [job.fold] : []);
    const isFolds = folds.length > 0;
    const kind = isFolds ? "folds" : "macro";
    const before =
      this.#submissions.filter((s) => s.seed === seed && (s.folds !== undefined) === isFolds).length;
    const script = `slurm/seed${seed}-${kind}${before > 0 ? `-${before + 1}` : ""}.sbatch`;
    const log = isFolds ? `slurm/logs/seed${seed}-fold%a-%A.log` : `slurm/logs/seed${seed}-macro-%A.log`;
    await Deno.mkdir(`${run}/slurm/logs`, { recursive: true });
    await writeWhole(
      `${run}/${script}`,
      sbatchScript({
        name: `m2m-${plan.pipeline.name}-seed${seed}-${kind}`,
        about: isFolds
          ? `Folds of ${run}, seed ${seed}: a task's number is the fold's place in plan.json, from 0.`
          : `MaNet of ${run}, seed ${seed}; the folds depend on it.`,
        run,
        log: `${run.replaceAll("%", "%%")}/${isFolds ? log : log.replace("%A", "%j")}`,
        seed,
        ...(isFolds ? { folds } : {}),
        threads: plan.pipeline.threadsPerFold,
        denoDir: await denoDir(),
        settings: this.#settings,
      }),
    );
    const job = await submit(`${run}/${script}`, after);
    const submission: Submission = {
      job,
      at: new Date().toISOString(),
      seed,
      ...(isFolds ? { folds } : {}),
      ...(after === undefined ? {} : { after }),
      script,
      log: log.replace("%A", job),
    };
    this.#submissions.push(submission);
    await writeSubmissions(run, this.#submissions);
    for (const unit of units) {
      unit.submission = submission;
      unit.goneSince = undefined;
      unit.tries++;
    }
    const what = isFolds ? counted(folds.length, "fold") : "MaNet";
    const of = plan.pipeline.seeds.length > 1 ? ` (seed ${seed})` : "";
    this.#progress.line(
      `${what}${of} submitted to Slurm as job ${job}${after === undefined ? "" : `, after job ${after}`}`,
    );
    return job;
  }

  /** Looks at the run folder and the queue once. Gives whether anything has ended. */
  async #look(): Promise<boolean> {
    const open = this.#units.filter((unit) => unit.state === "open");
    const jobs = [...new Set(open.flatMap((unit) => unit.submission?.job ?? []))];
    const states = await queue(jobs);
    let changed = false;
    for (const unit of open) { // MaNet of a seed stands before its folds
      const status = await readJobStatus(unit.statusFile);
      if (await this.#isDone(unit)) {
        unit.state = "done";
        changed = true;
        const seconds = status ? (Date.parse(status.at) - Date.parse(status.startedAt)) / 1000 : 0;
        this.#progress.finish(unit.statusFile, seconds);
        continue;
      }
      if (typeof states === "string" || unit.submission === undefined) continue; // asked again soon
      const state = stateIn(states, unit.submission, unit.job);
      if (state && !isOver(state)) {
        unit.goneSince = undefined;
        if (
          status?.standing && status.state === "running" &&
          status.slurm === slurmId(unit.submission, unit.job)
        ) {
          if (!unit.shown) {
            this.#progress.start(unit.statusFile);
            if (status.resumedAt > 0) this.#progress.skip(unit.statusFile, status.resumedAt);
          }
          unit.shown = true;
          this.#progress.step(unit.statusFile, status.done, status.standing);
        }
        continue;
      }
      changed = await this.#over(unit, state, status) || changed;
    }
    if (changed) await this.#submitOpen();
    return changed;
  }

  /** A unit that Slurm has no longer, and whose result is not there. Gives whether that is so for good. */
  async #over(unit: Unit, state: SlurmState | undefined, status: JobStatus | undefined): Promise<boolean> {
    unit.goneSince ??= performance.now();
    const mayStillShow = state === undefined || state.state === "COMPLETED";
    if (mayStillShow && performance.now() - unit.goneSince < visibleWithin) return false;
    const submission = unit.submission as Submission;
    unit.submission = undefined;
    if (state?.reason === "DependencyNeverSatisfied") {
      if (state.state === "PENDING") await cancel([submission.job]);
      const manet = this.#units.find(({ job }) => job.kind === "macro" && job.seed === unit.job.seed);
      if (manet?.state === "failed") unit.state = "failed"; // said once, with MaNet
      else unit.tries--; // it has not been tried
      return true;
    }
    const own = status?.slurm === slurmId(submission, unit.job) ? status : undefined;
    const fold = unit.job.kind === "fold" ? unit.job.fold : undefined;
    const what = own?.failure ?? ending(state ?? await account(submission.job, fold));
    if (unit.tries < tries) {
      this.#progress.fail(unit.statusFile, what, true);
      unit.shown = false;
      return true;
    }
    unit.state = "failed";
    const log = logOf(this.shown, submission, unit.job);
    this.#failures.push(`${unit.name}: ${what}${await tail(log)}`);
    this.#progress.fail(unit.statusFile, what, false);
    return true;
  }

  async #isDone({ job }: Unit): Promise<boolean> {
    if (job.kind === "macro") return await isMacroDone(this.run, job.seed);
    return await readFold(this.run, job.seed, (this.plan.folds[job.fold] as Fold).name) !== undefined;
  }

  #stopped(): UserError {
    return new UserError(
      `Stopped waiting after ${
        duration((performance.now() - this.#began) / 1000)
      }; the jobs go on under Slurm.\n` +
        goOn(this.shown, this.jobs()),
    );
  }
}

/** How to look at submitted jobs, collect their scores and end them. */
export function goOn(run: string, jobs: readonly string[]): string {
  return `  look:              m2m status ${run}\n` +
    "  wait and collect:  the same command with --resume (and without --detach)\n" +
    `  end the jobs:      scancel ${jobs.join(" ")}`;
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

async function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, seconds * 1000);
    signal?.addEventListener("abort", over);
    if (signal?.aborted) over();
  });
}

/** Where this Deno keeps its packages: the nodes read them there. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", "--no-config"] })
    .output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** The last lines of a log, below the sentence about a failure. */
async function tail(log: string): Promise<string> {
  const text = await Deno.readTextFile(log).catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-6).filter(Boolean);
  if (lines.length === 0) return `\n    (its log ${log} is empty or missing)`;
  return `\n    the end of its log ${log}:\n${lines.map((line) => `      ${line}`).join("\n")}`;
}
