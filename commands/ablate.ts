import {
  ablationPipeline,
  isAblation,
  type Pipeline,
  readAblation,
  readPipeline,
  type RunOptions,
  runPipeline,
  submitPipeline,
  writeAblation,
} from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { submittedText } from "./_launcher.ts";
import { oneOutput } from "./_one_output.ts";
import { runOptions, runSwitches, runValues } from "./_run_options.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m ablate */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("ablate", args, {
    values: [...runValues, "from"],
    switches: [...runSwitches, "json", "csv", "latex"],
  });
  const output = oneOutput("ablate", given);
  const [file, ...more] = given.positional;
  const from = given.value("from");
  if ((file === undefined) === (from === undefined) || more.length > 0) {
    throw new UserError(
      "m2m ablate takes one pipeline file, such as experiments/ablation.yaml, or --from RUN; see m2m --help.",
      2,
    );
  }
  if (from !== undefined) refuseTraining(given);
  if (from === undefined && given.has("detach")) return await submit(file as string, given, args);
  const folder = from ?? await train(file as string, given, args);
  const report = await readAblation(folder);
  for (const note of report.notes) console.error(note);
  if (from === undefined) await writeAblation(folder, report);
  console.log(
    { text: report.text, json: report.json, csv: report.csv, latex: report.latex }[output].trimEnd(),
  );
  if (from === undefined && output === "text") {
    console.log(`\nThe run is in ${folder}: ablation.txt, .json, .csv, .tex, and all that m2m run leaves.`);
  }
  return 0;
}

type Given = ReturnType<typeof parseArguments>;

function refuseTraining(given: Given): void {
  const odd = [
    ...runValues.filter((name) => given.value(name) !== undefined),
    ...runSwitches.filter((name) => name !== "quiet" && given.has(name)),
  ];
  if (odd.length === 0) return;
  throw new UserError(
    `m2m ablate: --from trains nothing and does not go with --${odd[0]}; see m2m --help.`,
    2,
  );
}

/** Trains the six rows, or what is missing of them, and gives the run folder. */
async function train(file: string, given: Given, args: readonly string[]): Promise<string> {
  const { pipeline, options } = await ablation(file, given, args);
  const { run } = await stoppable((signal) => runPipeline(pipeline, { ...options, signal }));
  return run;
}

/** Leaves the training to Slurm. */
async function submit(file: string, given: Given, args: readonly string[]): Promise<number> {
  const { pipeline, options } = await ablation(file, given, args);
  const { run, jobs } = await stoppable((signal) => submitPipeline(pipeline, { ...options, signal }));
  console.log(given.has("json") ? JSON.stringify({ run, jobs }, null, 2) : submittedText(run, jobs));
  return 0;
}

/** The pipeline of the six rows, and how it is to be run. */
async function ablation(
  file: string,
  given: Given,
  args: readonly string[],
): Promise<{ pipeline: Pipeline; options: RunOptions }> {
  const options = runOptions("ablate", given, args);
  const own = await readPipeline(file);
  const name = isAblation(own) ? own.name : `${own.name}-ablation`;
  const out = options.out ?? `runs/${name}${options.small ? "-small" : ""}`;
  return { pipeline: ablationPipeline(own), options: { ...options, out } };
}
