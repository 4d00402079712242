import { fileURLToPath } from "node:url";
import { workerVariables } from "../jobs.ts";
import type { SlurmSettings } from "../schema.ts";

/** What a batch script runs. */
export interface SbatchJob {
  /** Its name in the queue. */
  readonly name: string;
  /** One line about it, for who reads the script. */
  readonly about: string;
  /** The run folder, absolute. */
  readonly run: string;
  /** The file for its output, absolute, with sbatch's %A, %a, %j. */
  readonly log: string;
  /** The seed. */
  readonly seed: number;
  /** Which folds (indices into the plan's), as tasks of an array; MaNet without. */
  readonly folds?: readonly number[];
  /** Threads of the worker. */
  readonly threads: number;
  /** Where Deno keeps its packages. */
  readonly denoDir: string;
  /** The settings of the job. */
  readonly settings: SlurmSettings;
}

/**
 * A batch script: readable, complete, to be submitted by hand as well (MaNet's before its folds'). Everything is named by its
 * absolute path, so that a node needs nothing but the same file system.
 */
export function sbatchScript(job: SbatchJob): string {
  const { settings, folds, run } = job;
  const worker = new URL("../_worker.ts", import.meta.url);
  const config = Deno.env.get("M2M_CONFIG");
  const cpus = settings.cpus ?? job.threads;
  const directives = [
    `--job-name=${job.name}`,
    ...(folds ? [`--array=${ranges(folds)}${settings.maxTasks ? `%${settings.maxTasks}` : ""}`] : []),
    `--output=${directive(job.log)}`,
    `--chdir=${directive(Deno.cwd())}`,
    "--open-mode=append",
    "--nodes=1",
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    ...(settings.partition ? [`--partition=${settings.partition}`] : []),
    ...(settings.account ? [`--account=${settings.account}`] : []),
    ...(settings.time !== undefined ? [`--time=${settings.time}`] : []),
    ...(settings.memory ? [`--mem=${settings.memory}`] : []),
    ...(Number(settings.gpus ?? 0) !== 0 ? [`--gres=gpu:${settings.gpus}`] : []),
    ...settings.lines,
  ];
  const variables = {
    DENO_DIR: job.denoDir,
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    ...m2mVariables(),
    ...workerVariables(job.threads),
  };
  const shared = [
    Deno.execPath(),
    ...(config ? [config] : []),
    ...(worker.protocol === "file:" ? [fileURLToPath(worker)] : []),
    `${run}/plan.json`,
  ];
  const what = folds
    ? `'{"kind":"fold","seed":${job.seed},"fold":'"$SLURM_ARRAY_TASK_ID"'}'`
    : `'{"kind":"macro","seed":${job.seed}}'`;
  const command = [
    quoted(Deno.execPath()),
    "run -A --quiet --cached-only",
    ...(config ? [`--config ${quoted(config)}`] : []),
    quoted(worker.href),
    quoted(run),
    what,
    "--detached",
  ];
  return `#!/bin/bash
${directives.map((line) => `#SBATCH ${line}`).join("\n")}

# ${job.about}
# Written by m2m run --launcher slurm; how it works: docs/clusters.md.
set -u
${settings.setup.map((line) => `${line}\n`).join("")}
${Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`).join("\n")}

# What must lie on a file system that all nodes share, under the same path.
for path in ${shared.map(quoted).join(" ")}; do
  [ -r "$path" ] && continue
  echo "Cannot work on $(hostname): $path is not there; put it on a file system that all nodes share." >&2
  exit 1
done

echo "$(date '+%F %T') job \${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}\${SLURM_ARRAY_TASK_ID:+ task $SLURM_ARRAY_TASK_ID} on $(hostname)"
exec ${command.join(" \\\n  ")}
`;
}

/** Our own variables of the environment: where the clip cache and the native engine are. Test settings are left out. */
function m2mVariables(): Record<string, string> {
  const all = Object.entries(Deno.env.toObject());
  return Object.fromEntries(all.filter(([name]) => ["M2M_CONFIG", "M2M_CACHE", "M2M_NATIVE"].includes(name)));
}

/** [0, 1, 2, 5] -> "0-2,5". */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
}

/** A word for the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A value of an #SBATCH line: in double quotes where it has a space. */
function directive(path: string): string {
  return /^[\w./%@+:,=-]*$/.test(path) ? path : `"${path.replace(/["\\]/g, "\\$&")}"`;
}
