import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parse } from "csv-parse/sync";
import {
  ablation,
  ablationCsv,
  type AblationInput,
  ablationLatex,
  ablationText,
  publishedResults,
} from "../../eval/mod.ts";
import { predictions } from "./_predictions.ts";

/** Three subjects of two databases, one line each; "1" is a clip that was got right. */
const row = (row: string, title: string, ...seeds: string[]): AblationInput => ({
  row,
  title,
  seeds: seeds.map((bits, i) => ({
    seed: i + 1,
    predictions: predictions(
      ["smic s1", "smic s2", "samm 006"].map((subject, s) =>
        `${subject} ${[0, 1].map((c) => `${c}:${bits[2 * s + c] === "1" ? c : 1 - c}`).join(" ")}`
      ).join("\n"),
    ),
  })),
});
const rows = [
  row("lc", "L_c", "110000", "111000"), // accuracy 2/6, 3/6
  row("lc_ls", "L_c + L_s", "110000", "111000"),
  row("all", "all (Eq. 8)", "111111", "111110"), // 6/6, 5/6
];
const heading = { name: "tiny", synthetic: true, ofThePaper: true };

Deno.test("ablation by hand: differences to L_c are paired by seed, and tests adjusted for the rows", () => {
  const { baseline, seeds, clips, subjects, rows: [lc, ls, all] } = ablation(rows, 2);
  assertEquals([baseline, seeds, clips, subjects], ["lc", [1, 2], 6, 3]);
  // Wrong in every row: none in seed 1, the last clip in seed 2.
  assertEquals(ablation(rows, 2).wrongInAllRows, 0.5);
  assertEquals([lc?.difference, lc?.wilcoxon], [undefined, undefined]);
  assertEquals(lc?.scores.full.accuracy.mean, (2 / 6 + 3 / 6) / 2);
  const { overSeeds, holm } = all!.difference!.accuracy;
  assertAlmostEquals(overSeeds.mean, (4 / 6 + 2 / 6) / 2, 1e-15);
  assertAlmostEquals(overSeeds.deviation!, 2 / 6 / Math.SQRT2, 1e-15);
  // t = mean / (deviation / sqrt 2) = 3 with one degree of freedom, which is Cauchy's distribution.
  const p = 1 - 2 / Math.PI * Math.atan(3);
  assertAlmostEquals(overSeeds.pValue!, p, 1e-12);
  assertAlmostEquals(holm!, p, 1e-12); // the other row has no p-value: all its differences are 0
  assertEquals(ls?.difference?.accuracy.overSeeds.pValue, undefined);
  assertEquals(ls?.difference?.uf1.overSubjects, { low: 0, high: 0 });
  // Subjects' differences: s1 0, s2 (2+2-0-1)/4, samm (2+1-0)/4: both positive.
  assertEquals([all?.wilcoxon?.n, all?.wilcoxon?.effect, all?.wilcoxon?.pValue], [2, 1, 0.5]);
  assertEquals(all?.wilcoxon?.holm, 1);
});

Deno.test("ablation sets the paper's figures beside the rows that have some, and says what is missing", () => {
  const found = ablation(rows, 2, { published: publishedResults("cde") });
  assertEquals(found.rows.map(({ paper }) => paper?.figures.full?.uf1), [undefined, undefined, 0.883]);
  const text = ablationText(found, heading);
  assert(/^all \(Eq\. 8\) +0\.883~ +0\.876~ +0\.9/m.test(text), text);
  assertStringIncludes(text, "paper, real data: UF1");
  assertStringIncludes(text, "ours, this data: UF1");
  assertStringIncludes(text, "~ Second-hand, on real data: ");
  assertStringIncludes(text, "- The ablation rows of Xia & Wang's Table 2: the printed page was not at hand");
  assertStringIncludes(text, "6 clips of 3 subjects, synthetic look-alikes");
  assertStringIncludes(
    text,
    "Clips that every row gets wrong, mean over the seeds: 0.5 of 6; L_c gets 3.5 wrong.",
  );
  const other = ablationText(ablation(rows, 2), { ...heading, ofThePaper: false });
  assertStringIncludes(other, "The paper has no figures on this task.");
  assertEquals(other.includes("paper, real data"), false);
});

Deno.test("an ablation says where a discriminator was right nearly always, and so guided nothing", () => {
  const heads = { lc_ls: { spatial: 1 }, all: { spatial: 0.6, temporal: 0.995, relation: 0.8 } };
  const text = ablationText(ablation(rows, 2), { ...heading, heads });
  assert(/^all \(Eq\. 8\) +0\.600 +0\.995 +0\.800$/m.test(text), text);
  assertStringIncludes(text, "(docs/guidance.md): D_s of L_c + L_s, D_t of all (Eq. 8).");
  const alive = ablationText(ablation(rows, 2), { ...heading, heads: { all: { spatial: 0.6 } } });
  assertEquals([alive.includes("RIGHT NEARLY ALWAYS"), alive.includes("accuracy in training")], [
    false,
    true,
  ]);
});

Deno.test("an ablation as CSV and LaTeX has the same numbers", () => {
  const found = ablation(rows, 2, { published: publishedResults("cde") });
  const lines = parse(ablationCsv(found), { columns: true }) as Record<string, string>[];
  const ours = lines.filter(({ source }) => source === "ours, this data");
  assertEquals(ours.length, 3 * 3 * 3); // rows, parts, measures
  const all = ours.find(({ row, part, measure }) =>
    row === "all" && part === "full" && measure === "accuracy"
  )!;
  assertAlmostEquals(Number(all.mean), 11 / 12, 1e-15);
  assertEquals(Number(all.difference), 0.5);
  assertEquals(
    Number(all.difference_high_seeds),
    found.rows[2]!.difference!.accuracy.overSeeds.interval!.high,
  );
  const paper = lines.filter(({ source }) => source === "paper, real data");
  assertEquals(paper.map(({ row, part, measure, mean }) => [row, part, measure, mean]), [
    ["all", "full", "uf1", "0.883"],
    ["all", "full", "uar", "0.876"],
  ]);
  const latex = ablationLatex(found).trim().split("\n");
  assertEquals(latex.length, 4);
  assert(latex[1]!.startsWith("$L_{c}$ & -- & -- & 0."), latex[1]);
  assertStringIncludes(latex[3]!, "all (Eq. 8) & 0.883 & 0.876 & 0.");
  assertStringIncludes(latex[3]!, " $\\pm$ ");
});

Deno.test("ablation of one seed has differences without intervals over seeds", () => {
  const one = rows.map((row) => ({ ...row, seeds: row.seeds.slice(0, 1) }));
  const found = ablation(one, 2);
  assertEquals(found.rows[2]?.difference?.accuracy.overSeeds, { n: 1, mean: 1 - 2 / 6 });
  assertEquals(found.rows[2]?.difference?.accuracy.holm, undefined);
  assertStringIncludes(ablationText(found, heading), "One seed: no deviation, no interval.");
});

Deno.test("ablation refuses rows without a baseline, and rows of other seeds", () => {
  assertThrows(() => ablation(rows.slice(1), 2), RangeError, "there is no row lc to compare with");
  const odd = [rows[0]!, { ...rows[2]!, seeds: rows[2]!.seeds.slice(0, 1) }];
  assertThrows(() => ablation(odd, 2), RangeError, "the row all has other seeds than lc");
});
