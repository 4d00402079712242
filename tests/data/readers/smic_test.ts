import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readSmic, readSmicTable, writeXlsx } from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import { brief, frames, needsReal, plant, realTables, sheet, smicHeader, tableFile } from "./_databases.ts";

type Cell = string | number | null;
const row = (
  clip: string,
  onset: number,
  offset: number,
  label: Cell,
  more: Partial<Record<number, Cell>> = {},
) =>
  smicHeader.map((_, i): Cell =>
    i in more ? more[i]! : [
      Number(/\d+/.exec(clip)![0]),
      clip,
      null,
      onset,
      offset,
      null,
      null,
      null,
      onset - 50,
      offset + 50,
      offset - onset + 1,
      null,
      200,
      label,
    ][i] as Cell
  );
const cropped = (clip: string, word: string, first: number, last: number) =>
  frames(
    first,
    last,
    (n) => `SMIC_all_cropped/HS/${clip.split("_")[0]}/micro/${word}/${clip}/reg_image${n}.bmp`,
  );
const table = "SMIC-HS-E_annotation.xlsx";

Deno.test("readSmic: a cropped clip is its whole folder, apex the midpoint, with and without the table", async () => {
  const clips = {
    ...cropped("s1_ne_01", "negative", 98, 104),
    ...cropped("s20_sur_05", "surprise", 17581039, 17581041),
  };
  const bare = await readSmic(await plant(clips));
  assertEquals(
    bare.samples.map((
      { subject, clip, label, onset, apex, offset, apexOrigin, fps },
    ) => [subject, clip, label, onset, apex, offset, apexOrigin, fps]),
    [
      ["s1", "s1_ne_01", "negative", 0, 3, 6, "midpoint", 100],
      ["s20", "s20_sur_05", "surprise", 0, 1, 2, "midpoint", 100],
    ],
  );
  assertEquals(bare.problems, []);
  const root = await plant({
    ...clips,
    [table]: sheet([smicHeader, row("s1_ne_01", 98, 104, "negative")], "HS"),
  });
  const full = await readSmic(root);
  assertEquals(full.samples.map(({ clip }) => clip), ["s1_ne_01", "s20_sur_05"]);
  assertEquals(brief(full.problems), [`${table} edition`, "s20/s20_sur_05 row"]);
});

Deno.test("readSmic: the label that two of folder, name and table agree on; a tie is left out", async () => {
  const rows = [smicHeader, row("s18_sur_03", 1, 4, "negative"), row("s2_po_01", 1, 4, "positive")];
  const root = await plant({
    ...cropped("s18_sur_03", "surprise", 1, 4),
    ...cropped("s2_po_01", "negative", 1, 4),
    ...cropped("s3_ne_01", "positive", 1, 4),
    [table]: sheet(rows, "HS"),
  });
  const { samples, problems } = await readSmic(root, { corrections: false });
  assertEquals(samples.map(({ clip, label }) => [clip, label]), [["s2_po_01", "positive"], [
    "s18_sur_03",
    "surprise",
  ]]);
  assertEquals(brief(problems).filter((text) => text.includes("label")), [
    "s18/s18_sur_03 label",
    "s2/s2_po_01 label",
    "s3/s3_ne_01 label dropped",
    "s18/s18_sur_03 label",
  ]);
});

Deno.test("readSmic: long clips take onset and offset from the table, and are left out without a row", async () => {
  const long = (clip: string) => frames(5, 30, (n) => `HS_long/SMIC_HS_E/s04/${clip}/image${n}.jpg`);
  const root = await plant({
    ...long("s4_ne_01"),
    ...long("s4_ne_02"),
    [table]: sheet([smicHeader, row("s4_ne_01", 10, 20, "negative")], "HS"),
  });
  const { samples, problems } = await readSmic(root);
  assertEquals(samples.map(({ clip, onset, apex, offset }) => [clip, onset, apex, offset]), [[
    "s4_ne_01",
    5,
    10,
    15,
  ]]);
  assertEquals(brief(problems).slice(1), ["s4/s4_ne_02 row dropped"]);
});

Deno.test("readSmic: the other cameras are other databases", async () => {
  const vis = frames(1, 5, (n) => `SMIC_all_cropped/VIS/s20/micro/negative/s20_ne_01/image${n}.bmp`);
  const root = await plant({ ...cropped("s1_ne_01", "negative", 1, 4), ...vis });
  assertEquals((await readSmic(root)).samples.map(({ clip }) => clip), ["s1_ne_01"]);
  const other = (await readSmic(root, { camera: "VIS" })).samples;
  assertEquals(other.map(({ clip, fps }) => [clip, fps]), [["s20_ne_01", 25]]);
  await assertRejects(() => readSmic(root, { camera: "NIR" }), UserError, "camera NIR");
});

