import { type Evidence, nameOf, recorded } from "./evidence.ts";
import type { Findings } from "./finding.ts";
import { placeOf } from "./scopes.ts";

/** The labels that were trained on, against the sample list. */
export function checkLabels({ plan, folds, macro }: Evidence, findings: Findings): string {
  const of = (set: "micro" | "macro") => new Map(plan[set].map((clip) => [nameOf(clip), clip.classIndex]));
  const truth = { micro: of("micro"), macro: of("macro") };
  const { shuffleLabels } = plan.pipeline;
  let labels = 0;
  const all = [
    ...folds.map(({ record, where }) => ({ record, where })),
    ...macro.map(({ record, seed }) => ({ record, where: `MaNet, seed ${seed}` })),
  ];
  for (const { record, where } of all) {
    for (const use of record?.uses ?? []) {
      for (const [index, label, count] of use.labels) {
        labels += count;
        const clip = recorded(record!, index);
        const expected = truth[clip.set].get(nameOf(clip));
        if (expected === undefined || expected === label || (shuffleLabels && clip.set === "micro")) continue;
        findings.add(
          "label",
          where,
          `${nameOf(clip)} was trained on as ${plan.classes[label] ?? label}, but is ${
            plan.classes[expected]
          }`,
          placeOf(use, count),
        );
      }
    }
  }
  return `labels: ${labels} uses of labels${
    shuffleLabels ? " (shuffled on purpose, so those of micro clips are not compared)" : ""
  }`;
}
