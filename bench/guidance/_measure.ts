import type { ClipFeatures } from "./_features.ts";
import { crossProbe, probe, type ProbeSample, type ProbeScore, type Scaling } from "./_probe.ts";

/** By which clips the probe was trained on: of seen subjects, or of other unseen ones; and by its scaling. */
export interface ProbeScores {
  readonly fromSeen: Readonly<Record<Scaling, ProbeScore>>;
  readonly fromUnseen: Readonly<Record<Scaling, ProbeScore>>;
}

/** What is measured of one variant of one seed, on unseen subjects. */
export interface Measures {
  /** Probes on pooled f^A, which D_s reads; NaN without a spatial stream. */
  readonly apexProbe: ProbeScores;
  /** Probes on pooled v(s) of all s, which D_t reads; NaN without a temporal stream. */
  readonly videoProbe: ProbeScores;
  /** Balanced accuracy of the network's own D_s and D_t; NaN without them. */
  readonly ownSpatial: number;
  readonly ownTemporal: number;
  /** Accuracy of C_s by the offsets of the test, by domain; NaN without C_s. */
  readonly relation: Readonly<
    Record<
      "none" | "random",
      { readonly micro: number; readonly macro: number; readonly bySpacing: readonly number[] }
    >
  >;
  /** Mean cosine of z over micro-macro pairs. */
  readonly sameClass: number;
  readonly otherClass: number;
  /** Accuracy of C_e on unseen micro clips: the guidance must not have ruined it. */
  readonly expression: number;
}

/** Measures features of the seen (the probe's training) and unseen clips (everything else). */
export function measure(seen: readonly ClipFeatures[], unseen: readonly ClipFeatures[]): Measures {
  const apex = ({ apex, isMicro }: ClipFeatures) => apex ? [{ feature: apex, isMicro }] : [];
  const video = ({ video, isMicro }: ClipFeatures) => video.map((feature) => ({ feature, isMicro }));
  const micro = unseen.filter((clip) => clip.isMicro), macro = unseen.filter((clip) => !clip.isMicro);
  const own = (logit: (clip: ClipFeatures) => number | undefined) =>
    (mean(micro.map((clip) => sign(logit(clip), 1))) + mean(macro.map((clip) => sign(logit(clip), -1)))) / 2;
  const relation = (policy: "none" | "random") => {
    const of = (clips: readonly ClipFeatures[]) =>
      mean(clips.map((clip) => mean(clip.relation?.[policy] ?? [])));
    const spacings = unseen[0]?.relation?.[policy].length ?? 0;
    return {
      micro: of(micro),
      macro: of(macro),
      bySpacing: Array.from(
        { length: spacings },
        (_, s) => mean(unseen.map((clip) => clip.relation?.[policy][s] ?? NaN)),
      ),
    };
  };
  const cosines = (same: boolean) =>
    mean(
      micro.flatMap((i) =>
        macro.filter((a) => (a.classIndex === i.classIndex) === same).map((a) => cosine(i.z, a.z))
      ),
    );
  return {
    apexProbe: probes(seen, unseen, apex),
    videoProbe: probes(seen, unseen, video),
    ownSpatial: own((clip) => clip.ownSpatial),
    ownTemporal: own((clip) => clip.ownTemporal),
    relation: { none: relation("none"), random: relation("random") },
    sameClass: cosines(true),
    otherClass: cosines(false),
    expression: mean(micro.map((clip) => clip.right ? 1 : 0)),
  };
}

const none: ProbeScore = { accuracy: NaN, auc: NaN };

function probes(
  seen: readonly ClipFeatures[],
  unseen: readonly ClipFeatures[],
  of: (clip: ClipFeatures) => ProbeSample[],
): ProbeScores {
  const both = (score: (scaling: Scaling) => ProbeScore) => ({
    common: score("common"),
    each: score("each"),
  });
  const [train, test] = [seen.flatMap(of), unseen.flatMap(of)];
  if (test.length === 0) return { fromSeen: both(() => none), fromUnseen: both(() => none) };
  const groups = subjectGroups(unseen).map((group) => group.flatMap(of));
  return {
    fromSeen: both((scaling) => probe(train, test, scaling)),
    fromUnseen: both((scaling) => groups.length < 2 ? none : crossProbe(groups, scaling)),
  };
}

/** Up to three groups of whole subjects, micro and macro in each. */
function subjectGroups(clips: readonly ClipFeatures[]): ClipFeatures[][] {
  const names = (isMicro: boolean) =>
    [...new Set(clips.filter((clip) => clip.isMicro === isMicro).map(({ subject }) => subject))].sort();
  const subjects = { micro: names(true), macro: names(false) };
  const count = Math.min(3, subjects.micro.length, subjects.macro.length);
  const groupOf = ({ isMicro, subject }: ClipFeatures) =>
    subjects[isMicro ? "micro" : "macro"].indexOf(subject) % count;
  return Array.from({ length: count }, (_, k) => clips.filter((clip) => groupOf(clip) === k));
}

/** NaN for no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function sign(logit: number | undefined, side: 1 | -1): number {
  return logit === undefined ? NaN : logit * side > 0 ? 1 : 0;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(Math.max(aa * bb, 1e-30));
}
