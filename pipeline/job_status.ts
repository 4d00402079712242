import { foldFolder } from "./run_folder.ts";
import type { Job } from "./jobs.ts";
import type { Standing } from "./standing.ts";
import { writeWhole } from "./write_whole.ts";

/** Where a job of a run stands, as its own process last said it: the file that `m2m status` and the Slurm launcher read. */
export interface JobStatus {
  /** `running` until the process has said that it is over (`stopped`: asked to, with its last step kept); one that was killed says nothing more. */
  readonly state: "running" | "done" | "failed" | "stopped";
  /** Steps of the job that are over. */
  readonly done: number;
  /** Steps of the job. */
  readonly total: number;
  /** Steps that were over when this process took the job up, from its checkpoint. */
  readonly resumedAt: number;
  /** Its last step that was told: stage, epoch, losses. */
  readonly standing?: Standing;
  /** When this process took the job up, ISO 8601. */
  readonly startedAt: string;
  /** The last sign of life, ISO 8601. */
  readonly at: string;
  /** The machine. */
  readonly host: string;
  /** The process on it. */
  readonly pid: number;
  /** The job of Slurm, `12` or `12_3` for a task of an array, where it runs under Slurm. */
  readonly slurm?: string;
  /** Why it failed, in state `failed`. */
  readonly failure?: string;
}

/** The status file of a job. */
export function jobStatusFile(run: string, job: Job, fold: string | undefined): string {
  const name = job.kind === "macro" ? "macro" : foldFolder("", job.seed, fold as string).split("/").at(-1);
  return `${run}/jobs/seed${job.seed}/${name}.json`;
}

/** The status of a job, or undefined where no process has taken it up yet (or its file is damaged). */
export async function readJobStatus(file: string): Promise<JobStatus | undefined> {
  try {
    const status = JSON.parse(await Deno.readTextFile(file));
    return typeof status?.at === "string" && typeof status?.state === "string" ? status : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Says where a job stands, in its status file: at the start, at the end, and at most every two seconds between. A disk that is full does
 * not end the job here: its checkpoints and its result say so.
 */
export class JobStatusWriter {
  #status: JobStatus;
  #last = -Infinity;

  /**
   * @param file From `jobStatusFile`.
   * @param total Steps of the job.
   */
  constructor(readonly file: string, total: number) {
    const now = new Date().toISOString();
    const { SLURM_JOB_ID: job, SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task } = Deno.env.toObject();
    const slurm = array && task ? `${array}_${task}` : job;
    this.#status = {
      state: "running",
      done: 0,
      total,
      resumedAt: 0,
      startedAt: now,
      at: now,
      host: Deno.hostname(),
      pid: Deno.pid,
      ...(slurm ? { slurm } : {}),
    };
  }

  /** The job has been taken up. */
  async start(): Promise<void> {
    await this.#write({});
  }

  /** So many steps are over. The first that is told says where the job went on. */
  async step(done: number, standing: Standing): Promise<void> {
    const resumedAt = this.#status.standing ? this.#status.resumedAt : done - 1;
    this.#status = { ...this.#status, done, standing, resumedAt };
    if (performance.now() - this.#last >= 2000) await this.#write({});
  }

  /** The job is over. */
  async end(state: "done" | "failed" | "stopped", failure?: string): Promise<void> {
    await this.#write({
      state,
      ...(state === "done" ? { done: this.#status.total } : {}),
      ...(failure === undefined ? {} : { failure }),
    });
  }

  async #write(changes: Partial<JobStatus>): Promise<void> {
    this.#last = performance.now();
    this.#status = { ...this.#status, ...changes, at: new Date().toISOString() };
    await writeWhole(this.file, JSON.stringify(this.#status) + "\n").catch(() => {});
  }
}
