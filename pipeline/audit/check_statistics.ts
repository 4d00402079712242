import type { RecordedUse } from "../training_record.ts";
import { type Evidence, type FoldEvidence, nameOf, recorded } from "./evidence.ts";
import type { Findings } from "./finding.ts";
import { placeOf, scopesOf } from "./scopes.ts";

/** What was measured over clips: over which, and whether the values that were used are those of the training clips. */
export function checkStatistics(evidence: Evidence, findings: Findings): string {
  const { plan, folds } = evidence;
  const micro = new Map(plan.micro.map((clip, i) => [nameOf(clip), i]));
  let statistics = 0;
  for (const of of folds) {
    const { record, where } = of;
    if (!record) continue;
    const scopes = scopesOf(evidence, of);
    for (const use of record.uses) {
      const scope = scopes.get(use.scope);
      if (!scope) continue;
      for (const { name, over, values } of use.statistics) {
        statistics++;
        const strangers = (over ?? []).map((i) => recorded(record, i)).filter((clip) => {
          const at = micro.get(nameOf(clip));
          return clip.set === "micro" && (at === undefined || !scope.train.has(at));
        });
        if (strangers.length > 0) {
          const held = strangers.filter((clip) => of.test.has(micro.get(nameOf(clip)) ?? -1)).length;
          findings.add(
            "statistic",
            where,
            `${name} were measured over ${over?.length} clips, ${strangers.length} of them not to be trained on${
              held > 0 ? `, ${held} of whom the fold tests` : ""
            }, such as ${nameOf(strangers[0]!)}`,
            placeOf(use),
          );
        }
        if (name !== classWeights) continue;
        const expected = weightsOf(plan.classes.length, labelsOf(evidence, of, use, [...scope.train]));
        if (same(values, expected)) continue;
        const all = weightsOf(plan.classes.length, plan.micro.map((clip) => clip.classIndex));
        findings.add(
          "statistic",
          where,
          `the class weights ${show(values)} are not those of the training clips, ${show(expected)}${
            same(values, all) ? ", but those of all clips, tested ones included" : ""
          }`,
          placeOf(use),
        );
      }
      const trains = use.stage === "micro" || use.stage === "guided";
      if (
        trains && plan.pipeline.losses.classWeights === "balanced" && of.selection === undefined &&
        plan.pipeline.method === "macro2micro" &&
        use.reads.length > 0 && !use.statistics.some((s) => s.name === classWeights && s.over === undefined)
      ) {
        findings.add("record", where, "record.json lacks the class weights that were used", placeOf(use));
      }
    }
  }
  return `statistics: ${statistics} measured or used`;
}

const classWeights = "class weights";

/** The classes that a training learnt: the sample list's, or, where labels are shuffled, those that the training part was given. */
function labelsOf(
  { plan }: Evidence,
  { selection }: FoldEvidence,
  use: RecordedUse,
  train: readonly number[],
): number[] {
  // Shuffled within the fold's training part: the counts stay those of the truth but for the inner splits.
  if (plan.pipeline.shuffleLabels && use.scope !== "final") {
    const given = new Map(
      Object.values(selection?.settings[0]?.predictions ?? {})[0]?.map(([clip, truth]) => [clip, truth]),
    );
    return train.map((i) => given.get(i) ?? -1);
  }
  return train.map((i) => plan.micro[i]!.classIndex);
}

/** N / (L n_c), 0 for a class without clips: written down here again, apart from the code that trains. */
function weightsOf(classes: number, labels: readonly number[]): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label >= 0) counts[label]!++;
  return counts.map((n) => n === 0 ? 0 : labels.length / (classes * n));
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= 1e-9 * Math.max(1, Math.abs(x)));
}

function show(values: readonly number[]): string {
  return values.map((value) => value.toFixed(4)).join(", ");
}
