import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readCasme2, readCasme2Table } from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import { brief, casme2Header, frames, needsReal, plant, realTables, sheet, tableFile } from "./_databases.ts";

const row = (
  subject: string,
  clip: string,
  onset: unknown,
  apex: unknown,
  offset: unknown,
  label: unknown,
  au: unknown = 4,
) => [subject, clip, null, onset, apex, offset, null, au, label] as (string | number | null)[];
const clip = (subject: string, name: string, first: number, last: number) =>
  frames(first, last, (n) => `Cropped/${subject}/${name}/reg_img${n}.jpg`);
const table = "CASME2-coding-20140508.xlsx";

Deno.test("readCasme2: places onset, apex and offset by number, not as text", async () => {
  const root = await plant({
    [table]: sheet([casme2Header, row("01", "EP02_01f", 8, 10, 12, "happiness")]),
    ...clip("sub01", "EP02_01f", 6, 13),
  });
  const { samples } = await readCasme2(root);
  assertEquals(samples.length, 1);
  const { source, onset, apex, offset, apexOrigin, label, subject, fps } = samples[0]!;
  assertEquals([onset, apex, offset, apexOrigin, label, subject, fps], [
    2,
    4,
    6,
    "coded",
    "happiness",
    "sub01",
    200,
  ]);
  const names = source.kind === "images" ? source.files.map((file) => file.split("/").at(-1)) : [];
  assertEquals(names, [6, 7, 8, 9, 10, 11, 12, 13].map((n) => `reg_img${n}.jpg`));
});

Deno.test("readCasme2: odd rows keep their clip, with the midpoint where there is no apex, and are reported", async () => {
  const root = await plant({
    [table]: sheet([
      casme2Header,
      row("04", "EP12_01f", 1, "/", 9, "disgust"),
      row("05", "EP09_05f", 1, 1, 4, "disgust", "?"),
      row("06", "EP01_2", 1, 20, 4, "surprise"),
    ]),
    ...clip("sub04", "EP12_01f", 1, 9),
    ...clip("sub05", "EP09_05f", 1, 4),
    ...clip("sub06", "EP01_2", 1, 4),
  });
  const { samples, problems } = await readCasme2(root);
  assertEquals(samples.map(({ apex, apexOrigin }) => [apex, apexOrigin]), [[4, "midpoint"], [0, "coded"], [
    1,
    "midpoint",
  ]]);
  assertEquals(brief(problems), [
    `${table} edition`,
    "sub04/EP12_01f apex",
    "sub05/EP09_05f apex",
    "sub05/EP09_05f action units",
    "sub06/EP01_2 apex",
    "sub06/EP01_2 clip",
  ]);
});

Deno.test("readCasme2: what costs a clip is reported with the clip", async () => {
  const root = await plant({
    [table]: sheet([
      casme2Header,
      row("01", "EP01_01", 1, 2, 4, "happines"),
      row("01", "EP01_02", null, 2, 4, "happiness"),
      row("01", "EP01_03", 4, 2, 1, "happiness"),
      row("01", "EP01_04", 1, 2, 4, "happiness"),
      row("01", "EP01_05", 1, 2, 40, "happiness"),
      row("01", "EP01_06", 1, 2, 4, "happiness"),
      row("01", "EP01_06", 1, 3, 4, "happiness"),
      row("01", "EP01_07", 1, 2, 4, null),
      [null, null, null, 1, 2, 4, null, null, "happiness"],
    ]),
    ...clip("sub01", "EP01_01", 1, 4),
    ...clip("sub01", "EP01_02", 1, 4),
    ...clip("sub01", "EP01_03", 1, 4),
    ...clip("sub01", "EP01_05", 1, 4),
    ...clip("sub01", "EP01_06", 1, 4),
    ...clip("sub01", "EP01_07", 1, 4),
    ...clip("sub01", "EP99_99", 1, 4),
  });
  const { samples, problems } = await readCasme2(root);
  assertEquals(samples, []);
  assertEquals(brief(problems).filter((text) => text.endsWith("dropped")), [
    "sub01/EP01_06 row dropped",
    `${table} row 10 subject dropped`,
    "sub01/EP01_01 label dropped",
    "sub01/EP01_02 frames dropped",
    "sub01/EP01_03 frames dropped",
    "sub01/EP01_04 folder dropped",
    "sub01/EP01_05 frames dropped",
    "sub01/EP01_07 label dropped",
    "sub01/EP99_99 row dropped",
  ]);
});

