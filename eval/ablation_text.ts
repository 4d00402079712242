import { intervalText, pText, seedList, signed } from "./_number_text.ts";
import type { Ablation, AblationRow } from "./ablation.ts";
import type { ComparedMeasure } from "./compare_runs.ts";
import { csvTable } from "./csv_table.ts";
import { latexRows } from "./latex_rows.ts";
import type { MeanInterval } from "./mean_interval.ts";
import { meanIntervalText, overSeedsNote } from "./over_seeds_table.ts";
import { publishedGaps, type PublishedMeasure } from "./published/published_results.ts";
import { textTable } from "./text_table.ts";

/** How often the heads of stage (c) were right at its end, in [0, 1]; absent where a row has no such head. */
export interface HeadAccuracies {
  /** D_s: micro or macro, from the apex map. */
  readonly spatial?: number;
  /** D_t: micro or macro, from v(s). */
  readonly temporal?: number;
  /** C_s: which interval. */
  readonly relation?: number;
}

/** What tables of an ablation say of where it comes from. */
export interface AblationHeading {
  /** The pipeline's name. */
  readonly name: string;
  /** Whether its data is synthetic. */
  readonly synthetic: boolean;
  /** Whether the task is one of the paper's: its figures stand beside ours only then. */
  readonly ofThePaper: boolean;
  /**
   * By row, the heads' accuracies in training. A discriminator that is always right guides nothing.
   *
   * @default {{}}
   */
  readonly heads?: Readonly<Record<string, HeadAccuracies>>;
}

const measures: readonly (readonly [title: string, measure: ComparedMeasure])[] = [
  ["UF1", "uf1"],
  ["UAR", "uar"],
  ["Acc", "accuracy"],
];
const paperTitles: Readonly<Record<PublishedMeasure, string>> = {
  uf1: "UF1",
  uar: "UAR",
  accuracy: "Acc",
  macroF1: "macro F1",
};

/**
 * An ablation as plain text: the rows' scores beside the paper's, their differences to the baseline, UF1 by database, and sentences that say what
 * the numbers are.
 *
 * @param ablation From {@linkcode ablation}.
 * @returns Lines that end in a line end.
 *
 * @example
 * ```ts
 * import { ablation, ablationText } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const predictions = [{ database: "smic", subject: "s1", clip: "a", truth: 1, prediction: 1 }];
 * const rows = ["lc", "all"].map((row) => ({ row, title: row, seeds: [{ seed: 1, predictions }] }));
 * const text = ablationText(ablation(rows, 2), { name: "tiny", synthetic: true, ofThePaper: false });
 * assertStringIncludes(text, "ours, this data");
 * ```
 */
export function ablationText(ablation: Ablation, heading: AblationHeading): string {
  const { rows, clips, subjects, seeds } = ablation;
  const paper = paperMeasures(rows);
  const baseline = rows.find(({ row }) => row === ablation.baseline)?.title ?? ablation.baseline;
  const others = rows.filter(({ difference }) => difference !== undefined);
  const databases = Object.keys(rows[0]?.scores.perDatabase ?? {});
  return [
    `Ablation of ${heading.name}: ${rows.length} rows, seeds ${
      seedList(seeds)
    }, ${clips} clips of ${subjects} subjects${
      heading.synthetic ? ", synthetic look-alikes" : ""
    }. Every row with the same steps, batches, rates and sampling.\n\n`,
    textTable(
      [
        "row",
        ...paper.map((measure) => `paper, real data: ${paperTitles[measure]}`),
        ...measures.map(([title]) => `ours, this data: ${title}`),
      ],
      rows.map((row) => [
        row.title,
        ...paper.map((measure) => paperText(row, measure)),
        ...measures.map(([, measure]) => meanIntervalText(row.scores.full[measure])),
      ]),
    ),
    `${overSeedsNote([seeds.length])}\n`,
    paperNotes(rows, heading),
    "\n",
    textTable(
      [
        `difference to ${baseline}`,
        ...measures.map(([title]) => `${title} ± deviation [95 % over seeds]`),
        "UF1 [95 % over subjects]",
      ],
      others.map(({ title, difference }) => [
        title,
        ...measures.map(([, measure]) => differenceText(difference![measure].overSeeds)),
        intervalText(difference!.uf1.overSubjects, signed),
      ]),
    ),
    "\n",
    textTable(
      [
        "tests against the same",
        "t-test of UF1 over seeds: p",
        "Holm",
        "Wilcoxon over subjects: p",
        "Holm",
        "r",
      ],
      others.map(({ title, difference, wilcoxon }) => [
        title,
        optionalP(difference!.uf1.overSeeds.pValue),
        optionalP(difference!.uf1.holm),
        pText(wilcoxon!.pValue),
        pText(wilcoxon!.holm),
        wilcoxon!.effect.toFixed(2),
      ]),
    ),
    `Differences are paired by seed. Wilcoxon: each subject's accuracy, averaged over the seeds. Holm: adjusted for ${
      others.length === 1 ? "1 row" : `${others.length} rows`
    }.\n`,
    `Clips that every row gets wrong, mean over the seeds: ${
      ablation.wrongInAllRows.toFixed(1)
    } of ${clips}; ${baseline} gets ${wrong(rows, ablation.baseline, clips)} wrong.\n`,
    ...headsPart(rows, heading.heads ?? {}),
    ...databases.length > 1
      ? [
        "\n",
        textTable(
          ["UF1 by database", ...databases],
          rows.map(({ title, scores }) => [
            title,
            ...databases.map((name) => meanIntervalText(scores.perDatabase[name]!.uf1)),
          ]),
        ),
      ]
      : [],
  ].join("");
}

