import type { Chance } from "./chance.ts";
import type { Figures, Score } from "./score.ts";

/** What a run's `summary.json` holds: figures under `full`, under each database's name, and under `chance`. */
export interface Summary {
  /** All predictions. */
  readonly full: Figures;
  /** Present where the chances were asked for. */
  readonly chance?: {
    /** Always the most frequent class. */
    readonly majority: Figures;
    /** The predictions given to other clips. */
    readonly shuffled: Figures & { readonly uf1Quantile95: number; readonly pValue: number };
  };
  /** A database's predictions. */
  readonly [database: string]: Figures | Summary["chance"];
}

/**
 * The figures of a score as they stand in `summary.json`.
 *
 * @param score From {@linkcode score}.
 * @param chance From {@linkcode chance}, if wanted.
 * @throws {RangeError} If a database is called "full" or "chance".
 *
 * @example
 * ```ts
 * import { score, summary } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const predictions = [{ database: "samm", subject: "006", clip: "006_1_2", truth: 0, prediction: 0 }];
 * const perfect = { n: 1, accuracy: 1, macroF1: 1, uf1: 1, uar: 1 };
 * assertEquals(summary(score(predictions, 1)), { full: perfect, samm: perfect });
 * ```
 */
export function summary(score: Score, chance?: Chance): Summary {
  const databases = Object.entries(score.perDatabase).map(([database, part]) => {
    if (database === "full" || database === "chance") {
      throw new RangeError(`Cannot summarise score: a database must not be called "${database}"`);
    }
    return [database, figures(part)] as const;
  });
  const result = { full: figures(score), ...Object.fromEntries(databases) };
  if (chance === undefined) return result;
  const { majority, shuffled } = chance;
  return {
    ...result,
    chance: {
      majority: figures(majority),
      shuffled: { ...figures(shuffled), uf1Quantile95: shuffled.uf1Quantile95, pValue: shuffled.pValue },
    },
  };
}

function figures({ n, accuracy, macroF1, uf1, uar }: Figures): Figures {
  return { n, accuracy, macroF1, uf1, uar };
}
