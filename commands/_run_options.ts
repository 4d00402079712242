import type { RunOptions } from "../pipeline/mod.ts";
import { type ProgressForm, progressForms } from "../pipeline/progress/run_progress.ts";
import { UserError } from "../types.ts";
import type { Arguments } from "./_arguments.ts";
import { launcherOf, slurmFlags } from "./_launcher.ts";
import { parseSeeds } from "./_seeds.ts";

/** Flags with a value of the commands that train under a protocol. */
export const runValues: readonly string[] = [
  "data",
  "out",
  "jobs",
  "seeds",
  "progress",
  "launcher",
  ...slurmFlags,
];
/** Their flags without one. */
export const runSwitches: readonly string[] = ["resume", "small", "quiet", "detach"];

/** What the line of such a command says of the run. */
export function runOptions(command: string, given: Arguments, args: readonly string[]): RunOptions {
  const seeds = parseSeeds(command, given.value("seeds"));
  const progress = progressForm(command, given.value("progress"));
  const launcher = launcherOf(command, given);
  const [data, out, jobs] = [given.value("data"), given.value("out"), given.count("jobs", 1)];
  return {
    ...(data === undefined ? {} : { data }),
    ...(out === undefined ? {} : { out }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(seeds === undefined ? {} : { seeds }),
    ...launcher,
    resume: given.has("resume"),
    small: given.has("small"),
    quiet: given.has("quiet"),
    ...(progress === undefined ? {} : { progress }),
    command: ["m2m", command, ...args],
  };
}

function progressForm(command: string, text: string | undefined): ProgressForm | undefined {
  const form = progressForms.find((form) => form === text);
  if (text === undefined || form) return form;
  throw new UserError(
    `m2m ${command}: --progress must be one of ${progressForms.join(", ")}, found ${text}; see m2m --help.`,
    2,
  );
}
