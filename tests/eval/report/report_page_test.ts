// The page of a run made by hand: what it says, what it escapes, what it marks.
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { bootstrapInterval, compareRuns, score } from "../../../eval/mod.ts";
import { comparisonPage, reportPage } from "../../../eval/report/mod.ts";
import { handMadeRun } from "./_run.ts";

const run = handMadeRun();
const { page, tables } = reportPage(run);
const named = (name: string) => tables.find((table) => table.name === name)!;

Deno.test("the page shows the scores of the last row's first seed, with intervals, and every subject", () => {
  const top = run.rows[2]!;
  const { uf1, uar } = score(top.predictions, run.classes);
  assertMatch(page, new RegExp(`<dt>UF1</dt>\\s*<dd>${uf1.toFixed(3)}</dd>`));
  assertMatch(page, new RegExp(`<dt>UAR</dt>\\s*<dd>${uar.toFixed(3)}</dd>`));
  const line = named("scores").rows.find(([, row, seed, part]) =>
    row === "all" && seed === 1 && part === "smic"
  )!;
  const smic = top.predictions.filter(({ database }) => database === "smic");
  assertEquals(line[5], {
    value: score(smic, run.classes).uf1,
    ...bootstrapInterval(smic, run.classes, { seed: "report" }).uf1,
  });
  const { rows } = named("subjects");
  const right = top.predictions.filter((p) => p.truth === p.prediction).length;
  assertEquals(rows.reduce((sum, [, , n]) => sum + Number(n), 0), right);
  assertEquals(rows.reduce((sum, [, , , n]) => sum + Number(n), 0), 48);
  const subjects = new Set(top.predictions.map((p) => `${p.database}/${p.subject}`));
  assertEquals(new Set(rows.map(([database, subject]) => `${database}/${subject}`)), subjects);
});

Deno.test("nothing that a run brings along is taken for markup, and there is no script", () => {
  assert(!/<script|<b>|<i>|\son\w+=/i.test(page.replaceAll(/<i (style|class)=/g, "")));
  assertStringIncludes(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
  assertStringIncludes(page, "A run &amp; its &lt;b&gt;report&lt;/b&gt;.");
  assertStringIncludes(page, "name: a\nnested:\n  - &lt;b&gt;"); // as it is: YAML's indents count
});

Deno.test("the page asks for nothing: every address in it is a fragment or data", () => {
  const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)].map((m) => m[1] ?? m[2]!);
  assertEquals(addresses.filter((a) => !a.startsWith("#") && !a.startsWith("data:")), []);
});

Deno.test("the same run gives the same page", () => {
  assertEquals(reportPage(run).page, page);
});

Deno.test("incomplete, shuffled and peeked runs are marked across the page, synthetic ones are not comparable", () => {
  assert(!page.includes('class="watermark"'));
  assert(!page.includes("Not comparable"));
  const marked = reportPage(handMadeRun({
    marks: [
      { kind: "incomplete", text: "3 of 16 folds." },
      { kind: "peeked", text: "looked." },
      { kind: "shuffled", text: "shuffled." },
      { kind: "synthetic", text: "Not real." },
    ],
    peeked: run.rows.map((row) => ({
      ...row,
      predictions: row.predictions.map((p) => ({ ...p, prediction: p.truth })),
    })),
  }));
  assertStringIncludes(marked.page, "<span>INCOMPLETE · PEEKED · SHUFFLED LABELS</span>");
  assertStringIncludes(marked.page, "Not comparable. 3 of 16 folds. looked. shuffled. Not real.");
  const peeked = marked.tables.find(({ name }) => name === "PEEKED")!;
  assertEquals(peeked.rows.map((row) => row[3]), [1, 1, 1, 1]); // perfect where it chose on the test clips
  const origin = marked.tables.find(({ name }) => name === "published")!.rows.map((row) => row[1]);
  assertEquals(
    new Set(origin),
    new Set(["paper, real data", "ours, this data (incomplete, peeked, shuffled, synthetic)"]),
  );
});

Deno.test("heat maps are all that is drawn of a clip; each mistake has its map", () => {
  const maps = page.match(/<svg class="heat"/g)!.length;
  assertEquals(maps, Math.min(12, named("mistakes").rows.length));
  assertEquals(page.match(/<image /g)!.length, maps);
});

Deno.test("over several seeds there are mean, deviation and interval of each row", () => {
  const uf1 = [0, 1].map((i) => score(run.rows[i]!.predictions, run.classes).uf1);
  const line = named("over-seeds").rows.find(([, row, , part]) => row === "lc" && part === "full")!;
  const mean = (uf1[0]! + uf1[1]!) / 2;
  const cell = line[4] as { value: number; low: number; high: number };
  assert(Math.abs(cell.value - mean) < 1e-12);
  assert(Math.abs((cell.high - cell.low) / 2 - 12.7062047 * Math.abs(uf1[0]! - uf1[1]!) / 2) < 1e-6); // t of one degree of freedom
});

Deno.test("a run without rows is refused", () => {
  assertThrows(() => reportPage(handMadeRun({ rows: [] })), RangeError, "no rows");
});

Deno.test("several runs: the scores of each, the tests of compareRuns(), subjects, what differs", () => {
  const other = handMadeRun({
    name: "other",
    settings: [["name", "b"], ["nested.0", "<b>"]],
    yaml: "name: b",
  });
  const { page, tables } = comparisonPage([run, other]);
  const table = (name: string) => tables.find((t) => t.name === name)!;
  const last = ({ name, rows, classes }: typeof run) => ({
    name,
    classes,
    seeds: rows.filter(({ row }) => row === "all"),
  });
  const [pair] = compareRuns([last(run), last(other)], { seed: "report" }).pairs;
  assertEquals(table("tests").rows[0]!.slice(2, 6), [
    pair!.mcnemar.pValue,
    pair!.mcnemar.holm,
    pair!.wilcoxon.pValue,
    pair!.wilcoxon.holm,
  ]);
  assertEquals(table("scores").rows.filter(([, , , part]) => part === "full").length, 4 + 2); // two seeds each, two chances
  assertEquals(table("pipelines").rows, [["name", "a", "b"]]);
  assertEquals(
    table("subjects").rows.length,
    new Set(run.rows[0]!.predictions.map((p) => `${p.database}/${p.subject}`)).size,
  );
  assert(!/<script|<b>|<i>/i.test(page.replaceAll(/<i (style|class)=/g, "")));
  assertThrows(() => comparisonPage([run]), RangeError, "found 1");
  assertThrows(() => comparisonPage([run, run]), RangeError, "two are named");
});

Deno.test("runs over different clips stand side by side without tests, and the page says why", () => {
  const fewer = handMadeRun({ name: "fewer" });
  const rows = fewer.rows.map((row) => ({ ...row, predictions: row.predictions.slice(1) }));
  const { page, tables } = comparisonPage([run, { ...fewer, rows }]);
  assertStringIncludes(page, "No differences and tests: ");
  assertEquals(tables.some(({ name }) => name === "tests"), false);
});
