import type { ComparedMeasure, PairComparison, RunsComparison, SeedComparison } from "./compare_runs.ts";
import { intervalText, pText, seedList, signed } from "./_number_text.ts";
import { csvTable } from "./csv_table.ts";
import { latexRows } from "./latex_rows.ts";
import { meanIntervalText, overSeedsNote } from "./over_seeds_table.ts";
import { textTable } from "./text_table.ts";

const measures: readonly (readonly [title: string, measure: ComparedMeasure])[] = [
  ["UF1", "uf1"],
  ["UAR", "uar"],
  ["Acc", "accuracy"],
];

/**
 * A comparison as plain text: scores, differences, tests, each pair of seeds, and sentences that say what the numbers are.
 *
 * @param comparison From {@linkcode compareRuns}.
 * @returns Lines that end in a line end.
 *
 * @example
 * ```ts
 * import { compareRuns, comparisonText } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const clip = { database: "smic", subject: "s1", clip: "a", truth: 0 };
 * const run = (name: string, prediction: number) => ({ name, classes: 2, seeds: [{ predictions: [{ ...clip, prediction }] }] });
 * assertStringIncludes(comparisonText(compareRuns([run("A", 0), run("B", 1)])), "A vs B");
 * ```
 */
export function comparisonText(comparison: RunsComparison): string {
  const { runs, pairs, clips, subjects, classes } = comparison;
  const seeds = pairs.flatMap((pair) => pair.bySeed.map((seed) => ({ pair, seed })));
  const left = runs.filter(({ leftOut }) => leftOut.length > 0).map(({ name, leftOut }) =>
    `${leftOut.length} of ${name}`
  );
  return [
    `${runs.length} runs over ${clips} clips of ${subjects} subjects, classes ${classes.join(", ")}.\n`,
    left.length > 0 ? `ONLY COMMON CLIPS: left out are ${left.join(", ")}.\n` : "",
    "\n",
    textTable(
      ["", "seeds", ...measures.map(([title]) => title)],
      runs.map(({ name, seeds, scores }) => [
        name,
        seedList(seeds),
        ...measures.map(([, measure]) => meanIntervalText(scores.full[measure])),
      ]),
    ),
    `${overSeedsNote(runs.map(({ seeds }) => seeds.length))}\n\n`,
    textTable(
      ["95 % interval over subjects", ...measures.map(([title]) => title)],
      runs.map(({ name, overSubjects }) => [
        name,
        ...measures.map(([, measure]) => intervalText(overSubjects[measure])),
      ]),
    ),
    "\n",
    textTable(
      ["difference [95 % over subjects]", ...measures.map(([title]) => title)],
      pairs.map((pair) => [pairName(pair), ...measures.map(([, measure]) => differenceText(pair, measure))]),
    ),
    "\n",
    ...overSeedsPart(pairs),
    textTable(
      ["tests", "McNemar p", "Holm", "Wilcoxon p", "Holm", "form", "subjects", "r"],
      pairs.map((pair) => [
        pairName(pair),
        pText(pair.mcnemar.pValue),
        pText(pair.mcnemar.holm),
        pText(pair.wilcoxon.pValue),
        pText(pair.wilcoxon.holm),
        pair.wilcoxon.method,
        `${pair.wilcoxon.n} + ${pair.wilcoxon.zeros} equal`,
        pair.wilcoxon.effect.toFixed(2),
      ]),
    ),
    "\n",
    textTable(
      ["McNemar by seed", "both right", "first only", "second only", "both wrong", "p", "form", "g"],
      seeds.map(({ pair, seed }) => [
        `${pairName(pair)}${seedText(seed)}`,
        ...[seed.bothRight, seed.mcnemar.onlyFirst, seed.mcnemar.onlySecond, seed.bothWrong].map(String),
        pText(seed.mcnemar.pValue),
        seed.mcnemar.method,
        seed.mcnemar.effect.toFixed(2),
      ]),
    ),
    "\n",
    notes(comparison),
  ].join("");
}

/**
 * The pairs of a comparison as CSV, a line for each, numbers in full.
 *
 * @param comparison From {@linkcode compareRuns}.
 *
 * @example
 * ```ts
 * import { compareRuns, comparisonCsv } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const clip = { database: "smic", subject: "s1", clip: "a", truth: 0 };
 * const run = (name: string, prediction: number) => ({ name, classes: 2, seeds: [{ predictions: [{ ...clip, prediction }] }] });
 * const [, line] = comparisonCsv(compareRuns([run("A", 0), run("B", 1)])).split("\n");
 * assertEquals(line?.split(",").slice(0, 6), ["A", "B", "1", "1", "single", "1"]);
 * ```
 */
