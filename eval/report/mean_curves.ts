import type { ReportHistory } from "./types.ts";

/** A point of a curve: the mean over the trainings, and the range of the middle four fifths of them. */
export interface CurvePoint {
  /** The step, from 1. */
  readonly step: number;
  /** The mean. */
  readonly mean: number;
  /** The 10th percentile. */
  readonly low: number;
  /** The 90th percentile. */
  readonly high: number;
}

/** How a loss or an accuracy went. */
export interface Curve {
  /** The stage. */
  readonly stage: string;
  /** The name of the value in the history. */
  readonly value: string;
  /** The rows that it is of: more than one where they share the stage; none for what all share. */
  readonly rows: readonly string[];
  /** How many trainings there are. */
  readonly trainings: number;
  /** In the order of the steps. */
  readonly points: readonly CurvePoint[];
}

/**
 * Means over folds and seeds of every value of every stage, row by row. Rows whose trainings of a stage are the same share a curve.
 *
 * @param histories One for each row, fold and seed.
 *
 * @example
 * ```ts
 * import { meanCurves } from "@macro2micro/mer/eval/report";
 * import { assertEquals } from "@std/assert";
 *
 * const history = (x: number) => ({ row: "lc", lines: [{ stage: "micro", step: 1, values: { expression: x } }] });
 * const [curve] = meanCurves([history(1), history(2)]);
 * assertEquals(curve?.points, [{ step: 1, mean: 1.5, low: 1.1, high: 1.9 }]);
 * ```
 */
export function meanCurves(histories: readonly ReportHistory[]): Curve[] {
  // By row, stage, value and step; in the order of their first appearance.
  const groups = new Map<string, Map<string, Map<string, Map<number, number[]>>>>();
  for (const { row, lines } of histories) {
    const stages = entry(groups, row, () => new Map());
    for (const { stage, step, values } of lines) {
      const named = entry(stages, stage, () => new Map());
      for (const value in values) {
        entry(entry(named, value, () => new Map<number, number[]>()), step, () => []).push(values[value]!);
      }
    }
  }
  const curves: Curve[] = [], known = new Map<string, number>();
  for (const [row, stages] of groups) {
    for (const [stage, named] of stages) {
      for (const [value, steps] of named) {
        const sorted = [...steps].sort(([a], [b]) => a - b);
        const same = `${stage}\n${value}\n${sorted.join()}`;
        const index = known.get(same);
        if (index !== undefined) {
          const curve = curves[index]!;
          curves[index] = { ...curve, rows: [...curve.rows, row] };
          continue;
        }
        known.set(same, curves.length);
        curves.push({
          stage,
          value,
          rows: row === "" ? [] : [row],
          trainings: Math.max(...sorted.map(([, xs]) => xs.length)),
          points: sorted.map(([step, xs]) => ({ step, ...spread(xs) })),
        });
      }
    }
  }
  return curves;
}

/** What a map has at a key, made if absent. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}

function spread(xs: readonly number[]): { mean: number; low: number; high: number } {
  const sorted = [...xs].sort((a, b) => a - b);
  const at = (q: number) => {
    const place = q * (sorted.length - 1), below = Math.floor(place);
    const [a, b] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
    return Number((a + (place - below) * (b - a)).toPrecision(12));
  };
  return { mean: xs.reduce((a, b) => a + b, 0) / xs.length, low: at(0.1), high: at(0.9) };
}
