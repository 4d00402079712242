import type { Prediction } from "../types.ts";
import { mean } from "./_counts.ts";
import { subjectBootstrap } from "./_subject_bootstrap.ts";
import type { Interval } from "./bootstrap_interval.ts";
import { type Chance, chance } from "./chance.ts";
import type { PublishedMeasure, PublishedResult, PublishedTask } from "./published/published_results.ts";
import { publishedResults } from "./published/published_results.ts";
import { score } from "./score.ts";
import { type ScoresOverSeeds, scoresOverSeeds } from "./scores_over_seeds.ts";

/** What was run of a method, for {@linkcode compareMethods}. */
export interface MethodRun {
  /** The method as pipelines name it. */
  readonly method: string;
  /** Of the paper's method: the ablation row. */
  readonly row?: string;
  /** Its name in tables. */
  readonly title: string;
  /** Whose it is: `Gan et al. 2019`. */
  readonly paper: string;
  /** Whether its data is synthetic. */
  readonly synthetic: boolean;
  /** Its predictions under each seed; none where it is not done. */
  readonly seeds: readonly { readonly seed: number; readonly predictions: readonly Prediction[] }[];
  /** Why there are none, or fewer than there should be. */
  readonly note?: string;
}

/** A row of the comparison: a method with what is published of it and what was run. */
export interface ComparedMethod {
  /** Its name in tables. */
  readonly title: string;
  /** Whose it is. */
  readonly paper: string;
  /** What is published of it on the task. */
  readonly published?: PublishedResult;
  /** What was run; absent for a method that is only published. */
  readonly ours?: MethodRun;
  /** Mean, deviation and interval over the seeds, where any is done. */
  readonly scores?: ScoresOverSeeds;
  /** 95 % intervals over subjects of the mean scores. */
  readonly overSubjects?: Readonly<Record<PublishedMeasure, Interval>>;
}

/** What {@linkcode compareMethods} finds. */
export interface MethodsComparison {
  /** The task with published results that it is, if any. */
  readonly task: PublishedTask | undefined;
  /** The methods in the order given, then those that are only published. */
  readonly methods: readonly ComparedMethod[];
  /** What chance scores on the clips of the first method that is done. */
  readonly chance?: Chance;
  /** The figures that papers print of such a task. */
  readonly measures: readonly [PublishedMeasure, PublishedMeasure];
  /** Clips and subjects, one entry for each set of clips that was run over: more than one means that ours are not comparable. */
  readonly over: readonly {
    readonly clips: number;
    readonly subjects: number;
    readonly titles: readonly string[];
  }[];
}

/**
 * Sets methods side by side, each with what is published of it: what the paper's Tables 4 and 5 are, with a column of ours.
 *
 * @param runs In the order of the table.
 * @param classes The class names.
 * @param task The task, where results are published on it.
 * @throws {RangeError} If predictions are not as {@linkcode score} wants them.
 *
 * @example
 * ```ts
 * import { compareMethods } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const predictions = [{ database: "smic", subject: "s1", clip: "a", truth: 0, prediction: 0 }];
 * const run = { method: "lbp-top", title: "LBP-TOP", paper: "Zhao & Pietikäinen 2007", synthetic: true, seeds: [{ seed: 1, predictions }] };
 * const { methods: [first] } = compareMethods([run], 1, "cde");
 * assertEquals([first?.published?.figures.full?.uf1, first?.scores?.full.uf1.mean], [0.5882, 1]);
 * ```
 */
export function compareMethods(
  runs: readonly MethodRun[],
  classes: readonly string[] | number,
  task?: PublishedTask,
): MethodsComparison {
  const count = typeof classes === "number" ? classes : classes.length;
  const published = task === undefined ? [] : publishedResults(task);
  const own = runs.map((ours): ComparedMethod => {
    const { title, paper } = ours;
    const found = published.find((result) =>
      result.run === ours.method && (result.row ?? ours.row) === ours.row
    );
    return {
      title,
      paper,
      ...(found ? { published: found } : {}),
      ours,
      ...(ours.seeds.length > 0 ? figures(ours, classes, count) : {}),
    };
  });
  const others = published.filter((result) => !own.some((row) => row.published === result));
  const first = runs.find(({ seeds }) => seeds.length > 0)?.seeds[0]?.predictions;
  return {
    task,
    methods: [
      ...own,
      ...others.map((result) => ({ title: result.method, paper: result.paper, published: result })),
    ],
    ...(first ? { chance: chance(first, classes, { seed: "chance" }) } : {}),
    measures: task === undefined || task === "cde" ? ["uf1", "uar"] : ["accuracy", "macroF1"],
    over: clipSets(runs),
  };
}

function figures({ seeds }: MethodRun, classes: readonly string[] | number, count: number) {
  const { drawn, interval } = subjectBootstrap(seeds.map(({ predictions }) => predictions), count);
  const over = (measure: "accuracy" | "uf1" | "uar") =>
    interval(drawn[0]!.map((_, draw) => mean(drawn.map((list) => list[draw]![measure]))));
  const uf1 = over("uf1");
  return {
    scores: scoresOverSeeds(seeds.map(({ predictions }) => score(predictions, classes))),
    overSubjects: { uf1, uar: over("uar"), accuracy: over("accuracy"), macroF1: uf1 },
  };
}

/** The sets of clips, with their true classes, that runs are over. */
function clipSets(runs: readonly MethodRun[]): MethodsComparison["over"] {
  const sets = new Map<string, { clips: number; subjects: number; titles: string[] }>();
  for (const { title, seeds } of runs) {
    const predictions = seeds[0]?.predictions;
    if (predictions === undefined) continue;
    const names = predictions.map((p) => [p.database, p.subject, p.clip, p.truth].join("/")).sort();
    const key = names.join();
    const subjects = new Set(predictions.map((p) => `${p.database}/${p.subject}`)).size;
    if (!sets.has(key)) sets.set(key, { clips: names.length, subjects, titles: [] });
    sets.get(key)!.titles.push(title);
  }
  return [...sets.values()];
}
