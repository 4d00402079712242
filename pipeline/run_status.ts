import { UserError } from "../types.ts";
import type { Job } from "./jobs.ts";
import { type JobStatus, jobStatusFile, readJobStatus } from "./job_status.ts";
import { ending, isOver, queue, type SlurmState } from "./launch/_slurm_commands.ts";
import { holds, logOf, readSubmissions, slurmId, stateIn, type Submission } from "./launch/_submissions.ts";
import { methodOf } from "./methods/mod.ts";
import type { Plan } from "./plan.ts";
import type { Standing } from "./standing.ts";
import { exists, isMacroDone, planFile, readFold } from "./run_folder.ts";

/** Where one job of a run stands. */
export interface UnitStatus {
  /** MaNet, or a fold. */
  readonly kind: "macro" | "fold";
  /** The seed. */
  readonly seed: number;
  /** The fold, as `database/subject`. */
  readonly fold?: string;
  /**
   * `done`: its result is there. `running`: its process lives, as far as can be seen. `waiting`: nobody has begun it, it was stopped, or it is in Slurm's queue.
   * `failed`: it said so, or Slurm does. `silent`: it was begun, and nothing is heard of it any more (a kill, a power cut).
   */
  readonly state: "done" | "running" | "waiting" | "failed" | "silent";
  /** Steps that are over. */
  readonly done: number;
  /** Steps of the job. */
  readonly total: number;
  /** The last step that was told: stage, epoch, losses. */
  readonly standing?: Standing;
  /** The machine. */
  readonly host?: string;
  /** The job of Slurm, `12` or `12_3`. */
  readonly slurm?: string;
  /** When the last process took it up, ISO 8601. */
  readonly startedAt?: string;
  /** The last sign of life, ISO 8601. */
  readonly at?: string;
  /** How long that was before now, seconds. */
  readonly age?: number;
  /** How much longer it will take at the speed it has, seconds; of running jobs. */
  readonly secondsLeft?: number;
  /** Why it failed, or what it waits for in Slurm's queue. */
  readonly reason?: string;
  /** The file with its output, of jobs under Slurm. */
  readonly log?: string;
}

/** Where a run stands. */
export interface RunStatus {
  /** The run folder. */
  readonly run: string;
  /** The pipeline's name. */
  readonly name: string;
  /** `loso`, `cde`, ... */
  readonly protocol: string;
  /** The engine by name. */
  readonly engine: string;
  /** Each trains everything anew. */
  readonly seeds: readonly number[];
  /** Where its jobs run, or ran last. */
  readonly launcher: "local" | "slurm";
  /**
   * `complete`: all is done and scored. `unscored`: all is done, the scores are not written yet. `running`: a job is at work or in Slurm's queue.
   * `stopped`: something is missing, and nobody is at work on it.
   */
  readonly state: "complete" | "unscored" | "running" | "stopped";
  /** Jobs by state. */
  readonly jobs: Readonly<Record<UnitStatus["state"] | "total", number>>;
  /** Steps over all jobs. */
  readonly steps: { readonly done: number; readonly total: number };
  /** About how much longer the run takes if as many folds stay at work as now, seconds; undefined where no fold is at work. */
  readonly secondsLeft?: number;
  /** Every job: MaNet of a seed, then its folds. */
  readonly units: readonly UnitStatus[];
  /** Why Slurm's queue could not be asked, where there was a reason to. */
  readonly queueSilent?: string;
  /** summary.json of a scored run. */
  readonly summary?: unknown;
}

/** How a status is taken. */
export interface StatusOptions {
  /** Now, milliseconds since 1970. @default Date.now() */
  now?: number;
  /** Ask Slurm's queue about a run that is under Slurm. @default true */
  askSlurm?: boolean;
}

/** A process that cannot be looked at is taken for silent after so many seconds. */
const silentAfter = 600;

/**
 * Where a run stands, local or under Slurm, from its folder alone and, if this machine has it, Slurm's queue. Only reads: it may be asked at
 * any time, on any machine that sees the folder.
 *
 * @throws {UserError} If the folder is no run, or cannot be read.
 */
