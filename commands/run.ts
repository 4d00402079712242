import { readPipeline, runPipeline } from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m run */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("run", args, {
    values: ["data", "out", "jobs"],
    switches: ["resume", "small", "quiet", "json"],
  });
  const [file, ...more] = given.positional;
  if (file === undefined || more.length > 0) {
    throw new UserError("m2m run takes one pipeline file, such as experiments/demo.yaml; see m2m --help.", 2);
  }
  const pipeline = await readPipeline(file);
  const [data, out, jobs] = [given.value("data"), given.value("out"), given.count("jobs", 1)];
  const results = await stoppable((signal) =>
    runPipeline(pipeline, {
      ...(data === undefined ? {} : { data }),
      ...(out === undefined ? {} : { out }),
      ...(jobs === undefined ? {} : { jobs }),
      resume: given.has("resume"),
      small: given.has("small"),
      quiet: given.has("quiet"),
      command: ["m2m", "run", ...args],
      signal,
    })
  );
  if (given.has("json")) console.log(JSON.stringify({ run: results.run, ...results.summary }, null, 2));
  else {console.log(
      `${results.table}\nThe run is in ${results.run}: report.md, predictions.csv, megc2019.log, summary.json, checkpoints.`,
    );}
  return 0;
}