Deno.test("readCasme2: missing frames, odd names, hidden files, folder case and a repeated row", async () => {
  const root = await plant({
    [table]: sheet([
      casme2Header,
      row("01", "EP01_01", 1, 4, 6, "happiness"),
      row("01", "EP01_01", 1, 4, 6, "happiness"),
      row("02", "ep01_02F", 1, 2, 4, "fear"),
    ]),
    ...clip("sub01", "EP01_01", 2, 6),
    "Cropped/sub01/EP01_01/Thumbs.db": null,
    "Cropped/sub01/EP01_01/.DS_Store": null,
    "Cropped/sub01/EP01_01/cover.jpg": null,
    ...clip("SUB02", "EP01_02f", 1, 4),
  });
  const { samples, problems } = await readCasme2(root);
  assertEquals(samples.map(({ clip, onset, apex, offset }) => [clip, onset, apex, offset]), [
    ["EP01_01", 0, 2, 4], // onset 1 is missing: 2 stands for it
    ["ep01_02F", 0, 1, 3],
  ]);
  assertEquals(brief(problems), [
    `${table} edition`,
    "sub01/EP01_01 row",
    "sub01/EP01_01 frames",
    "sub01/EP01_01 frames",
  ]);
  assertStringIncludes(problems[2]!.found, "cover.jpg");
  assertEquals(problems[3]!.found, "frame 1 is missing");
});

Deno.test("readCasme2: cropped frames before raw ones, and either by name", async () => {
  const root = await plant({
    [table]: sheet([casme2Header, row("01", "EP01_01", 1, 2, 4, "happiness")]),
    ...clip("sub01", "EP01_01", 1, 4),
    ...frames(1, 9, (n) => `CASME2_RAW_selected/sub01/EP01_01/img${n}.jpg`),
  });
  const count = async (options = {}) => {
    const { source } = (await readCasme2(root, options)).samples[0]!;
    return source.kind === "images" && source.files.length;
  };
  assertEquals(await count(), 4);
  assertEquals(await count({ frames: "casme2_raw_selected" }), 9);
  await assertRejects(() => count({ frames: "Raw" }), UserError, "no folder named Raw");
});

Deno.test("readCasme2: says what is missing and what to do", async () => {
  await assertRejects(() => readCasme2("/no/such/folder"), UserError, "does not exist");
  await assertRejects(async () => readCasme2(await plant({})), UserError, "coding table was not found");
  const rows = sheet([casme2Header, row("01", "EP01_01", 1, 2, 4, "happiness")]);
  await assertRejects(
    async () => readCasme2(await plant({ [table]: rows })),
    UserError,
    "no folder of a subject",
  );
  const both = { [table]: rows, "CASME2-coding-20190701.xlsx": rows, ...clip("sub01", "EP01_01", 1, 4) };
  const root = await plant(both);
  await assertRejects(() => readCasme2(root), UserError, "2 coding tables");
  assertEquals((await readCasme2(root, { table: `${root}/${table}` })).samples.length, 1);
});

Deno.test("readCasme2Table: blank columns, none, moved columns and csv read the same", async () => {
  const cells = [["01", "EP02_01f", 46, 59, 86, "4+L10", "Happiness"], [
    "26",
    "EP18_51",
    21,
    64,
    81,
    4,
    "disgust",
  ]];
  const header = [
    "Subject",
    "Filename",
    "OnsetFrame",
    "ApexFrame",
    "OffsetFrame",
    "Action Units",
    "Estimated Emotion",
  ];
  const order = [6, 3, 1, 5, 0, 4, 2];
  const moved = [header, ...cells].map((line) => order.map((i) => line[i]!));
  const texts = [header, ...cells].map((line) => line.join(",")).join("\r\n");
  const spread = cells.map(([a, b, c, d, e, f, g]) => [a!, b!, null, c!, d!, e!, null, f!, g!]);
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...texts].flatMap((c) => [c.charCodeAt(0), 0])]);
  const files = [
    await tableFile(sheet([header, ...cells])),
    await tableFile(sheet([casme2Header, ...spread])),
    await tableFile(sheet([["a title"], [], ...moved])),
    await tableFile(texts, "csv"),
    await tableFile("\ufeff" + texts.replaceAll(",", ";"), "csv"),
    await tableFile(texts.replace("01,EP", "1,EP"), "csv"), // a spreadsheet program ate the zero
    await tableFile(utf16, "csv"),
  ];
  const readings = await Promise.all(files.map(readCasme2Table));
  for (const { rows } of readings) {
    assertEquals(rows.map(({ line: _, ...rest }) => rest), [
      {
        subject: "sub01",
        clip: "EP02_01f",
        onset: 46,
        apex: 59,
        offset: 86,
        label: "happiness",
        actionUnits: "4+L10",
      },
      {
        subject: "sub26",
        clip: "EP18_51",
        onset: 21,
        apex: 64,
        offset: 81,
        label: "disgust",
        actionUnits: "4",
      },
    ]);
  }
  assertEquals(readings.map(({ rows }) => rows[0]!.line), [2, 2, 4, 2, 2, 2, 2]);
});