export async function runStatus(run: string, options: StatusOptions = {}): Promise<RunStatus> {
  const { now = Date.now(), askSlurm = true } = options;
  const plan = await readPlan(run);
  const { pipeline } = plan;
  const submissions = await readSubmissions(run);
  const summary = await Deno.readTextFile(`${run}/summary.json`).then(JSON.parse).catch(() => undefined);
  const scored = summary?.incomplete ? undefined : summary; // of a run with failures, for the time being
  const method = methodOf(pipeline);
  const all: { job: Job; fold: string | undefined; total: number; done: boolean }[] = [];
  for (const seed of pipeline.seeds) {
    if (plan.macro.length > 0) {
      const job: Job = { kind: "macro", seed };
      const total = method.macroSteps(pipeline);
      all.push({ job, fold: undefined, total, done: await isMacroDone(run, seed) });
    }
    for (const [index, fold] of plan.folds.entries()) {
      const job: Job = { kind: "fold", seed, fold: index };
      const done = await readFold(run, seed, fold.name) !== undefined;
      all.push({ job, fold: fold.name, total: method.foldSteps(plan, fold), done });
    }
  }
  const asked = askSlurm && submissions.length > 0 && all.some(({ done }) => !done);
  const answer = asked ? await askQueue(submissions) : [];
  const states = typeof answer === "string" ? [] : answer;
  const units: UnitStatus[] = [];
  const words = new Map<UnitStatus, JobStatus>();
  for (const { job, fold, total, done } of all) {
    const said = await readJobStatus(jobStatusFile(run, job, fold));
    const submission = submissions.findLast((submission) => holds(submission, job));
    const queued = submission && stateIn(states, submission, job);
    const facts = { job, said, submission, queued, asked: asked && typeof answer !== "string" };
    const unit = await unitStatus(run, { fold, total, done, now }, facts);
    units.push(unit);
    if (said) words.set(unit, said);
  }
  const count = (state: UnitStatus["state"]) => units.filter((unit) => unit.state === state).length;
  const queued = units.some(({ state, reason }) => state === "waiting" && reason !== undefined);
  const allDone = units.every(({ kind, state }) => kind === "macro" || state === "done");
  const left = runSecondsLeft(units, words);
  return {
    run,
    name: pipeline.name,
    protocol: pipeline.protocol,
    engine: plan.engine,
    seeds: pipeline.seeds,
    launcher: submissions.length > 0 ? "slurm" : "local",
    state: allDone
      ? scored ? "complete" : "unscored"
      : count("running") > 0 || queued
      ? "running"
      : "stopped",
    jobs: {
      done: count("done"),
      running: count("running"),
      waiting: count("waiting"),
      failed: count("failed"),
      silent: count("silent"),
      total: units.length,
    },
    steps: { done: sum(units, "done"), total: sum(units, "total") },
    ...(left === undefined ? {} : { secondsLeft: left }),
    units,
    ...(typeof answer === "string" ? { queueSilent: answer } : {}),
    ...(allDone && scored ? { summary: scored } : {}),
  };
}

/** The queue's answer, or why there is none: no Slurm on this machine, or a controller that is down. */
async function askQueue(submissions: readonly Submission[]): Promise<readonly SlurmState[] | string> {
  const jobs = [...new Set(submissions.map(({ job }) => job))];
  try {
    return await queue(jobs, { seconds: 10 });
  } catch (error) {
    if (error instanceof UserError) return "squeue is not on this machine";
    throw error;
  }
}

async function readPlan(run: string): Promise<Plan> {
  const info = await Deno.stat(run).catch(() => undefined);
  if (!info) throw new UserError(`Cannot tell the status of ${run}: there is no such folder.`);
  if (!info.isDirectory) {
    throw new UserError(`Cannot tell the status of ${run}: it is a file; name the folder of a run.`);
  }
  if (!(await exists(`${run}/run.json`))) {
    throw new UserError(
      `Cannot tell the status of ${run}: it is not the folder of a run (there is no run.json in it); m2m run names its folder with --out, runs/<name> by default.`,
    );
  }
  const text = await Deno.readTextFile(planFile(run)).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `Cannot tell the status of ${run}: it has no plan.json, so that its run ended before any training; go on with m2m run ... --resume.`
        : `Cannot read ${planFile(run)}: ${error.message}.`,
    );
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(
      `Cannot tell the status of ${run}: its plan.json is damaged; m2m run ... --resume writes it anew.`,
    );
  }
}

/** What the parts of a status are drawn from, for one job. */
interface Facts {
  readonly job: Job;
  readonly said: JobStatus | undefined;
  readonly submission: Submission | undefined;
  /** What Slurm's queue says of it: nothing if it was not asked, does not answer, or has forgotten the job. */
  readonly queued: SlurmState | undefined;
  /** Whether the queue was asked and answered. */
  readonly asked: boolean;
}

