import { root } from "../../tools/_deno.ts";
import { UserError } from "../../types.ts";
import { treeMemory } from "./_tree_memory.ts";

/** What a run of the command took. */
export interface RunCost {
  readonly seconds: number;
  /** The most memory that its processes held at once, megabytes. */
  readonly megabytes: number;
}

/** `m2m run PIPELINE --data DATA --out OUT --jobs JOBS` in processes of its own. */
export async function runPipelineFile(
  pipeline: string,
  { data, out, jobs }: { data: string; out: string; jobs: number },
): Promise<RunCost> {
  const config = Deno.env.get("M2M_CONFIG");
  if (!config) throw new Error("M2M_CONFIG is not set: start through `deno task`");
  const begun = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--config", config, `${root}cli.ts`, "run", pipeline],
      ...["--data", data, "--out", out, "--jobs", String(jobs), "--quiet"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const megabytes = await treeMemory(child);
  const seconds = (performance.now() - begun) / 1000;
  const { code } = await child.status;
  if (code !== 0) throw new UserError(`The run of ${pipeline} failed: ${(await said).slice(-500)}`);
  return { seconds, megabytes };
}
