import type { MeanInterval } from "./mean_interval.ts";
import type { ScoresOverSeeds } from "./scores_over_seeds.ts";
import { textTable } from "./text_table.ts";

/** A row of {@linkcode overSeedsTable}. */
export interface OverSeedsRow {
  /** What was scored. */
  readonly name: string;
  /** From {@linkcode scoresOverSeeds}. */
  readonly scores: ScoresOverSeeds;
}

/** Options of {@linkcode overSeedsTable} and {@linkcode meanIntervalText}. */
export interface OverSeedsTableOptions {
  /**
   * Digits after the point.
   *
   * @default {3}
   */
  digits?: number;
}

/**
 * A mean over seeds as text: `0.810 ± 0.012 [0.795, 0.825]`, mean, standard deviation and interval; the mean alone where there is one seed.
 *
 * @example
 * ```ts
 * import { meanInterval, meanIntervalText } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(meanIntervalText(meanInterval([0.7, 0.72, 0.74])), "0.720 ± 0.020 [0.670, 0.770]");
 * assertEquals(meanIntervalText(meanInterval([0.7])), "0.700");
 * ```
 */
export function meanIntervalText(value: MeanInterval, options: OverSeedsTableOptions = {}): string {
  const { digits = 3 } = options;
  const text = (x: number) => x.toFixed(digits);
  if (value.deviation === undefined || value.interval === undefined) return text(value.mean);
  const { low, high } = value.interval;
  return `${text(value.mean)} ± ${text(value.deviation)} [${text(low)}, ${text(high)}]`;
}

const measures = [["UF1", "uf1"], ["UAR", "uar"], ["Acc", "accuracy"]] as const;

/**
 * Scores over seeds as plain aligned tables, one for all clips and one for each database (with a single database, which is all there is, one), and a
 * line that says what the numbers are.
 *
 * @param rows At least one.
 * @returns Lines that end in a line end.
 * @throws {RangeError} If there are no rows.
 *
 * @example
 * ```ts
 * import { overSeedsTable, score, scoresOverSeeds } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const seed = (prediction: number) => score([{ database: "samm", subject: "006", clip: "a", truth: 0, prediction }], 2);
 * const table = overSeedsTable([{ name: "L_c", scores: scoresOverSeeds([seed(0), seed(1)]) }], { digits: 1 });
 * assertStringIncludes(table, "L_c         0.3 ± 0.4 [-2.9, 3.4]");
 * ```
 */
export function overSeedsTable(rows: readonly OverSeedsRow[], options: OverSeedsTableOptions = {}): string {
  if (rows.length === 0) throw new RangeError("Cannot draw table over seeds: there are no rows");
  const databases = [...new Set(rows.flatMap(({ scores }) => Object.keys(scores.perDatabase)))];
  const parts = databases.length === 1 ? databases : ["full", ...databases];
  const tables = parts.map((part) => {
    const of = rows.map(({ name, scores }) => ({
      name,
      figures: part === "full" ? scores.full : scores.perDatabase[part],
    }));
    const n = [...new Set(of.flatMap(({ figures }) => figures?.n ?? []))].join(", ");
    return textTable(
      [`${part} (n ${n})`, ...measures.map(([name]) => name)],
      of.map(({ name, figures }) => [
        name,
        ...measures.map(([, key]) => figures === undefined ? "-" : meanIntervalText(figures[key], options)),
      ]),
    );
  });
  return `${tables.join("\n")}${overSeedsNote(rows.map(({ scores }) => scores.seeds))}\n`;
}

/**
 * One sentence on what `mean ± deviation [low, high]` means.
 *
 * @param seeds How many seeds each row has.
 *
 * @example
 * ```ts
 * import { overSeedsNote } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(overSeedsNote([1]), "One seed: no deviation, no interval.");
 * ```
 */
export function overSeedsNote(seeds: readonly number[]): string {
  const counts = [...new Set(seeds)].sort((a, b) => a - b);
  const some = counts.filter((n) => n > 1);
  const one = counts[0] === 1 ? "One seed: no deviation, no interval." : "";
  if (some.length === 0) return one;
  const [list, degrees] = [some.join(" or "), some.map((n) => n - 1).join(" or ")];
  const many =
    `Mean over ${list} seeds ± standard deviation [95 % interval of the mean over seeds: Student's t, ${degrees} ${
      degrees === "1" ? "degree" : "degrees"
    } of freedom].`;
  return [many, one].filter(Boolean).join(" ");
}
