import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { applyCorrections, type Correction, readCorrections, type TableReading } from "../../data/mod.ts";
import { UserError } from "../../types.ts";
import { tableFile } from "./readers/_databases.ts";

const table: TableReading = {
  database: "casme2",
  edition: "test",
  rows: [
    {
      line: 2,
      subject: "sub01",
      clip: "EP01",
      onset: 1,
      apex: null,
      offset: 9,
      label: "fear",
      actionUnits: "",
    },
    { line: 3, subject: "sub02", clip: "EP01", onset: 1, apex: 2, offset: 9, label: "fear", actionUnits: "" },
  ],
  problems: [],
};
const fix = (clip: string, field: Correction["field"], from: string, to: string): Correction => ({
  clip,
  field,
  from,
  to,
  reason: "seen on the frames",
  source: "frames on disk",
});

Deno.test("applyCorrections: changes the named cell only, and reports it", () => {
  const fixes = [
    fix("sub01/EP01", "apex", "", "5"),
    fix("sub02/EP01", "label", "fear", "sadness"),
    fix("sub09/EP01", "apex", "1", "2"),
  ];
  const { rows, problems } = applyCorrections(table, fixes);
  assertEquals(rows.map(({ apex, label, offset }) => [apex, label, offset]), [[5, "fear", 9], [
    2,
    "sadness",
    9,
  ]]);
  assertEquals(problems.map(({ clip, field, found, dropped }) => [clip, field, found, dropped]), [
    ["sub01/EP01", "apex", "blank", false],
    ["sub02/EP01", "label", "fear", false],
  ]);
  assertEquals(table.rows[0]!.apex, null);
});

Deno.test("applyCorrections: fails where from does not match, unless the table is right already", () => {
  assertThrows(
    () => applyCorrections(table, [fix("sub02/EP01", "apex", "3", "4")]),
    UserError,
    'expects "3", but the table says "2"',
  );
  assertEquals(applyCorrections(table, [fix("sub02/EP01", "apex", "3", "2")]), table);
  const lenient = applyCorrections(table, [fix("sub02/EP01", "apex", "3", "4")], { strict: false });
  assertEquals([lenient.rows[1]!.apex, lenient.problems.length], [2, 1]);
});

Deno.test("readCorrections: refuses lines that cannot be reviewed", async () => {
  const head = "clip,field,from,to,reason,source\n";
  const refused = (text: string, words: string) =>
    assertRejects(async () => readCorrections(await tableFile(text, "csv")), UserError, words);
  await refused("clip,from,to\n", "first line must be");
  await refused("", "first line must be");
  await refused(`${head}EP01,apex,1,2,r,s\n`, "names no clip");
  await refused(`${head}a/b,colour,1,2,r,s\n`, '"colour"');
  await refused(`${head}a/b,apex,1,x,r,s\n`, "no frame number");
  await refused(`${head}a/b,label,x,,r,s\n`, "does not say");
  await refused(`${head}a/b,apex,1,2,,s\n`, "no reason");
  await refused(`${head}a/b,apex,1,2,r,\n`, "no source");
  await refused(
    `${head}a/b,apex,1,2,r,s\na/b,apex,2,3,r,s\n`,
    "line 3 corrects the apex of a/b a second time",
  );
});

Deno.test("the package's corrections can all be read", async () => {
  const count = async (name: string) =>
    (await readCorrections(new URL(`../../data/corrections/${name}.csv`, import.meta.url))).length;
  assertEquals([await count("casme2"), await count("samm"), await count("smic")], [0, 1, 1]);
});
