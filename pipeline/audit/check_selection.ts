import { type Prediction, UserError } from "../../types.ts";
import { innerSettings } from "../inner_settings.ts";
import { chooseSetting, innerSplits, scoreSetting, type Selection } from "../selection.ts";
import type { Evidence, FoldEvidence } from "./evidence.ts";
import type { Findings } from "./finding.ts";

/** How folds chose their settings: the splits are made anew, the scores counted again from the inner predictions. */
export function checkSelection(evidence: Evidence, findings: Findings): string | undefined {
  const { plan, folds } = evidence;
  if (plan.pipeline.selection !== "inner") return undefined;
  for (const of of folds) {
    const { selection, where } = of;
    if (!selection) {
      findings.add("record", where, "there is no selection.json: nothing shows how its settings were chosen");
    } else checkFold(evidence, of, selection, findings);
  }
  return `inner selection: ${folds.length} folds, splits and scores found anew`;
}

function checkFold(
  { plan }: Evidence,
  { where, fold, record }: FoldEvidence,
  selection: Selection,
  findings: Findings,
): void {
  const refuse = (what: string) => findings.add("selection", where, what);
  const subjects = (positions: readonly number[]) =>
    [...new Set(positions.map((i) => `${plan.micro[i]?.database}/${plan.micro[i]?.subject}`))].sort();
  const splits = innerSplits(plan.pipeline, plan.micro, fold.train);
  const expected = splits.map(({ name, test }) => [name, subjects(test)]);
  const found = selection.splits.map(({ name, heldOut }) => [name, [...heldOut].sort()]);
  if (JSON.stringify(expected) !== JSON.stringify(found)) {
    refuse("its inner splits are not those of its training subjects");
  }
  const settings = innerSettings(plan.pipeline);
  if (
    JSON.stringify(settings.map((s) => s.changes)) !==
      JSON.stringify(selection.settings.map((s) => s.changes))
  ) {
    refuse("it tried other settings than the pipeline names");
  }
  const train = [...fold.train].sort((a, b) => a - b).join();
  const values = selection.settings.map(({ name, predictions }) => {
    const rows = Object.entries(predictions).map(([row, pairs]): [string, Prediction[]] => {
      if (pairs.map(([clip]) => clip).sort((a, b) => a - b).join() !== train) {
        refuse(`the inner predictions of ${name} are not of its training clips, each once`);
      }
      return [
        row,
        pairs.map(([clip, truth, prediction]) => {
          const { database = "?", subject = "?", clip: name = String(clip), classIndex } = plan.micro[clip] ??
            {};
          if (truth !== classIndex && !plan.pipeline.shuffleLabels) {
            refuse(
              `the inner predictions have another label of ${database}/${subject}/${name} than the sample list`,
            );
          }
          return { database, subject, clip: name, truth, prediction };
        }),
      ];
    });
    return { value: scored(Object.fromEntries(rows), plan.classes, selection.criterion) };
  });
  selection.settings.forEach(({ name, value }, i) => {
    if (Math.abs(value - values[i]!.value) > 1e-9) {
      refuse(`the inner score of ${name} is not that of its predictions`);
    }
  });
  if (values.length > 0 && chooseSetting(values) !== selection.chosen) {
    refuse("the setting that it chose is not the best one of its inner predictions");
  }
  for (const [g] of settings.entries()) {
    for (const { name } of splits) {
      if (record && !record.uses.some((use) => use.scope === `inner ${g + 1}/${name}`)) {
        findings.add(
          "record",
          where,
          `record.json lacks the inner training of setting ${g + 1}, split ${name}`,
        );
      }
    }
  }
}

function scored(
  predictions: Record<string, Prediction[]>,
  classes: readonly string[],
  criterion: Selection["criterion"],
): number {
  try {
    return scoreSetting(predictions, classes, criterion).value;
  } catch (error) {
    if (error instanceof RangeError || error instanceof UserError) return NaN; // a clip twice: said already
    throw error;
  }
}
