import { samePerson } from "../../eval/mod.ts";
import { type ClipIdentity, type Fold, UserError } from "../../types.ts";
import type { Plan } from "../plan.ts";
import {
  foldFolder,
  type FoldResult,
  macroFolder,
  planFile,
  recordFile,
  selectionFile,
} from "../run_folder.ts";
import type { Selection } from "../selection.ts";
import type { RecordFile } from "../training_record.ts";

/** What a fold of a run left, and who is held out of it by the sample list. */
export interface FoldEvidence {
  /** `fold smic/s1, seed 1`. */
  readonly where: string;
  /** Its folder. */
  readonly folder: string;
  /** The seed. */
  readonly seed: number;
  /** The fold as the plan has it. */
  readonly fold: Fold;
  /** Positions in `plan.micro` that the protocol tests here, found from the sample list anew. */
  readonly test: ReadonlySet<number>;
  /** The persons who are tested here. */
  readonly persons: ReadonlySet<string>;
  /** What its training saw. */
  readonly record?: RecordFile;
  /** How its settings were chosen. */
  readonly selection?: Selection;
  /** Its predictions. */
  readonly result?: FoldResult;
}

/** Everything that an audit goes by. */
export interface Evidence {
  /** The run folder. */
  readonly run: string;
  /** The plan that the workers read. */
  readonly plan: Plan;
  /** A subject to the person. */
  readonly person: (clip: { readonly database: string; readonly subject: string }) => string;
  /** Every fold under every seed. */
  readonly folds: readonly FoldEvidence[];
  /** MaNet's records by seed, where the pipeline has one. */
  readonly macro: readonly { readonly seed: number; readonly folder: string; readonly record?: RecordFile }[];
}

/** A clip as findings name it. */
export function nameOf({ database, subject, clip }: ClipIdentity): string {
  return `${database}/${subject}/${clip}`;
}

/** A clip of a record, by its position there. */
export function recorded(
  record: RecordFile,
  index: number,
): ClipIdentity & { readonly set: "micro" | "macro" } {
  const [set, database, subject, clip] = record.clips[index] ?? ["micro", "?", "?", "?"];
  return { set, database, subject, clip };
}

/**
 * Reads what a run left.
 *
 * @param identities Persons that are known beside those of the pipeline.
 * @throws {UserError} If the folder is no run.
 */
export async function readEvidence(
  run: string,
  identities: readonly (readonly string[])[],
): Promise<Evidence> {
  const plan = await readJson<Plan>(planFile(run));
  if (!plan?.pipeline || !plan.micro) {
    throw new UserError(`Cannot audit ${run}: it has no plan.json; name the folder of a run.`, 2);
  }
  const person = samePerson(merged([...plan.pipeline.identities ?? [], ...identities]));
  const folds: FoldEvidence[] = [];
  for (const seed of plan.pipeline.seeds) {
    for (const fold of plan.folds) {
      const folder = foldFolder(run, seed, fold.name);
      const test = new Set(heldOut(plan, fold, person));
      const [record, selection, result] = await Promise.all([
        readJson<RecordFile>(`${folder}/${recordFile}`),
        readJson<Selection>(`${folder}/${selectionFile}`),
        readJson<FoldResult>(`${folder}/predictions.json`),
      ]);
      folds.push({
        where: `fold ${fold.name}, seed ${seed}`,
        folder,
        seed,
        fold,
        test,
        persons: new Set([...test].map((i) => person(plan.micro[i] as ClipIdentity))),
        ...(record ? { record } : {}),
        ...(selection ? { selection } : {}),
        ...(result ? { result } : {}),
      });
    }
  }
  const macro = plan.macro.length === 0 ? [] : await Promise.all(plan.pipeline.seeds.map(async (seed) => {
    const folder = macroFolder(run, seed);
    const record = await readJson<RecordFile>(`${folder}/${recordFile}`);
    return { seed, folder, ...(record ? { record } : {}) };
  }));
  return { run, plan, person, folds, macro };
}

/** Whom a fold tests, by the protocol's own words and not by the plan's lists: a person's clips, or a database's. */
function heldOut(plan: Plan, { database, subject }: Fold, person: Evidence["person"]): number[] {
  const whole = plan.pipeline.protocol === "hde";
  return plan.micro.flatMap((clip, i) => {
    const held = whole ? clip.database === database : person(clip) === person({ database, subject });
    return held ? [i] : [];
  });
}

/** Groups that share a subject are one person. */
function merged(groups: readonly (readonly string[])[]): string[][] {
  const out: string[][] = [];
  for (const group of groups) {
    const touching = out.filter((other) => other.some((subject) => group.includes(subject)));
    for (const other of touching) out.splice(out.indexOf(other), 1);
    out.push([...new Set([...touching.flat(), ...group])]);
  }
  return out;
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch {
    return undefined; // whoever needs it says what is missing
  }
}
