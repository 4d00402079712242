import {
  compareRuns,
  comparisonCsv,
  comparisonLatex,
  comparisonText,
  publishedResults,
  publishedText,
  type RunsComparison,
} from "../eval/mod.ts";
import { isSuiteFolder, readSuite, type RunSource, runsToCompare } from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { oneOutput } from "./_one_output.ts";
import { parseSeeds } from "./_seeds.ts";

/** m2m compare */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("compare", args, {
    values: ["seeds", "against"],
    switches: ["common", "published", "json", "csv", "latex"],
  });
  const output = oneOutput("compare", given);
  const seeds = parseSeeds("compare", given.value("seeds"));
  const [only, ...others] = given.positional;
  if (only !== undefined && others.length === 0 && await isSuiteFolder(only)) {
    const odd = [
      ...given.value("against") === undefined ? [] : ["against"],
      ...["common", "published"].filter((name) => given.has(name)),
    ];
    for (const name of odd) {
      throw new UserError(
        `m2m compare: --${name} does not go with the folder of a suite, whose table has all runs beside what is published; name runs of it.`,
        2,
      );
    }
    const report = await readSuite(only, seeds === undefined ? {} : { seeds });
    console.log(report[output].trimEnd());
    return 0;
  }
  const say = (line: string) => console.error(line);
  const runs = await runsToCompare(given.positional, { ...(seeds === undefined ? {} : { seeds }), say });
  const against = given.value("against");
  const comparison = compareRuns(runs, {
    common: given.has("common"),
    ...(against === undefined ? {} : { against: nameOf(runs, against) }),
  });
  for (const { name, leftOut } of comparison.runs) {
    if (leftOut.length > 0) {
      say(`ONLY COMMON CLIPS: ${leftOut.length} of ${name} are left out: ${leftOut.join(", ")}`);
    }
  }
  const task = runs.find(({ task }) => task !== undefined)?.task ?? compositeOf(comparison);
  const published = given.has("published") && task !== undefined ? publishedResults(task) : [];
  if (given.has("published") && task === undefined) {
    say("No published results are kept for this task.");
  }
  if (output === "json") {
    const sources = runs.map(({ name, path, row, title, synthetic, seeds }) => ({
      name,
      path,
      row,
      title,
      synthetic,
      seeds: seeds.flatMap(({ seed }) => seed ?? []),
    }));
    console.log(
      JSON.stringify({ ...comparison, sources, ...given.has("published") ? { published } : {} }, null, 2),
    );
  } else if (output === "csv") console.log(comparisonCsv(comparison).trimEnd());
  else if (output === "latex") console.log(comparisonLatex(comparison).trimEnd());
  else {
    console.log(comparisonText(comparison).trimEnd());
    const synthetic = runs.filter(({ synthetic }) => synthetic).map(({ name }) => name);
    if (synthetic.length > 0) {
      console.log(`Synthetic data: ${synthetic.join(", ")}; says nothing about real faces.`);
    }
    if (published.length > 0) console.log(`\n${publishedText(published).trimEnd()}`);
  }
  return 0;
}

/** The run that --against names: as on the command line, by row, or as in the table. */
function nameOf(runs: readonly RunSource[], against: string): string {
  for (const key of ["spec", "name", "row"] as const) {
    const found = runs.filter((run) => run[key] === against);
    if (found.length === 1) return (found[0] as RunSource).name;
  }
  throw new UserError(
    `m2m compare: --against ${against} names none of the runs, or several; they are ${
      runs.map(({ name }) => name).join(", ")
    }.`,
    2,
  );
}

/** Files do not tell their task; three classes over the three databases of the composite are CDE. */
function compositeOf({ classes, runs }: RunsComparison): "cde" | undefined {
  const databases = Object.keys(runs[0]?.scores.perDatabase ?? {}).join();
  return classes.length === 3 && databases === "casme2,samm,smic" ? "cde" : undefined;
}
