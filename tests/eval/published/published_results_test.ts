import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  publishedGaps,
  type PublishedResult,
  publishedResults,
  readMegc2019Log,
  score,
} from "../../../eval/mod.ts";
import { ablationRows } from "../../../pipeline/mod.ts";
import file from "../../../eval/published/results.json" with { type: "json" };
import { realTest } from "../_real.ts";

Deno.test("every published figure is a share, has a source in words, and stands once", () => {
  const all = publishedResults();
  assertEquals(all.length, file.results.length);
  for (const { method, source, figures, marks, row } of all) {
    assert(source.includes(" "), `${method}: the source ${source} is a key`);
    const values = Object.values(figures).flatMap((part) => Object.values(part));
    assert(values.length > 0 && values.every((x) => x > 0 && x < 1), method);
    for (const { part, measure, byDefinition } of marks) {
      assert(figures[part]?.[measure] !== undefined, `${method}: a mark on no figure`);
      assert(byDefinition === undefined || byDefinition !== figures[part]?.[measure]);
    }
    if (row !== undefined) assert(row in ablationRows);
  }
  assertEquals(new Set(all.map(({ task, method }) => `${task} ${method}`)).size, all.length);
});

Deno.test("a task keeps its own figures: UF1 and UAR on the composite, accuracy and F1 on single databases", () => {
  const measures = (results: readonly PublishedResult[]) =>
    new Set(results.flatMap(({ figures }) => Object.values(figures)).flatMap((part) => Object.keys(part)));
  assertEquals([...measures(publishedResults("cde"))], ["uf1", "uar"]);
  for (const task of ["casme2-5", "smic-3", "samm-5"] as const) {
    const results = publishedResults(task);
    assertEquals([...measures(results)], ["accuracy", "macroF1"]);
    assert(results.some(({ row }) => row === "all"));
  }
});

Deno.test("the marks that FORMATS.md asks for are there", () => {
  const marked = publishedResults("cde").flatMap(({ method, marks, figures }) =>
    marks.map(({ part, measure, byDefinition }) => [method, part, figures[part]?.[measure], byDefinition])
  );
  assert(marked.some(([method, part, value]) => method === "LBP-TOP" && part === "smic" && value === 0.2));
  assert(marked.some(([, part, value, by]) => part === "full" && value === 0.7605 && by === 0.7186));
});

Deno.test("what is missing of the paper's tables is said: the ablation rows of Tables 2 and 3", () => {
  const rows = publishedResults().flatMap(({ row }) => row ?? []);
  assertEquals(new Set(rows), new Set(["all"])); // no other row has a source
  for (const table of ["2", "3"]) assert(publishedGaps.some((gap) => gap.table === table));
});

realTest("STSTNet's printed figures against its authors' own predictions", async (folder) => {
  const own = score(readMegc2019Log(await Deno.readTextFile(`${folder}/logs/STSTNet_logfile.txt`)), 3);
  const printed = publishedResults("cde").find(({ method }) => method.startsWith("STSTNet"))!;
  for (const [part, figures] of Object.entries(printed.figures)) {
    const found = part === "full" ? own : own.perDatabase[part]!;
    assertAlmostEquals(figures.uf1!, found.uf1, 5.1e-5);
    const precision = found.perClass.reduce((sum, c) => sum + c.precision, 0) / 3;
    assertAlmostEquals(figures.uar!, precision, 5.1e-5); // printed as UAR
    assertAlmostEquals(printed.marks.find((mark) => mark.part === part)!.byDefinition!, found.uar, 5.1e-5);
  }
});
