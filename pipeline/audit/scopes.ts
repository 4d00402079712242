import type { RecordedUse } from "../training_record.ts";
import type { Evidence, FoldEvidence } from "./evidence.ts";

/** Which positions a training may learn from, and which it may predict. */
export interface Scope {
  /** Positions in `plan.micro` to train on. */
  readonly train: ReadonlySet<number>;
  /** Positions to predict. */
  readonly test: ReadonlySet<number>;
}

/** The trainings of a fold by the scope of their record: the final one, and those of the inner selection. */
export function scopesOf({ plan, person }: Evidence, evidence: FoldEvidence): Map<string, Scope> {
  const { fold, persons, test, selection } = evidence;
  const allowed = fold.train.filter((i) => !persons.has(person(plan.micro[i]!)));
  const scopes = new Map<string, Scope>([["final", { train: new Set(allowed), test }]]);
  for (const [g] of (selection?.settings ?? []).entries()) {
    for (const split of selection?.splits ?? []) {
      const subjects = new Set(split.heldOut);
      const held = (i: number) => subjects.has(`${plan.micro[i]?.database}/${plan.micro[i]?.subject}`);
      const heldPersons = new Set(allowed.filter(held).map((i) => person(plan.micro[i]!)));
      scopes.set(`inner ${g + 1}/${split.name}`, {
        train: new Set(allowed.filter((i) => !held(i) && !heldPersons.has(person(plan.micro[i]!)))),
        test: new Set(allowed.filter(held)),
      });
    }
  }
  return scopes;
}

/** Where a use happened, in words. */
export function placeOf({ scope, stage, row }: RecordedUse, count?: number): string {
  const times = count === undefined ? "" : `, ${count} time${count === 1 ? "" : "s"}`;
  return `${scope === "final" ? "" : `${scope}, `}stage ${stage}, ${row}${times}`;
}
