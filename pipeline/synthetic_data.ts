import { synthesizeDatabases } from "../data/mod.ts";
import { UserError } from "../types.ts";
import type { PlanOptions } from "./make_plan.ts";
import { refuseIfStopped } from "./refuse_if_stopped.ts";
import type { Pipeline } from "./schema.ts";

/** The folder below `databases/` that a pipeline's synthetic databases have by default. */
export function syntheticName(pipeline: Pipeline, small: boolean): string {
  if (!small) return "synthetic";
  const { subjects } = pipeline.synthetic as NonNullable<Pipeline["synthetic"]>;
  return `synthetic-small-${
    Object.entries(subjects).filter(([, n]) => n > 0).map(([name]) => name).join("-")
  }`;
}

/** Makes the synthetic databases of a pipeline below `root`, unless they are there. */
export async function makeSynthetic(
  settings: NonNullable<Pipeline["synthetic"]>,
  root: string,
  { small, data, signal, say }: PlanOptions,
): Promise<void> {
  let next = 0;
  const { reused, notes } = await synthesizeDatabases(root, {
    ...settings,
    replace: small && data === undefined, // a folder of our own naming, for tests
    onProgress: ({ done, total }) => {
      refuseIfStopped(signal);
      if (done < total * next) return;
      say(`synthetic databases: ${done} of ${total} clips`);
      next += 0.25;
    },
  }).catch((error) => {
    if (!(error instanceof UserError) || signal?.aborted) throw error;
    throw new UserError(`${error.message} (another folder is named with --data).`, error.exitCode);
  });
  if (!reused) say(`synthetic databases made in ${root}`);
  for (const note of notes) say(note);
}
