import { assertEquals } from "@std/assert";
import { type DataTable, tableCsv, tableJson, tableLatex } from "../../../eval/report/mod.ts";

const table: DataTable = {
  name: "scores",
  caption: "Scores",
  columns: [
    { key: "name", title: "Row" },
    { key: "n", title: "n", kind: "count" },
    { key: "uf1", title: "UF1", kind: "score" },
  ],
  rows: [
    ['L_s, "both"', 442, { value: 1 / 3, low: 0.25, high: 0.5 }],
    ["chance", undefined, 0.1234],
    ["none", 0, NaN],
  ],
};

Deno.test("tableCsv() keeps full precision, quotes, and gives a column with intervals three", () => {
  assertEquals(
    tableCsv(table),
    'name,n,uf1,uf1_low,uf1_high\n"L_s, ""both""",442,0.3333333333333333,0.25,0.5\nchance,,0.1234,,\nnone,0,,,\n',
  );
});

Deno.test("tableJson() gives rows by key, null where there is nothing", () => {
  assertEquals(tableJson(table).rows, [
    { name: 'L_s, "both"', n: 442, uf1: { value: 1 / 3, low: 0.25, high: 0.5 } },
    { name: "chance", n: null, uf1: 0.1234 },
    { name: "none", n: 0, uf1: null },
  ]);
});

Deno.test("tableLatex() writes rows for a tabular", () => {
  assertEquals(
    tableLatex(table),
    [
      "% Row & n & UF1",
      String.raw`$L_{s}$, \textquotedbl{}both\textquotedbl{} & 442 & 0.333 {[}0.250, 0.500{]} \\`,
      String.raw`chance & -- & 0.123 \\`,
      String.raw`none & 0 & -- \\`,
      "",
    ].join("\n"),
  );
});
