import { UserError } from "../types.ts";
import { classNames } from "./_check.ts";
import type { RunToCompare } from "./compare_runs.ts";

/** The classes that all runs have; names known to some hold for all. */
export function sharedClasses(runs: readonly RunToCompare[]): readonly string[] {
  const known = runs.filter(({ classes }) => typeof classes !== "number");
  const names = classNames("compare runs", known[0]?.classes ?? runs[0]!.classes);
  const show = ({ name, classes }: RunToCompare) =>
    `${name} has ${typeof classes === "number" ? `${classes} classes` : classes.join(", ")}`;
  for (const run of runs) {
    const same = typeof run.classes === "number"
      ? run.classes === names.length
      : run.classes.join("\n") === names.join("\n");
    if (same) continue;
    throw new UserError(
      `Cannot compare ${runs.map(({ name }) => name).join(", ")}: they have different classes: ${
        show(known[0] ?? runs[0]!)
      }; ${show(run)}; compare runs of one task.`,
    );
  }
  return names;
}
