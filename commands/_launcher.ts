import { goOn } from "../pipeline/launch/slurm.ts";
import type { RunOptions } from "../pipeline/mod.ts";
import { slurmSchema } from "../pipeline/schema.ts";
import { UserError } from "../types.ts";
import type { Arguments } from "./_arguments.ts";

/** Flags that win over the pipeline's section `slurm`, with the key that each sets. */
const keys = {
  partition: "partition",
  account: "account",
  time: "time",
  memory: "memory",
  gpus: "gpus",
  cpus: "cpus",
  "max-tasks": "maxTasks",
  sbatch: "lines",
} as const;

/** The names of these flags. */
export const slurmFlags: readonly string[] = Object.keys(keys);

/** The launcher that the line of a command names, with its settings. */
export function launcherOf(command: string, given: Arguments): Pick<RunOptions, "launcher" | "slurm"> {
  const wrong = (why: string) => new UserError(`m2m ${command}: ${why}; see m2m --help.`, 2);
  const launcher = given.value("launcher") ?? "local";
  if (launcher !== "local" && launcher !== "slurm") {
    throw wrong(`--launcher must be local or slurm, found ${launcher}`);
  }
  const used = Object.entries(keys).filter(([flag]) => given.value(flag) !== undefined);
  if (launcher === "local") {
    const flag = used[0]?.[0] ?? (given.has("detach") ? "detach" : undefined);
    if (flag !== undefined) throw wrong(`--${flag} needs --launcher slurm`);
    return {};
  }
  if (given.value("jobs") !== undefined) {
    throw wrong("--jobs is of the local launcher; --max-tasks says how many folds Slurm runs at once");
  }
  const settings = Object.fromEntries(used.map(([flag, key]) => {
    const text = given.value(flag) as string;
    const number = ["cpus", "maxTasks"].includes(key) ? Number(text) : text;
    const checked = slurmSchema.shape[key].safeParse(key === "lines" ? [text] : number);
    if (checked.success) return [key, checked.data];
    const why = checked.error.issues[0]?.message.replace(/^(Invalid input|Too (small|big)): /, "")
      .replace(/, received .*$/, "");
    throw wrong(`--${flag} ${why}, found ${text}`);
  }));
  return { launcher, slurm: { settings } };
}

/** What stands on standard output after `--detach`. */
export function submittedText(run: string, jobs: readonly string[]): string {
  if (jobs.length === 0) {
    return `All jobs of ${run} are done; the same command with --resume and without --detach writes the scores.`;
  }
  return `${run} goes on under Slurm as job${jobs.length === 1 ? "" : "s"} ${jobs.join(", ")}.\n${
    goOn(run, jobs)
  }`;
}
