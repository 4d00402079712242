import file from "./results.json" with { type: "json" };

/** A task that results are published on: the MEGC2019 composite under CDE, or a class set of a single database under LOSO. */
export type PublishedTask = "cde" | "casme2-5" | "smic-3" | "samm-5";

/** The figures that papers print. */
export type PublishedMeasure = "accuracy" | "macroF1" | "uf1" | "uar";

/** What to know about one printed figure. */
export interface PublishedMark {
  /** `full`, or the database. */
  readonly part: string;
  /** Which figure. */
  readonly measure: PublishedMeasure;
  /** What is odd about it. */
  readonly text: string;
  /** What the figure is by its definition, where that could be computed from published predictions. */
  readonly byDefinition?: number;
}

/** A method's published results on one task. */
export interface PublishedResult {
  /** The task. */
  readonly task: PublishedTask;
  /** The method's name. */
  readonly method: string;
  /** Whose method it is. */
  readonly paper: string;
  /** The method as pipelines name it, where it is one of ours. */
  readonly run?: string;
  /** Of Xia & Wang's own method: the folder name of the ablation row. */
  readonly row?: string;
  /** The table of Xia & Wang 2021 that lists it, where that is known. */
  readonly table?: string;
  /** `checked`: seen in a source of its authors; `second-hand`: seen in somebody else's text. */
  readonly standing: "checked" | "second-hand";
  /** Where the figures were seen. */
  readonly source: string;
  /** The figures in [0, 1], by `full` or database. */
  readonly figures: Readonly<Record<string, Partial<Readonly<Record<PublishedMeasure, number>>>>>;
  /** Marks on single figures. */
  readonly marks: readonly PublishedMark[];
}

/**
 * Published results of Xia & Wang (2021) and of the methods that their Table 5 and the usual surveys compare with. All are on real data, by trainings
 * and choices of their authors, which differ: docs/scores.md has what to know before a comparison. {@linkcode publishedGaps} says what is missing.
 *
 * @param task Only those on this task.
 * @returns In the order of the data file, `eval/published/results.json`.
 *
 * @example
 * ```ts
 * import { publishedResults } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const shallow = publishedResults("cde").find(({ method }) => method.startsWith("STSTNet"));
 * assertEquals(shallow?.figures.full?.uar, 0.7605);
 * assertEquals(shallow?.marks.find(({ part }) => part === "full")?.byDefinition, 0.7186);
 * ```
 */
export function publishedResults(task?: PublishedTask): readonly PublishedResult[] {
  return results.filter((result) => task === undefined || result.task === task);
}

/** What of the paper's tables is not in {@linkcode publishedResults}, and why. */
export const publishedGaps: readonly { readonly table: string; readonly what: string }[] = file.gaps;

const sources: Readonly<Record<string, string>> = file.sources;
const results: readonly PublishedResult[] = file.results.map((entry) => ({
  ...entry,
  task: oneOf(entry.task, ["cde", "casme2-5", "smic-3", "samm-5"]),
  standing: oneOf(entry.standing, ["checked", "second-hand"]),
  source: sources[entry.source] ?? entry.source,
  figures: entry.figures as PublishedResult["figures"],
  marks: (entry.marks ?? []).map((mark) => ({
    ...mark,
    measure: oneOf(mark.measure, ["accuracy", "macroF1", "uf1", "uar"]),
  })),
}));

function oneOf<const T extends string>(value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found === undefined) throw new SyntaxError(`Cannot read published results: there is no ${value}`);
  return found;
}
