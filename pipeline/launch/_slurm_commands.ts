// Slurm's own commands: sbatch, squeue, sacct, scancel. Each call has a time limit, so that a controller that hangs hangs nobody.
import { UserError } from "../../types.ts";

/** What Slurm says of one job, or of one task of a job array. */
export interface SlurmState {
  /** The number that sbatch gave. */
  readonly job: string;
  /** The task of an array. */
  readonly task?: number;
  /** As Slurm writes it: PENDING, RUNNING, COMPLETED, FAILED, TIMEOUT, OUT_OF_MEMORY, NODE_FAIL, CANCELLED, ... */
  readonly state: string;
  /** Why it waits or ended so, as Slurm writes it. */
  readonly reason: string;
  /** The exit code of the process, where it has ended by itself. */
  readonly exitCode?: number;
  /** The signal that ended it. */
  readonly signal?: number;
  /** Where it runs or ran. */
  readonly node: string;
}

/** Ended states: the others still run, will run, or are being cleaned up. */
const ended = new Set([
  "BOOT_FAIL",
  "CANCELLED",
  "COMPLETED",
  "DEADLINE",
  "FAILED",
  "NODE_FAIL",
  "OUT_OF_MEMORY",
  "PREEMPTED",
  "REVOKED",
  "TIMEOUT",
]);

/** Whether a job is over, or can never start because what it depends on has failed. */
export function isOver({ state, reason }: SlurmState): boolean {
  return ended.has(state) || (state === "PENDING" && reason === "DependencyNeverSatisfied");
}

/** What a command of Slurm printed. */
interface Answer {
  readonly ok: boolean;
  readonly out: string;
  readonly error: string;
}

async function call(program: string, args: readonly string[], seconds = 60): Promise<Answer> {
  try {
    const output = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      detached: true, // Ctrl-C in a terminal goes to us alone: a submission is not cut in two
      env: { SLURM_TIME_FORMAT: "standard" },
      signal: AbortSignal.timeout(seconds * 1000),
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    const silent = output.signal ? `${program} gave no answer within ${seconds} s` : "";
    return { ok: output.success, out: decode(output.stdout), error: decode(output.stderr) || silent };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(
        `Cannot use Slurm: the command ${program} is not here; run this on a machine of the cluster (its login node), or leave out --launcher slurm.`,
      );
    }
    throw error;
  }
}

/** Slurm's sentences without the program's name before each, in one line. */
function sentences(text: string): string {
  return text.split("\n").map((line) => line.replace(/^\w+: (error: |fatal: )?/, "").trim()).filter(Boolean)
    .join("; ");
}

/**
 * Submits a script.
 *
 * @returns The job's number.
 * @throws {UserError} With Slurm's own sentence if it is refused, or if there is no sbatch.
 */
export async function submit(script: string, after: string | undefined): Promise<string> {
  const depends = after === undefined ? [] : [`--dependency=afterok:${after}`, "--kill-on-invalid-dep=yes"];
  const { ok, out, error } = await call("sbatch", ["--parsable", ...depends, script], 120);
  const job = out.split("\n").at(-1)?.split(";")[0]?.trim() ?? "";
  if (ok && /^\d+$/.test(job)) return job;
  throw new UserError(
    `Slurm refuses ${script}: ${
      sentences(error || out) || "it gave no reason"
    }. Change the section slurm of the pipeline or the flags (sinfo lists partitions and nodes, docs/clusters.md the flags), then run again with --resume.`,
  );
}

/** Ends jobs; one that has ended already is no mistake. */
export async function cancel(jobs: readonly string[]): Promise<void> {
  if (jobs.length > 0) await call("scancel", ["--quiet", ...jobs]);
}

/**
 * What Slurm knows of these jobs, a line for each task; those that ended longer ago than its memory (`MinJobAge`, often five minutes) are missing.
 *
 * @throws {UserError} If there is no squeue.
 * @returns The states, or Slurm's sentence if it did not answer.
 */