Deno.test("readSmic: clips of NIR are read beside the table of the other cameras, which is told; a table that was named is not passed over", async () => {
  const rows = [smicHeader, row("s20_ne_01", 100, 130, "negative")];
  const root = await plant({
    ...frames(1, 5, (n) => `SMIC_all_cropped/NIR/s20/micro/negative/s20_ne_01/image${n}.bmp`),
    [table]: writeXlsx([{ name: "HS", rows }, { name: "VIS", rows }]),
  });
  const { samples, problems, edition } = await readSmic(root, { camera: "NIR" });
  assertEquals(samples.map(({ clip, label, offset }) => [clip, label, offset]), [[
    "s20_ne_01",
    "negative",
    4,
  ]]);
  assertEquals(problems.map(({ clip, field, found }) => [clip, field, found]), [[
    table,
    "sheet",
    "none of NIR",
  ]]);
  assertStringIncludes(edition, "without a table");
  await assertRejects(
    () => readSmic(root, { camera: "NIR", table: `${root}/${table}` }),
    UserError,
    "it has no sheet NIR, only HS, VIS",
  );
});

Deno.test("readSmic: a difference between table and folder is reported, the folder believed", async () => {
  const root = await plant({
    ...cropped("s1_ne_01", "negative", 100, 120),
    [table]: sheet(
      [smicHeader, row("s1_ne_01", 100, 130, "negative"), row("s1_ne_09", 1, 9, "negative")],
      "HS",
    ),
  });
  const { samples, problems } = await readSmic(root);
  assertEquals(samples[0]!.offset, 20);
  assertEquals(brief(problems).slice(1), ["s1/s1_ne_01 frames", "s1/s1_ne_09 folder dropped"]);
});

Deno.test("readSmicTable: odd cells are named; the sheet is the camera's", async () => {
  const rows = [
    smicHeader,
    row("s20_ne_06", 100, 120, "negative", { 5: 140, 6: 160 }),
    row("s1_ne_03", 5000, 5020, "negative", { 8: 100, 9: 800 }),
    row("s3_ne_20", 100, 120, "negative", { 8: "MISSING <-100", 9: null, 12: null }),
  ];
  const bytes = writeXlsx([
    { name: "VIS", rows: [smicHeader, row("s20_ne_01", 25, 30, "negative")] },
    { name: "HS", rows },
  ]);
  const file = await tableFile(bytes);
  const hs = await readSmicTable(file);
  assertEquals(hs.rows.map(({ clip, onset, apex, offset }) => [clip, onset, apex, offset]), [
    ["s20_ne_06", 100, null, 120],
    ["s1_ne_03", 5000, null, 5020],
    ["s3_ne_20", 100, null, 120],
  ]);
  assertEquals(brief(hs.problems).slice(1), [
    "s20/s20_ne_06 Onset2F",
    "s1/s1_ne_03 onset",
    "s3/s3_ne_20 FirstF",
  ]);
  assertEquals((await readSmicTable(file, { camera: "VIS" })).rows.map(({ onset }) => onset), [25]);
});

Deno.test("readSmicTable: formulas across sheets count with their values and are named without them", async () => {
  const cell = (value: number | null) => ({ formula: "100*(VIS!D2-VIS!I2)/25", value });
  const line = (clip: string, onset: number | null) =>
    smicHeader.map((_, i) =>
      [1, clip, null, cell(onset), 120, null, null, null, null, null, null, null, null, "negative"][i]!
    );
  const { rows, problems } = await readSmicTable(
    await tableFile(sheet([smicHeader, line("s1_ne_01", 100), line("s1_ne_02", null)], "HS")),
  );
  assertEquals(rows.map(({ onset }) => onset), [100, null]);
  assertEquals(brief(problems).slice(1), ["s1/s1_ne_02 onset"]);
  assertStringIncludes(problems[1]!.found, "VIS!D2");
});

Deno.test({
  name: `readSmicTable: the real table, odd rows by name${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const { edition, rows, problems } = await readSmicTable(`${realTables}/${table}`);
    assertEquals(edition, "SMIC-HS: 162 clips of 16 subjects");
    assertEquals([rows.length, new Set(rows.map((entry) => entry.subject)).size], [162, 16]);
    assertEquals(rows.every(({ onset, offset }) => onset !== null && offset !== null), true);
    assertEquals(brief(problems), [
      "s20/s20_ne_06 Onset2F",
      "s20/s20_ne_09 Onset2F",
      "s20/s20_sur_02 Onset2F",
      "s18/s18_ne_01 Onset2F",
      "s18/s18_sur_03 Onset2F",
      "s18/s18_sur_03 label",
      "s1/s1_ne_03 onset",
      "s3/s3_ne_20 FirstF",
      "s1/s1_ne_02 row",
      "s2/s2_sur_05 row",
    ]);
    const vis = await readSmicTable(`${realTables}/${table}`, { camera: "VIS" });
    assertEquals(vis.edition, "SMIC-VIS: 71 clips of 8 subjects");
  },
});

Deno.test({
  name: `readSmicTable: a copy of the real table that lost its formulas' values names each${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const parts = unzipSync(await Deno.readFile(`${realTables}/${table}`));
    let lost = 0;
    const name = "xl/worksheets/sheet1.xml";
    const xml = strFromU8(parts[name]!).replace(
      /(<c [^>]*>)(<f[^>]*(?:\/>|>[^<]*<\/f>))<v>[^<]*<\/v>/g,
      (_, tag, formula) => {
        lost++;
        return tag + formula;
      },
    );
    const file = await tableFile(zipSync({ ...parts, [name]: strToU8(xml) }));
    const { rows, problems } = await readSmicTable(file);
    assertEquals(rows.length, 162);
    assertEquals(lost > 200, true);
    assertEquals(problems.filter((problem) => problem.found.startsWith("the formula =")).length, lost);
  },
});