/**
 * An ablation as CSV: a line for each row, source (`paper, real data` or `ours, this data`), part and measure, with the difference to the baseline where there is one.
 *
 * @param ablation From {@linkcode ablation}.
 *
 * @example
 * ```ts
 * import { ablation, ablationCsv } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const predictions = [{ database: "smic", subject: "s1", clip: "a", truth: 0, prediction: 0 }];
 * const rows = ["lc", "all"].map((row) => ({ row, title: row, seeds: [{ seed: 1, predictions }] }));
 * const [, line] = ablationCsv(ablation(rows, 1)).split("\n");
 * assertEquals(line, 'lc,lc,"ours, this data",full,uf1,1,1,,,,,,,,,');
 * ```
 */
export function ablationCsv({ rows }: Ablation): string {
  return csvTable(
    [
      ...["row", "title", "source", "part", "measure", "seeds", "mean", "deviation", "low", "high"],
      ...["difference", "difference_low_seeds", "difference_high_seeds"],
      ...["difference_low_subjects", "difference_high_subjects", "holm"],
    ],
    rows.flatMap((row) => [
      ...Object.entries(row.paper?.figures ?? {}).flatMap(([part, figures]) =>
        Object.entries(figures).map(([measure, value]) => [
          ...[row.row, row.title, "paper, real data", part, measure, undefined, value],
          ...new Array(9).fill(undefined),
        ])
      ),
      ...[["full", row.scores.full] as const, ...Object.entries(row.scores.perDatabase)].flatMap(
        ([part, figures]) =>
          measures.map(([, measure]) => {
            const { n, mean, deviation, interval } = figures[measure];
            const difference = part === "full" ? row.difference?.[measure] : undefined;
            const over = difference?.overSeeds;
            return [
              ...[row.row, row.title, "ours, this data", part, measure, n, mean, deviation],
              ...[interval?.low, interval?.high, over?.mean, over?.interval?.low, over?.interval?.high],
              ...[difference?.overSubjects.low, difference?.overSubjects.high, difference?.holm],
            ];
          }),
      ),
    ]),
  );
}

/**
 * An ablation as rows of a LaTeX table: the paper's figures, ours with their deviation, and the difference in UF1 to the baseline with its interval over seeds.
 *
 * @param ablation From {@linkcode ablation}.
 *
 * @example
 * ```ts
 * import { ablation, ablationLatex } from "@macro2micro/mer/eval";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const predictions = [{ database: "smic", subject: "s1", clip: "a", truth: 0, prediction: 0 }];
 * const rows = [["lc", "L_c"], ["all", "all"]].map(([row, title]) => ({ row: row!, title: title!, seeds: [{ seed: 1, predictions }] }));
 * assertStringIncludes(ablationLatex(ablation(rows, 1)), "$L_{c}$ & 1.000 & 1.000 & 1.000 & -- \\\\\n");
 * ```
 */
