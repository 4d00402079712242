// What a run has submitted to Slurm: RUN/slurm/jobs.json.
import { z } from "zod";
import { UserError } from "../../types.ts";
import type { Job } from "../jobs.ts";
import { writeWhole } from "../write_whole.ts";
import type { SlurmState } from "./_slurm_commands.ts";

const submissionSchema = z.object({
  /** The number that sbatch gave. */
  job: z.string(),
  /** When, ISO 8601. */
  at: z.string(),
  seed: z.number(),
  /** The folds (indices into the plan's) that are tasks of this array; absent for MaNet. */
  folds: z.array(z.number()).optional(),
  /** The job on whose success it depends. */
  after: z.string().optional(),
  /** The script, relative to the run folder. */
  script: z.string(),
  /** Its output, relative to the run folder, with %a for the task. */
  log: z.string(),
});

/** One call of sbatch. */
export type Submission = z.output<typeof submissionSchema>;

const file = (run: string) => `${run}/slurm/jobs.json`;

/**
 * All submissions of a run, the first first; none where it has not been under Slurm.
 *
 * @throws {UserError} If the file is damaged.
 */
export async function readSubmissions(run: string): Promise<readonly Submission[]> {
  try {
    return z.array(submissionSchema).parse(JSON.parse(await Deno.readTextFile(file(run))));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw new UserError(
      `Cannot read ${file(run)}: ${
        error instanceof SyntaxError || error instanceof z.ZodError
          ? "it is damaged"
          : (error as Error).message
      }; look with squeue whether jobs of this run are there still, then remove the file.`,
    );
  }
}

/** Keeps the submissions of a run. */
export async function writeSubmissions(run: string, submissions: readonly Submission[]): Promise<void> {
  await writeWhole(file(run), JSON.stringify(submissions, null, 1) + "\n");
}

/** Whether a job was part of a submission. */
export function holds(submission: Submission, job: Job): boolean {
  if (submission.seed !== job.seed) return false;
  return job.kind === "macro" ? !submission.folds : submission.folds?.includes(job.fold) ?? false;
}

/** What Slurm says of a job that a submission holds. */
export function stateIn(
  states: readonly SlurmState[],
  submission: Submission,
  job: Job,
): SlurmState | undefined {
  if (!holds(submission, job)) return undefined;
  // Tasks of a waiting array are told one by one (squeue --array).
  return states.find((s) => s.job === submission.job && (job.kind === "macro" || s.task === job.fold));
}

/** The number of a job as Slurm writes it: `12`, or `12_3` for a task of an array. */
export function slurmId(submission: Submission, job: Job): string {
  return job.kind === "macro" ? submission.job : `${submission.job}_${job.fold}`;
}

/** The file with a job's output. */
export function logOf(run: string, submission: Submission, job: Job): string {
  return `${run}/${job.kind === "macro" ? submission.log : submission.log.replace("%a", String(job.fold))}`;
}
