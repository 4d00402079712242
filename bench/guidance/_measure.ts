import type { ClipFeatures } from "./_features.ts";
import { probe, type ProbeSample, type ProbeScore, type Scaling } from "./_probe.ts";

/** What is measured of one variant of one seed, on unseen subjects. */
export interface Measures {
  /** Probes on pooled f^A, which D_s reads; NaN without a spatial stream. */
  readonly apexProbe: Readonly<Record<Scaling, ProbeScore>>;
  /** Probes on pooled v(s) of all s, which D_t reads; NaN without a temporal stream. */
  readonly videoProbe: Readonly<Record<Scaling, ProbeScore>>;
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
  const apex = (clips: readonly ClipFeatures[]) =>
    clips.flatMap(({ apex, isMicro }) => apex ? [{ feature: apex, isMicro }] : []);
  const video = (clips: readonly ClipFeatures[]) =>
    clips.flatMap(({ video, isMicro }) => video.map((feature) => ({ feature, isMicro })));
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
    apexProbe: probes(apex(seen), apex(unseen)),
    videoProbe: probes(video(seen), video(unseen)),
    ownSpatial: own((clip) => clip.ownSpatial),
    ownTemporal: own((clip) => clip.ownTemporal),
    relation: { none: relation("none"), random: relation("random") },
    sameClass: cosines(true),
    otherClass: cosines(false),
    expression: mean(micro.map((clip) => clip.right ? 1 : 0)),
  };
}

const none: ProbeScore = { accuracy: NaN, auc: NaN };

function probes(train: readonly ProbeSample[], test: readonly ProbeSample[]): Measures["apexProbe"] {
  if (train.length === 0) return { common: none, each: none };
  return { common: probe(train, test, "common"), each: probe(train, test, "each") };
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
