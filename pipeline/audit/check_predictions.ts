import { readPredictions } from "../../eval/mod.ts";
import { type Prediction, UserError } from "../../types.ts";
import { pipelineRows } from "../rows.ts";
import { exists } from "../run_folder.ts";
import { type Evidence, nameOf } from "./evidence.ts";
import type { Findings } from "./finding.ts";

/** The predictions that are scored: every tested clip once, with the sample list's label, from the folds. */
export async function checkPredictions(evidence: Evidence, findings: Findings): Promise<string> {
  const { run, plan, folds } = evidence;
  const rows = pipelineRows(plan.pipeline).map((row) => row.name);
  const { seeds } = plan.pipeline;
  let predictions = 0;
  for (const { where, fold, result } of folds) {
    if (!result) {
      findings.add("record", where, "it is not done: the run is incomplete");
      continue;
    }
    for (const row of rows) {
      const own = result.rows[row] ?? [];
      const names = own.map(nameOf).sort().join("\n");
      if (names !== fold.test.map((i) => nameOf(plan.micro[i]!)).sort().join("\n")) {
        findings.add(
          "prediction",
          where,
          `row ${row} does not predict the clips that the fold tests, each once`,
        );
      }
      const truth = new Map(fold.test.map((i) => [nameOf(plan.micro[i]!), plan.micro[i]!.classIndex]));
      for (const p of own) {
        if (truth.get(nameOf(p)) !== p.truth) {
          findings.add(
            "prediction",
            where,
            `row ${row} has another label of ${nameOf(p)} than the sample list`,
          );
        }
      }
    }
  }
  for (const row of rows) {
    for (const seed of seeds) {
      const top = row === rows.at(-1) && seed === seeds[0];
      const several = rows.length * seeds.length > 1;
      const files = [
        ...several ? [`rows/${row}/seed${seed}/predictions.csv`] : [],
        ...top ? ["predictions.csv"] : [],
      ];
      for (const file of files) {
        const written = await read(`${run}/${file}`);
        if (written === undefined) {
          findings.add("record", file, "the file is missing or not as m2m run writes it");
          continue;
        }
        predictions += written.length;
        const own = folds.filter((f) => f.seed === seed).flatMap((f) => f.result?.rows[row] ?? []);
        const line = (p: Prediction) => `${nameOf(p)} ${p.truth} ${p.prediction}`;
        if (written.map(line).sort().join("\n") !== own.map(line).sort().join("\n")) {
          findings.add("prediction", file, "its predictions are not those of the folds");
        }
      }
    }
  }
  return `predictions: ${predictions} in the scored files, from ${folds.length} folds`;
}

async function read(file: string): Promise<Prediction[] | undefined> {
  if (!(await exists(file))) return undefined;
  try {
    return readPredictions(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
