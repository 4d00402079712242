import {
  isSuite,
  readExperiment,
  runPipeline,
  runSuite,
  submitPipeline,
  type Suite,
} from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { submittedText } from "./_launcher.ts";
import { runOptions, runSwitches, runValues } from "./_run_options.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m run */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("run", args, {
    values: runValues,
    switches: [...runSwitches, "peek", "json"],
  });
  const [file, ...more] = given.positional;
  if (file === undefined || more.length > 0) {
    throw new UserError(
      "m2m run takes one pipeline file, such as experiments/demo.yaml, or a suite of them; see m2m --help.",
      2,
    );
  }
  const options = { ...runOptions("run", given, args), peek: given.has("peek") };
  const experiment = await readExperiment(file);
  if (isSuite(experiment)) return await suite(experiment, given, options);
  const pipeline = experiment;
  if (given.has("detach")) {
    const { run, jobs } = await stoppable((signal) => submitPipeline(pipeline, { ...options, signal }));
    console.log(given.has("json") ? JSON.stringify({ run, jobs }, null, 2) : submittedText(run, jobs));
    return 0;
  }
  const results = await stoppable((signal) => runPipeline(pipeline, { ...options, signal }));
  const { peeked, selection } = results;
  if (given.has("json")) {
    const several = (results.overSeeds[0]?.seeds.length ?? 1) > 1;
    const more = {
      ...(several ? { overSeeds: results.overSeeds } : {}),
      ...(selection ? { selection: selection.settings } : {}),
      ...(peeked ? { PEEKED: peeked.rows } : {}),
    };
    console.log(JSON.stringify({ run: results.run, ...results.summary, ...more }, null, 2));
    return 0;
  }
  console.log(
    `${results.table}\nThe run is in ${results.run}: report.html, report.md, predictions.csv, megc2019.log, summary.json, checkpoints.`,
  );
  if (selection) console.log(`\nInner selection:\n${selection.table}`);
  if (peeked) console.log(`\n${peeked.table}`);
  return 0;
}

/** Runs a suite: its table, then, if there are any, the runs that failed. */
async function suite(
  suite: Suite,
  given: ReturnType<typeof parseArguments>,
  options: NonNullable<Parameters<typeof runSuite>[1]>,
): Promise<number> {
  for (const name of ["peek", "detach"].filter((name) => given.has(name))) {
    throw new UserError(`m2m run: --${name} is of a single pipeline, not of a suite; see m2m --help.`, 2);
  }
  const { folder, report, failures } = await stoppable((signal) => runSuite(suite, { ...options, signal }));
  if (given.has("json")) console.log(report.json.trimEnd());
  else {
    console.log(
      `${report.text}\nThe suite is in ${folder}: comparison.txt, .json, .csv, .tex, and a run folder for each pipeline.`,
    );
  }
  if (failures.length === 0) return 0;
  throw new UserError(
    `${failures.length} of the ${suite.runs.length} runs failed; when the cause is gone, go on with the same command and --resume.\n${
      failures.map(({ name, why }) => `  ${name}: ${why.replaceAll("\n", "\n  ")}`).join("\n")
    }`,
  );
}
