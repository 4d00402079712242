import type { PlanClip } from "../plan.ts";
import { type Evidence, nameOf } from "./evidence.ts";
import type { Findings } from "./finding.ts";

/** The plan's folds against the splits found anew from its sample list. */
export function checkSplits({ plan, folds, person }: Evidence, findings: Findings): string {
  const { hde, protocol } = plan.pipeline;
  const whole = protocol === "hde";
  const done = new Set<string>();
  for (const { fold, test, persons } of folds) {
    if (done.has(fold.name)) continue; // seeds share folds
    done.add(fold.name);
    const where = `fold ${fold.name}`;
    const clip = (i: number) => plan.micro[i] as PlanClip;
    /** Whether a clip has the name that the fold holds out, or is of such a person under another. */
    const named = (i: number) =>
      whole ? clip(i).database === fold.database : `${clip(i).database}/${clip(i).subject}` === fold.name;
    const kind = (i: number) => named(i) ? "split" : "identity";
    const as = (i: number) => named(i) ? "" : ", under another subject's name";
    for (const i of fold.train) {
      if (!persons.has(person(clip(i)))) continue;
      findings.add(
        kind(i),
        where,
        `the training part has ${nameOf(clip(i))}, of whom the fold tests${as(i)}`,
      );
    }
    const direction = hde?.directions.find((d) => d.test === fold.database);
    for (const i of direction ? fold.train : []) {
      if (direction?.train.includes(clip(i).database)) continue;
      findings.add(
        "split",
        where,
        `the training part has ${nameOf(clip(i))}, which its direction does not name`,
      );
    }
    const listed = new Set(fold.test);
    for (const i of test) {
      if (listed.has(i)) continue;
      findings.add(
        kind(i),
        where,
        `${nameOf(clip(i))} is of whom the fold tests${as(i)}, and is not tested with them`,
      );
    }
    for (const i of fold.test) {
      if (!test.has(i)) {
        findings.add("split", where, `tests ${nameOf(clip(i))}, which is not of whom it holds out`);
      }
    }
  }
  return `splits: ${done.size} folds found anew from ${plan.micro.length} clips`;
}
