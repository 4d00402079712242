// What the tests of models share: a run of a second that kept its networks, and its clips.
import { readCachedClip } from "../../data/mod.ts";
import { startEngine } from "../../engine/mod.ts";
import type { Plan } from "../../pipeline/plan.ts";
import type { Clip } from "../../types.ts";
import { runTiny, testEngine, testFolder, tinyPipeline } from "../pipeline/_tiny.ts";

/** A run with two rows and two folds; its folder. */
export async function keptRun(): Promise<string> {
  run ??= runTiny(tinyPipeline({ name: "kept", rows: ["lc", "all"], seeds: [3] }), "kept").then(({ run }) =>
    run
  );
  return await run;
}
let run: Promise<string> | undefined;

/** The plan of a run. */
export async function planOf(run: string): Promise<Plan> {
  return JSON.parse(await Deno.readTextFile(`${run}/plan.json`));
}

/** The pixels of a micro clip of a plan. */
export function clipOf(plan: Plan, index: number): Clip {
  return readCachedClip(plan.micro[index]!.file, plan.pipeline.clip);
}

/** Starts the engine that the tests' runs use. */
export async function startTestEngine(): Promise<void> {
  const name = testEngine();
  await startEngine(name === "auto" ? undefined : name, { say: () => {} });
}

/** A folder of the test's folder, with these files changed or left out. */
export async function copyOf(
  folder: string,
  name: string,
  change: (file: string, bytes: Uint8Array) => Uint8Array | undefined,
): Promise<string> {
  const to = `${testFolder()}/${name}`;
  await Deno.mkdir(to, { recursive: true });
  for await (const { name: file, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const bytes = change(file, await Deno.readFile(`${folder}/${file}`));
    if (bytes) await Deno.writeFile(`${to}/${file}`, bytes);
  }
  return to;
}
