import { type Random, seededRandom } from "../engine/random.ts";
import type { Prediction } from "../types.ts";
import { checkPredictions, classNames } from "./_check.ts";
import { type Confusion, count, emptyConfusion, figuresOf, mean } from "./_counts.ts";
import { type Figures, score } from "./score.ts";

/** Options of {@linkcode chance}. */
export interface ChanceOptions {
  /**
   * Decides the permutations.
   *
   * @default {0}
   */
  seed?: number | string;
  /**
   * How many permutations, >= 1.
   *
   * @default {1000}
   */
  permutations?: number;
}

/** Figures with those of each database. */
export interface ChanceFigures extends Figures {
  /** By database, in the order of {@linkcode score}. */
  readonly perDatabase: Readonly<Record<string, Figures>>;
}

/** What predictions without knowledge would score. */
export interface Chance {
  /** Always the most frequent class. */
  readonly majority: ChanceFigures & {
    /** That class. */
    readonly classIndex: number;
  };
  /** The same predictions given to other clips: means over the permutations. */
  readonly shuffled: ChanceFigures & {
    /** The UF1 that 95 of 100 permutations do not exceed. */
    readonly uf1Quantile95: number;
    /**
     * Permutation p-value of the UF1: (1 + permutations with at least the observed UF1) / (1 + permutations). Small
     * where the predictions know something of the clips.
     */
    readonly pValue: number;
    /** How many permutations there were. */
    readonly permutations: number;
  };
}

/**
 * The two chances that a score is to be seen beside.
 *
 * `majority` always predicts the class that most clips of the whole list have (the smallest index among equals). In LOSO
 * the majority of a fold's training clips may differ from it in small sets; the whole list's is used so that the figure is a
 * property of the task alone. `shuffled` permutes the truth over all clips of the list, databases mixed, and so keeps
 * how often each class is predicted; its per-database figures restrict the permuted list. It is a chance of the
 * predictions, not of the method: training on shuffled labels is another experiment.
 *
 * @param predictions As for {@linkcode score}.
 * @param classes As for {@linkcode score}.
 * @throws {RangeError} As {@linkcode score}, or if `permutations` is not a positive integer.
 *
 * @example
 * ```ts
 * import { chance } from "@macro2micro/mer/eval";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const predictions = Array.from({ length: 40 }, (_, i) => ({
 *   database: "samm", subject: `s${i}`, clip: "a", truth: i % 4 === 0 ? 1 : 0, prediction: i % 4 === 0 ? 1 : 0,
 * }));
 * const { majority, shuffled } = chance(predictions, 2, { permutations: 99 });
 * assertEquals([majority.classIndex, majority.accuracy, majority.uar], [0, 0.75, 0.5]);
 * assert(shuffled.uf1Quantile95 < 1 && shuffled.pValue === 0.01);
 * ```
 */
export function chance(
  predictions: readonly Prediction[],
  classes: readonly string[] | number,
  options: ChanceOptions = {},
): Chance {
  const { seed = 0, permutations = 1000 } = options;
  const task = "find the chance of predictions";
  const names = classNames(task, classes);
  checkPredictions(task, predictions, names.length);
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new RangeError(
      `Cannot ${task}: permutations must be a positive integer, current value is ${permutations}`,
    );
  }
  return {
    majority: majorityChance(predictions, names),
    shuffled: shuffledChance(predictions, names, permutations, seededRandom(seed)),
  };
}

function majorityChance(predictions: readonly Prediction[], names: readonly string[]): Chance["majority"] {
  const counts = names.map((_, k) => predictions.filter((p) => p.truth === k).length);
  const classIndex = counts.indexOf(Math.max(...counts));
  const { perDatabase, ...full } = score(predictions.map((p) => ({ ...p, prediction: classIndex })), names);
  return { ...plain(full), perDatabase: mapValues(perDatabase, plain), classIndex };
}

function shuffledChance(
  predictions: readonly Prediction[],
  names: readonly string[],
  permutations: number,
  random: Random,
): Chance["shuffled"] {
  const observed = score(predictions, names);
  const databases = Object.keys(observed.perDatabase);
  const part = predictions.map((p) => databases.indexOf(p.database));
  const truths = predictions.map((p) => p.truth);
  const full: Figures[] = [];
  const parts: Figures[][] = databases.map(() => []);
  for (let i = 0; i < permutations; i++) {
    const shuffled = random.shuffle(truths);
    const tables: Confusion[] = databases.map(() => emptyConfusion(names.length));
    predictions.forEach((p, j) => count(tables[part[j]!]!, shuffled[j]!, p.prediction));
    tables.forEach((table, d) => parts[d]!.push(figuresOf(table)));
    full.push(figuresOf(added(tables, names.length)));
  }
  const uf1 = full.map((f) => f.uf1).sort((a, b) => a - b);
  const asGood = uf1.filter((x) => x >= observed.uf1).length;
  return {
    ...meanFigures(full),
    perDatabase: Object.fromEntries(databases.map((database, d) => [database, meanFigures(parts[d]!)])),
    uf1Quantile95: uf1[Math.ceil(0.95 * permutations) - 1]!,
    pValue: (1 + asGood) / (1 + permutations),
    permutations,
  };
}

function added(tables: readonly Confusion[], classes: number): Confusion {
  return emptyConfusion(classes).map((row, t) =>
    row.map((_, p) => tables.reduce((total, table) => total + table[t]![p]!, 0))
  );
}

function meanFigures(x: readonly Figures[]): Figures {
  const of = (name: keyof Figures) => mean(x.map((f) => f[name]));
  return { n: of("n"), accuracy: of("accuracy"), macroF1: of("macroF1"), uf1: of("uf1"), uar: of("uar") };
}

function plain({ n, accuracy, macroF1, uf1, uar }: Figures): Figures {
  return { n, accuracy, macroF1, uf1, uar };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