export function ablationLatex({ rows }: Ablation): string {
  const paper = paperMeasures(rows);
  const cell = ({ mean, deviation }: MeanInterval) =>
    deviation === undefined ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
  return latexRows(
    [
      "row",
      ...paper.map((measure) => `paper, real data: ${paperTitles[measure]}`),
      ...measures.map(([title]) => `ours, this data: ${title}`),
      "UF1 difference [95 % over seeds]",
    ],
    rows.map((row) => [
      row.title,
      ...paper.map((measure) => row.paper?.figures.full?.[measure]?.toFixed(3) ?? "-"),
      ...measures.map(([, measure]) => cell(row.scores.full[measure])),
      row.difference === undefined ? "-" : latexDifference(row.difference.uf1.overSeeds),
    ]),
  );
}

/** At this accuracy the loss of a discriminator, and with it what it teaches, is about 0. */
const saturated = 0.99;

function headsPart(rows: readonly AblationRow[], heads: Readonly<Record<string, HeadAccuracies>>): string[] {
  const guided = rows.filter(({ row }) => Object.keys(heads[row] ?? {}).length > 0);
  if (guided.length === 0) return [];
  const text = (accuracy: number | undefined) => accuracy === undefined ? "-" : accuracy.toFixed(3);
  const idle = guided.flatMap(({ row, title }) =>
    [["D_s", heads[row]?.spatial] as const, ["D_t", heads[row]?.temporal] as const]
      .filter(([, accuracy]) => (accuracy ?? 0) >= saturated).map(([head]) => `${head} of ${title}`)
  );
  return [
    "\n",
    textTable(
      ["heads at the end of stage (c), accuracy in training", "D_s", "D_t", "C_s"],
      guided.map(({ row, title }) => {
        const { spatial, temporal, relation } = heads[row]!;
        return [title, text(spatial), text(temporal), text(relation)];
      }),
    ),
    "The last third of its steps, mean over folds and seeds. Chance is 0.5 for D_s and D_t.\n",
    idle.length > 0
      ? `RIGHT NEARLY ALWAYS, so that the adversarial term guides nothing (docs/guidance.md): ${
        idle.join(", ")
      }.\n`
      : "",
  ];
}

/** How many clips a row gets wrong, mean over the seeds. */
function wrong(rows: readonly AblationRow[], name: string, clips: number): string {
  const row = rows.find(({ row }) => row === name);
  return ((1 - (row?.scores.full.accuracy.mean ?? NaN)) * clips).toFixed(1);
}

/** The paper's measures of the rows, where any is at hand. */
function paperMeasures(rows: readonly AblationRow[]): PublishedMeasure[] {
  const found = rows.flatMap(({ paper }) => Object.keys(paper?.figures.full ?? {}));
  return (["uf1", "uar", "accuracy", "macroF1"] as const).filter((measure) => found.includes(measure));
}

function paperText({ paper }: AblationRow, measure: PublishedMeasure): string {
  const value = paper?.figures.full?.[measure];
  if (value === undefined) return "-";
  return value.toFixed(3) + (paper?.standing === "checked" ? "" : "~");
}

function paperNotes(rows: readonly AblationRow[], { ofThePaper }: AblationHeading): string {
  if (!ofThePaper) return "The paper has no figures on this task.\n";
  const sources = [...new Set(rows.flatMap(({ paper }) => paper?.source ?? []))];
  const lines = sources.map((source) => `~ Second-hand, on real data: ${source}.\n`);
  const gaps = publishedGaps.filter(({ table }) => table === "2" || table === "3");
  const missing = rows.some(({ paper }) => paper === undefined);
  return lines.join("") + (missing ? gaps.map(({ what }) => `- ${what}\n`).join("") : "");
}

function differenceText({ mean, deviation, interval }: MeanInterval): string {
  if (deviation === undefined || interval === undefined) return signed(mean);
  return `${signed(mean)} ± ${deviation.toFixed(3)} ${intervalText(interval, signed)}`;
}

function latexDifference({ mean, interval }: MeanInterval): string {
  return interval === undefined ? signed(mean) : `${signed(mean)} ${intervalText(interval, signed)}`;
}

function optionalP(p: number | undefined): string {
  return p === undefined ? "-" : pText(p);
}