async function unitStatus(
  run: string,
  { fold, total, done, now }: { fold: string | undefined; total: number; done: boolean; now: number },
  facts: Facts,
): Promise<UnitStatus> {
  const { job, said, submission } = facts;
  const slurm = said?.slurm ?? (submission && slurmId(submission, job));
  const { state, reason } = done ? { state: "done" as const, reason: undefined } : await stateOf(facts, now);
  const secondsLeft = state === "running" && said ? remaining(said) : undefined;
  return {
    kind: job.kind,
    seed: job.seed,
    ...(fold === undefined ? {} : { fold }),
    state,
    done: done ? total : Math.min(said?.done ?? 0, total),
    total,
    ...(said?.standing ? { standing: said.standing } : {}),
    ...(said ? { host: said.host, startedAt: said.startedAt, at: said.at, age: ageOf(said, now) } : {}),
    ...(slurm === undefined ? {} : { slurm }),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
    ...(reason === undefined ? {} : { reason }),
    ...(submission && slurm ? { log: logOf(run, submission, job) } : {}),
  };
}

/** The state of a job whose result is not there. */
async function stateOf(
  { job, said, submission, queued, asked }: Facts,
  now: number,
): Promise<{ state: Exclude<UnitStatus["state"], "done">; reason?: string | undefined }> {
  const underSlurm = submission !== undefined && !(said && !said.slurm && said.startedAt > submission.at);
  // Words of an earlier attempt say nothing about this one.
  const own = underSlurm && said?.slurm !== slurmId(submission, job) ? undefined : said;
  if (underSlurm && queued && !isOver(queued)) {
    return queued.state === "PENDING"
      ? { state: "waiting", reason: `Slurm: ${queued.reason === "None" ? "queued" : queued.reason}` }
      : { state: "running" };
  }
  if (own?.state === "failed") return { state: "failed", reason: own.failure };
  if (underSlurm && queued) return { state: "failed", reason: ending(queued) };
  if (own?.state === "stopped") return { state: "waiting" };
  if (own) return { state: await lives(own, now) ? "running" : "silent" };
  return { state: underSlurm && asked ? "silent" : "waiting" };
}

/** Whether a process that said it was at work still is: looked at where it is of this machine, else judged by its last sign of life. */
async function lives(said: JobStatus, now: number): Promise<boolean> {
  if (Deno.build.os === "linux" && said.host === Deno.hostname() && !said.slurm) {
    const command = await Deno.readTextFile(`/proc/${said.pid}/cmdline`).catch(() => "");
    return command.includes("_worker.ts");
  }
  return ageOf(said, now) < silentAfter;
}

/** Seconds since the last sign of life; clocks of two machines may differ. */
function ageOf(said: JobStatus, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(said.at)) / 1000));
}

/** Steps per second since the process took the job up. */
function speed(said: Pick<JobStatus, "done" | "resumedAt" | "startedAt" | "at">): number | undefined {
  const seconds = (Date.parse(said.at) - Date.parse(said.startedAt)) / 1000;
  const steps = said.done - said.resumedAt;
  return seconds > 0 && steps > 0 ? steps / seconds : undefined;
}

function remaining(said: JobStatus): number | undefined {
  const perSecond = speed(said);
  return perSecond === undefined ? undefined : Math.max(0, Math.round((said.total - said.done) / perSecond));
}

/**
 * The steps that are missing, at the speed of the folds at work together; not less than the slowest of them needs. While only MaNet is at
 * work nothing is known of how many folds will be.
 */
function runSecondsLeft(
  units: readonly UnitStatus[],
  said: ReadonlyMap<UnitStatus, JobStatus>,
): number | undefined {
  const folds = units.filter(({ kind, state }) => kind === "fold" && state === "running");
  const together = folds.reduce((sum, unit) => sum + (speed(said.get(unit) as JobStatus) ?? 0), 0);
  if (together === 0) return undefined;
  const missing = units.reduce(
    (sum, { state, done, total }) => sum + (state === "done" ? 0 : total - done),
    0,
  );
  return Math.round(Math.max(missing / together, ...folds.map(({ secondsLeft = 0 }) => secondsLeft)));
}

function sum(units: readonly UnitStatus[], key: "done" | "total"): number {
  return units.reduce((all, unit) => all + unit[key], 0);
}