export async function queue(
  jobs: readonly string[],
  { seconds = 60 }: { seconds?: number } = {},
): Promise<readonly SlurmState[] | string> {
  if (jobs.length === 0) return [];
  const columns = ["ArrayJobID", "ArrayTaskID", "State", "exit_code", "NodeList", "Reason"];
  const width = 64;
  const format = columns.map((name) => `${name}:${width}`).join(",");
  const { ok, out, error } = await call(
    "squeue",
    ["--jobs", jobs.join(","), "--states=all", "--noheader", "--array", "--Format", format],
    seconds,
  );
  if (!ok) return /Invalid job id/i.test(error) ? [] : sentences(error);
  return out.split("\n").filter(Boolean).map((line) => {
    const [job, task, state, status, node, reason] = columns.map((_, i) =>
      line.slice(i * width, (i + 1) * width).trim()
    ) as [string, string, string, string, string, string];
    const waited = Number(status); // as wait(2) gives it: the exit code in the second byte, the signal in the first
    return {
      job,
      ...(/^\d+$/.test(task) ? { task: Number(task) } : {}),
      state,
      reason,
      ...(ended.has(state) ? { exitCode: waited >> 8, signal: waited & 0x7f } : {}),
      node,
    };
  });
}

/** What the accounting knows of a job that squeue has forgotten; undefined where a cluster keeps no accounts. */
export async function account(job: string, task: number | undefined): Promise<SlurmState | undefined> {
  const id = task === undefined ? job : `${job}_${task}`;
  const format = "State%40,ExitCode,NodeList%80";
  const args = ["--jobs", id, "--allocations", "--noheader", "--parsable2", "--format", format];
  const answer = await call("sacct", args).catch(() => undefined);
  const line = answer?.ok ? answer.out.split("\n").at(-1) : undefined;
  const [state, status, node] = line?.split("|") ?? [];
  if (!state || status === undefined) return undefined;
  const [exitCode, signal] = status.split(":").map(Number);
  return {
    job,
    ...(task === undefined ? {} : { task }),
    state: state.split(" ")[0] as string, // "CANCELLED by 1000"
    reason: "None",
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    node: node ?? "",
  };
}

/**
 * How a job ended, in words, with what to change where Slurm's word names a limit.
 *
 * @example
 * ```ts ignore
 * ending({ job: "7", state: "TIMEOUT", reason: "TimeLimit", node: "n1" }); // "it came to its time limit (Slurm: TIMEOUT, on n1); ..."
 * ```
 */
export function ending(state: SlurmState | undefined): string {
  if (state === undefined) return "Slurm no longer knows how it ended";
  const { exitCode = 0, signal = 0, node, reason } = state;
  const why = reason !== "None" && reason !== "" ? ` ${reason}` : "";
  const slurm = `(Slurm: ${state.state}${why}${node ? `, on ${node}` : ""})`;
  switch (state.state) {
    case "TIMEOUT":
    case "DEADLINE":
      return `it came to its time limit ${slurm}; give it more with slurm.time or --time, it goes on from its last checkpoint`;
    case "OUT_OF_MEMORY":
      return `it ran out of memory ${slurm}; give it more with slurm.memory or --memory`;
    case "NODE_FAIL":
    case "BOOT_FAIL":
      return `its node failed ${slurm}`;
    case "CANCELLED":
      return `it was cancelled ${slurm}`;
    case "PREEMPTED":
      return `it was preempted ${slurm}`;
    case "PENDING":
      return `it could not start ${slurm}`;
    case "COMPLETED":
      return `Slurm says that it completed, but its result is not in the run folder ${slurm}; does the folder lie on a file system that the nodes share?`;
  }
  if (signal === 9) {
    return `it was killed by signal 9 ${slurm}, which is often a lack of memory: slurm.memory or --memory`;
  }
  if (signal !== 0) return `it was killed by signal ${signal} ${slurm}`;
  return `it ended with exit code ${exitCode} ${slurm}`;
}