Deno.test("readCasme2Table: refuses a table without a column, with a column twice, and what is no table", async () => {
  const header = casme2Header.filter((cell) => cell !== null);
  const line = ["01", "EP01_01", 1, 2, 3, 4, "fear"];
  const without = (name: string) => sheet([header.filter((cell) => cell !== name), line]);
  for (const name of ["Subject", "ApexFrame", "Estimated Emotion"]) {
    const file = await tableFile(without(name));
    const error = await assertRejects(() => readCasme2Table(file), UserError, name);
    assertStringIncludes(error.message, file);
  }
  const twice = await tableFile(sheet([[...header, "Onset Frame"], [...line, 3]]));
  await assertRejects(() => readCasme2Table(twice), UserError, "comes 2 times");
  await assertRejects(
    async () => readCasme2Table(await tableFile(sheet([header]))),
    UserError,
    "no clip below",
  );
  await assertRejects(async () => readCasme2Table(await tableFile("")), UserError, "is empty");
  await assertRejects(() => readCasme2Table("/no/table.xlsx"), UserError, "/no/table.xlsx");
  const cut = sheet([header, line]).subarray(0, 500);
  await assertRejects(async () => readCasme2Table(await tableFile(cut)), UserError, "not a whole .xlsx");
  const old = new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]);
  await assertRejects(async () => readCasme2Table(await tableFile(old)), UserError, "old .xls");
});

Deno.test("readCasme2Table: another database's table is refused, a single odd name reported", async () => {
  const samm = await tableFile(sheet([casme2Header, row("006", "006_1_2", 1, 2, 3, "Anger")]));
  await assertRejects(
    () => readCasme2Table(samm),
    UserError,
    "its clips (006_1_2) are not named like those of CASME II",
  );
  const odd = await tableFile(
    sheet([
      casme2Header,
      row("1", "EP01_1", 1, 2, 3, "fear"),
      row("1", "Ep1", 1, 2, 3, "fear"),
      row("1", "x", 1, 2, 3, "fear"),
    ]),
  );
  assertEquals(brief((await readCasme2Table(odd)).problems).slice(1), ["sub01/x clip"]);
});

Deno.test("readCasme2Table: a formula counts with its value, and is named without one", async () => {
  const lost = { formula: "D2+40", value: null }, kept = { formula: "D3+40", value: 86 };
  const file = await tableFile(sheet([
    casme2Header,
    ["01", "EP01_01", null, 46, 59, lost, null, 12, "happiness"],
    ["01", "EP01_02", null, 46, 59, kept, null, 12, "happiness"],
  ]));
  const { rows, problems } = await readCasme2Table(file);
  assertEquals(rows.map((entry) => entry.offset), [null, 86]);
  assertEquals(brief(problems).slice(1), ["sub01/EP01_01 offset"]);
  assertStringIncludes(problems[1]!.found, "=D2+40");
});

Deno.test({
  name: `readCasme2Table: the real table of 2014, odd rows by name${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const { edition, rows, problems } = await readCasme2Table(`${realTables}/CASME2-coding-20140508.xlsx`);
    assertEquals(edition, "CASME II of 2014-05-08: 255 clips of 26 subjects");
    assertEquals([rows.length, new Set(rows.map((entry) => entry.subject)).size], [255, 26]);
    assertEquals(rows.filter((entry) => entry.label !== "fear" && entry.label !== "sadness").length, 246);
    assertEquals(rows.filter((entry) => entry.apex === null).map((entry) => entry.clip), ["EP12_01f"]);
    for (const name of ["EP01_2", "EP08_1", "EP09f", "EP06_02_01"]) {
      assertEquals(rows.filter((entry) => entry.clip === name).length, 1, name);
    }
    const unknown = ["05/EP05_03", "05/EP07_01", "05/EP13_04f", "19/EP11_01f", "26/EP13_01"];
    const ends = ["05/EP16_04f", "12/EP09_06", "20/EP16_01", "25/EP18_04f"]; // the apex is the last frame
    const expected = [
      ...["04/EP12_01f", "05/EP09_05f", ...ends].map((clip) => `sub${clip} apex`),
      ...unknown.map((clip) => `sub${clip} action units`),
      ...["03/EP01_2", "03/EP08_1", "07/EP06_02_01", "09/EP09f"].map((clip) => `sub${clip} clip`),
      ...["07/EP06_01", "12/EP09_02", "16/EP01_08"].map((clip) => `sub${clip} onset, offset`),
    ];
    assertEquals(brief(problems).sort(), expected.sort());
  },
});
