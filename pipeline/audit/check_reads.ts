import type { RecordedUse, RecordFile } from "../training_record.ts";
import { type Evidence, type FoldEvidence, nameOf, recorded } from "./evidence.ts";
import type { Findings } from "./finding.ts";
import { placeOf, scopesOf } from "./scopes.ts";

/** What every training read and learnt from, against whom it may know. */
export function checkReads(evidence: Evidence, findings: Findings): string {
  const { plan, folds, person } = evidence;
  const micro = new Map(plan.micro.map((clip, i) => [nameOf(clip), i]));
  const macro = new Map(plan.macro.map((clip, i) => [nameOf(clip), i]));
  let reads = 0, trainings = 0;
  for (const of of folds) {
    const { record, where, persons } = of;
    if (!record) {
      findings.add("record", where, "there is no record.json: nothing shows what its training saw");
      continue;
    }
    const scopes = scopesOf(evidence, of);
    for (const use of record.uses) {
      const scope = scopes.get(use.scope);
      if (!scope) {
        findings.add("record", where, `trained under ${use.scope}, which the selection does not know`);
        continue;
      }
      const taken = countTaken(use);
      for (const [index, count] of taken) {
        reads += count;
        const clip = recorded(record, index);
        const name = nameOf(clip);
        const at = (clip.set === "micro" ? micro : macro).get(name);
        const place = placeOf(use, count);
        if (at === undefined) {
          findings.add("sampler", where, `${name} was read, which is no ${clip.set} clip of the plan`, place);
        } else if (use.stage === "test") {
          if (clip.set === "macro" || !scope.test.has(at)) {
            findings.add("sampler", where, `${name} was read in testing, but is not to be tested`, place);
          }
        } else if (persons.has(person(clip))) {
          findings.add("sampler", where, `${name} was trained on, of whom the fold tests`, place);
        } else if (clip.set === "micro" && !scope.train.has(at)) {
          findings.add(
            "sampler",
            where,
            use.scope === "final"
              ? `${name} was trained on, which is not in the fold's training part`
              : `${name} was trained on in a split that holds it out`,
            place,
          );
        }
      }
      if (use.stage === "test" && use.scope === "final" && use.step !== use.steps && !plan.peek) {
        findings.add(
          "peek",
          where,
          `the tested clips were read after step ${use.step} of ${use.steps}, before training was over`,
          use.row,
        );
      }
    }
    trainings += scopes.size;
    checkComplete(evidence, of, record, findings);
  }
  return `reads: ${reads} reads of clips by ${trainings} trainings`;
}

/** How often each clip of a use was read, or trained on with a label, whichever is more. */
function countTaken(use: RecordedUse): Map<number, number> {
  const counts = new Map<number, number>(), labels = new Map<number, number>();
  for (const [clip, , n] of use.reads) counts.set(clip, (counts.get(clip) ?? 0) + n);
  for (const [clip, , n] of use.labels) labels.set(clip, (labels.get(clip) ?? 0) + n);
  for (const [clip, n] of labels) counts.set(clip, Math.max(n, counts.get(clip) ?? 0));
  return counts;
}

/** A record that lacks the reads of a training that predicts proves nothing. */
function checkComplete(
  { plan }: Evidence,
  { where, result, fold }: FoldEvidence,
  record: RecordFile,
  findings: Findings,
): void {
  const final = record.uses.filter((use) => use.scope === "final");
  for (const row of Object.keys(result?.rows ?? {})) {
    const tests = final.filter((use) => use.stage === "test" && use.row === row);
    const tested = new Set(tests.flatMap((use) => use.reads.map(([clip]) => nameOf(recorded(record, clip)))));
    if (fold.test.some((i) => !tested.has(nameOf(plan.micro[i]!)))) {
      findings.add("record", where, `record.json lacks reads of the clips that row ${row} predicts`);
    }
  }
  const { stages, method } = plan.pipeline;
  const trains = method !== "macro2micro" || stages.micro.steps > 0 || stages.guided.steps > 0;
  if (trains && !final.some((use) => use.stage !== "test" && use.reads.length > 0)) {
    findings.add("record", where, "record.json has no read of a training, though the fold was trained");
  }
}