export function comparisonCsv({ pairs, clips, subjects }: RunsComparison): string {
  const head = measures.flatMap(([, measure]) => [
    measure,
    `${measure}_low_subjects`,
    `${measure}_high_subjects`,
    `${measure}_low_seeds`,
    `${measure}_high_seeds`,
    `${measure}_t_p`,
  ]);
  return csvTable(
    [
      "first",
      "second",
      "clips",
      "subjects",
      "pairing",
      "seeds",
      ...head,
      "mcnemar_p",
      "mcnemar_holm",
      "wilcoxon_p",
      "wilcoxon_holm",
      "wilcoxon_form",
      "wilcoxon_r",
    ],
    pairs.map((pair) => [
      pair.first,
      pair.second,
      clips,
      subjects,
      pair.pairing,
      pair.bySeed.length,
      ...measures.flatMap(([, measure]) => {
        const { mean, overSubjects, overSeeds } = pair.difference[measure];
        const { interval, pValue } = overSeeds ?? {};
        return [mean, overSubjects.low, overSubjects.high, interval?.low, interval?.high, pValue];
      }),
      pair.mcnemar.pValue,
      pair.mcnemar.holm,
      pair.wilcoxon.pValue,
      pair.wilcoxon.holm,
      pair.wilcoxon.method,
      pair.wilcoxon.effect,
    ]),
  );
}

/**
 * A comparison as rows of two LaTeX tables: the runs' scores, then the pairs' differences and adjusted p-values.
 *
 * @param comparison From {@linkcode compareRuns}.
 *
 * @example
 * ```ts
 * import { compareRuns, comparisonLatex } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const clip = { database: "smic", subject: "s1", clip: "a", truth: 0 };
 * const run = (name: string, prediction: number) => ({ name, classes: 1, seeds: [{ predictions: [{ ...clip, prediction }] }] });
 * assertStringIncludes(comparisonLatex(compareRuns([run("A_1", 0), run("B", 0)])), "A\\_1 & 1.000 & 1.000 & 1.000 \\\\\n");
 * ```
 */
export function comparisonLatex({ runs, pairs }: RunsComparison): string {
  return latexRows(
    ["run", ...measures.map(([title]) => title)],
    runs.map(({ name, scores }) => [
      name,
      ...measures.map(([, measure]) => {
        const { mean, deviation } = scores.full[measure];
        return deviation === undefined ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
      }),
    ]),
  ) +
    latexRows(
      ["first", "second", "UF1 difference", "95 % over subjects", "McNemar p, Holm", "Wilcoxon p, Holm"],
      pairs.map((pair) => [
        pair.first,
        pair.second,
        signed(pair.difference.uf1.mean),
        intervalText(pair.difference.uf1.overSubjects, signed),
        pText(pair.mcnemar.holm),
        pText(pair.wilcoxon.holm),
      ]),
    );
}

function overSeedsPart(pairs: readonly PairComparison[]): string[] {
  const several = pairs.filter(({ difference }) => difference.uf1.overSeeds !== undefined);
  if (several.length === 0) return [];
  return [
    textTable(
      ["difference ± deviation [95 % over seeds]", ...measures.map(([title]) => title)],
      several.map((pair) => [
        pairName(pair),
        ...measures.map(([, measure]) => {
          const over = pair.difference[measure].overSeeds!;
          return meanIntervalText(over) + (over.pValue === undefined ? "" : ` p ${pText(over.pValue)}`);
        }),
      ]),
    ),
    "\n",
  ];
}

function notes({ pairs, resamples }: RunsComparison): string {
  const several = pairs.some(({ bySeed }) => bySeed.length > 1);
  const other = pairs.filter(({ pairing }) => pairing === "in order" || pairing === "one against each");
  return [
    `Differences are first - second. Intervals over subjects: percentiles of ${resamples} draws of whole subjects.`,
    "McNemar: exact (binomial) below 25 clips that one alone got right, else chi-squared with continuity correction; g is the first's share of them less 1/2.",
    ...several
      ? [
        "Several seeds: a test for each; the p-value above them is the middle seed's, corrected, valid however seeds depend on each other (Rüger 1978). Predictions of seeds are not pooled.",
      ]
      : [],
    `Wilcoxon: signed ranks of each subject's difference in accuracy${
      several ? ", averaged over seeds first" : ""
    }; equal subjects left out; exact up to 50, else normal with corrections for ties and continuity; r is the rank-biserial correlation.`,
    `Holm: adjusted for ${pairs.length === 1 ? "1 pair" : `${pairs.length} pairs`}, each test by itself.`,
    ...other.map((pair) =>
      pair.pairing === "in order"
        ? `${pairName(pair)}: no seed in common; paired in order.`
        : `${pairName(pair)}: the single one is set against each seed of the other.`
    ),
  ].map((line) => `${line}\n`).join("");
}

function pairName({ first, second }: PairComparison): string {
  return `${first} vs ${second}`;
}

function differenceText(pair: PairComparison, measure: ComparedMeasure): string {
  const { mean, overSubjects } = pair.difference[measure];
  return `${signed(mean)} ${intervalText(overSubjects, signed)}`;
}

function seedText({ first, second }: SeedComparison): string {
  if (first === undefined && second === undefined) return "";
  return first === second ? `, seed ${first}` : `, seeds ${first ?? "-"} and ${second ?? "-"}`;
}
