import type { ClipIdentity } from "../../types.ts";
import type { RecordFile } from "../training_record.ts";
import { type Evidence, nameOf, recorded } from "./evidence.ts";
import type { Findings } from "./finding.ts";
import type { PresentPixels } from "./present_pixels.ts";
import { placeOf } from "./scopes.ts";

/** Contents by clip: what was read of it, and where first. */
type Contents = Map<string, { readonly clip: ClipIdentity; readonly sums: Map<string, string> }>;

/** The pixels that were read, against those of the databases and against each other. */
export function checkPixels(
  evidence: Evidence,
  present: PresentPixels | undefined,
  findings: Findings,
): string {
  const contents = contentsOf(evidence);
  for (const [name, { clip, sums }] of contents) {
    const expected = present?.pixels.get(name);
    for (const [sum, where] of sums) {
      if (expected === undefined || sum === expected) continue;
      findings.add(
        "cache",
        where,
        expected.startsWith("none: ")
          ? `${nameOf(clip)} cannot be decoded any more: ${expected.slice("none: ".length)}`
          : `${
            nameOf(clip)
          } was read with pixels that its frames do not give: a stale or foreign entry of the cache`,
      );
    }
    if (present === undefined && sums.size > 1) {
      findings.add(
        "cache",
        [...sums.values()].join(" and "),
        `${nameOf(clip)} was read with different pixels`,
      );
    }
  }
  checkDuplicates(evidence, contents, present, findings);
  return `pixels: ${contents.size} clips by checksum${
    present ? ", each decoded from its frames again" : ", compared with each other alone"
  }`;
}

/** Equal pixels under two subjects: one clip that is tested and trained on. */
function checkDuplicates(
  { folds, macro, person, plan }: Evidence,
  contents: Contents,
  present: PresentPixels | undefined,
  findings: Findings,
): void {
  type Named = { readonly set: string; readonly clip: ClipIdentity };
  const trains = new Map(
    folds.map((fold) => [fold, new Set(fold.fold.train.map((i) => nameOf(plan.micro[i]!)))]),
  );
  const told = new Set<string>();
  const refusePair = (a: Named, b: Named, how: string) => {
    if (a.set !== "micro" || person(a.clip) === person(b.clip)) return;
    const pair = `${nameOf(a.clip)} ${b.set} ${nameOf(b.clip)}`;
    if (told.has(pair)) return; // the same pixels are made of the same frames
    told.add(pair);
    for (const of of folds) {
      if (!of.fold.test.some((i) => nameOf(plan.micro[i]!) === nameOf(a.clip))) continue;
      if (b.set === "macro" ? macro.length === 0 : !trains.get(of)!.has(nameOf(b.clip))) continue;
      findings.add(
        "duplicate",
        of.where,
        `tests ${nameOf(a.clip)} and trains on ${nameOf(b.clip)}, which ${how}`,
      );
    }
  };
  const refuse = (same: readonly Named[], how: string) => {
    for (const a of same) for (const b of same) refusePair(a, b, how);
  };
  const byName = new Map<string, Named>(
    (["micro", "macro"] as const).flatMap((set) =>
      plan[set].map((clip) => [`${set} ${nameOf(clip)}`, { set, clip }] as const)
    ),
  );
  const clips = new Map<string, Named[]>();
  const add = (sum: string, set: string, clip: ClipIdentity) => {
    const known = clips.get(sum) ?? clips.set(sum, []).get(sum)!;
    if (!known.some((k) => k.set === set && nameOf(k.clip) === nameOf(clip))) known.push({ set, clip });
  };
  for (const [name, { clip, sums }] of contents) {
    for (const sum of sums.keys()) add(sum, name.slice(0, name.indexOf(" ")), clip);
  }
  for (const set of ["micro", "macro"] as const) {
    for (const clip of plan[set]) {
      const sum = present?.pixels.get(`${set} ${nameOf(clip)}`);
      if (sum !== undefined && !sum.startsWith("none: ")) add(sum, set, clip);
    }
  }
  for (const same of clips.values()) refuse(same, "has the same pixels under another subject");
  const shared = new Map<string, { pair: { set: string; clip: ClipIdentity }[]; files: number }>();
  for (const names of present?.files.values() ?? []) {
    const same = [...names].map((name) => byName.get(name)!);
    for (const a of same) {
      for (const b of same) {
        if (a === b) continue;
        const key = `${nameOf(a.clip)} ${b.set} ${nameOf(b.clip)}`;
        shared.set(key, { pair: [a, b], files: (shared.get(key)?.files ?? 0) + 1 });
      }
    }
  }
  for (const { pair: [a, b], files } of shared.values()) {
    refusePair(a!, b!, `has ${files} of its frames under another subject`);
  }
}

/** What every training and test of the run read of every clip; maps of MaNet are no pixels. */
function contentsOf({ folds, macro }: Evidence): Contents {
  const contents: Contents = new Map();
  const take = (record: RecordFile | undefined, where: string) => {
    for (const use of record?.uses ?? []) {
      for (const [index, sum] of use.reads) {
        const checksum = record!.checksums[sum] ?? "";
        if (checksum.startsWith("maps ")) continue;
        const clip = recorded(record!, index);
        const name = `${clip.set} ${nameOf(clip)}`;
        const known = contents.get(name) ?? contents.set(name, { clip, sums: new Map() }).get(name)!;
        if (!known.sums.has(checksum)) known.sums.set(checksum, `${where}, ${placeOf(use)}`);
      }
    }
  };
  for (const { record, where } of folds) take(record, where);
  for (const { record, seed } of macro) take(record, `MaNet, seed ${seed}`);
  return contents;
}
