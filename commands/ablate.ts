import {
  ablationPipeline,
  isAblation,
  readAblation,
  readPipeline,
  runPipeline,
  writeAblation,
} from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { oneOutput } from "./_one_output.ts";
import { parseSeeds } from "./_seeds.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m ablate */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("ablate", args, {
    values: ["data", "out", "jobs", "seeds", "from"],
    switches: ["resume", "small", "quiet", "json", "csv", "latex"],
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
    ...["data", "out", "jobs", "seeds"].filter((name) => given.value(name) !== undefined),
    ...["resume", "small"].filter((name) => given.has(name)),
  ];
  if (odd.length === 0) return;
  throw new UserError(
    `m2m ablate: --from trains nothing and does not go with --${odd[0]}; see m2m --help.`,
    2,
  );
}

/** Trains the six rows, or what is missing of them, and gives the run folder. */
async function train(file: string, given: Given, args: readonly string[]): Promise<string> {
  const seeds = parseSeeds("ablate", given.value("seeds"));
  const own = await readPipeline(file);
  const [data, jobs] = [given.value("data"), given.count("jobs", 1)];
  const name = isAblation(own) ? own.name : `${own.name}-ablation`;
  const results = await stoppable((signal) =>
    runPipeline(ablationPipeline(own), {
      ...(data === undefined ? {} : { data }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(seeds === undefined ? {} : { seeds }),
      out: given.value("out") ?? `runs/${name}${given.has("small") ? "-small" : ""}`,
      resume: given.has("resume"),
      small: given.has("small"),
      quiet: given.has("quiet"),
      command: ["m2m", "ablate", ...args],
      signal,
    })
  );
  return results.run;
}
