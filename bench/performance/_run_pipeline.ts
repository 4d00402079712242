import { root } from "../../tools/_deno.ts";
import { UserError } from "../../types.ts";

/** How the command is run. */
export interface RunSettings {
  readonly data: string;
  readonly out: string;
  readonly jobs: number;
  /** Watches it meanwhile; looking 20 times a second costs it time. @default nobody does */
  readonly watch?: (child: Deno.ChildProcess) => Promise<void>;
}

/** `m2m run PIPELINE --data DATA --out OUT --jobs JOBS` in processes of its own; gives the seconds from start to end. */
export async function runPipelineFile(
  pipeline: string,
  { data, out, jobs, watch }: RunSettings,
): Promise<number> {
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
  const watching = watch?.(child);
  const { code } = await child.status;
  const seconds = (performance.now() - begun) / 1000;
  await watching;
  if (code !== 0) throw new UserError(`The run of ${pipeline} failed: ${(await said).slice(-500)}`);
  return seconds;
}
