import { clipName, compareClips } from "../_order.ts";
import type { Prediction } from "../../types.ts";
import type { ReportRow } from "./types.ts";

/** A clip that is wrong at least once. */
export interface WrongClip {
  /** `database/subject/clip`. */
  readonly name: string;
  /** Its class. */
  readonly truth: number;
  /** In how many rows and seeds it is wrong. */
  readonly wrong: number;
  /** In how many it is predicted. */
  readonly of: number;
  /** How often each class is predicted. */
  readonly predicted: readonly number[];
  /** The mean probability of the truth, where there are probabilities. */
  readonly confidence: number | undefined;
}

/**
 * The clips that are wrong in the most rows and seeds; among equals those first whose truth is given the least probability.
 *
 * @param rows Rows and seeds on the same clips.
 * @param classes How many classes there are.
 * @param most How many clips at most.
 *
 * @example
 * ```ts
 * import { oftenWrong } from "@macro2micro/mer/eval/report";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = (clip: string, prediction: number) => ({ database: "smic", subject: "s1", clip, truth: 0, prediction });
 * const row = (seed: number, predictions: ReturnType<typeof clip>[]) => ({ row: "lc", title: "L_c", seed, predictions });
 * const [worst] = oftenWrong([row(1, [clip("a", 1), clip("b", 1)]), row(2, [clip("a", 0), clip("b", 1)])], 2, 1);
 * assertEquals([worst?.name, worst?.wrong, worst?.of], ["smic/s1/b", 2, 2]);
 * ```
 */
export function oftenWrong(rows: readonly ReportRow[], classes: number, most: number): WrongClip[] {
  const clips = Map.groupBy(rows.flatMap(({ predictions }) => predictions), clipName);
  return [...clips].map(([name, all]) => {
    const predicted = Array.from({ length: classes }, (_, c) => all.filter((p) => p.prediction === c).length);
    const sure = all.flatMap(({ truth, probabilities }) => probabilities?.[truth] ?? []);
    return {
      first: all[0] as Prediction,
      name,
      truth: all[0]!.truth,
      wrong: all.filter(({ truth, prediction }) => truth !== prediction).length,
      of: all.length,
      predicted,
      confidence: sure.length < all.length ? undefined : sure.reduce((a, b) => a + b, 0) / sure.length,
    };
  })
    .filter(({ wrong }) => wrong > 0)
    .sort((a, b) =>
      b.wrong / b.of - a.wrong / a.of || (a.confidence ?? 0) - (b.confidence ?? 0) ||
      compareClips(a.first, b.first)
    )
    .slice(0, most)
    .map(({ first: _, ...clip }) => clip);
}
