// A process that makes the features of clips: a line of standard input is a clip, its answer a line of JSON on standard output. Ends when its
// standard input does: for pipeline/describe_clips.ts.
import { linesOf } from "../lines_of.ts";
import { tellError, type ToldError } from "./_told_error.ts";
import { keepFeatures } from "./features.ts";
import type { PlanClip } from "./plan.ts";
import type { Pipeline } from "./schema.ts";

/** What the process is sent. */
export interface DescribeTask {
  readonly pipeline: Pipeline;
  readonly clip: PlanClip;
  /** The folder of features. */
  readonly folder: string;
}

/** What it answers. */
export type DescribeAnswer =
  | { readonly type: "done"; readonly file: string }
  | ToldError;

// A terminal tells all processes at once of Ctrl-C and of its closing: the parent decides, and this process ends with its standard input.
for (const signal of ["SIGINT", "SIGHUP"] as const) {
  if (Deno.build.os !== "windows" || signal === "SIGINT") Deno.addSignalListener(signal, () => {});
}

for await (const line of linesOf(Deno.stdin.readable)) {
  const { pipeline, clip, folder } = JSON.parse(line) as DescribeTask;
  const answer = await keepFeatures(pipeline, clip, folder).then<DescribeAnswer, DescribeAnswer>(
    (file) => ({ type: "done", file }),
    tellError,
  );
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
}
Deno.exit(0);
