// Tables as users have them: other editions, other databases, columns moved or lost, cells that a spreadsheet program or a script changed.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import {
  type CheckReport,
  checkTable,
  readCasme2Table,
  type TableName,
  writeXlsx,
  type XlsxCell,
} from "../../../data/mod.ts";
import { readSheets } from "../../../data/_table.ts";
import { UserError } from "../../../types.ts";
import { needsReal, realTables, sheet, tableFile } from "../readers/_databases.ts";
import {
  casme2Counts,
  casme2Rows,
  checkRows,
  csv,
  eachRow,
  renamed,
  type Rows,
  sammRows,
  smicRows,
  swapped,
} from "./_look_alikes.ts";

const two = (n: number) => String(n).padStart(2, "0");
const total = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b);
/** `clip field: found` of each problem. */
const told = ({ problems }: CheckReport) =>
  problems.map(({ clip, field, found }) => `${clip} ${field}: ${found}`);

async function refused(
  name: TableName,
  content: Rows | string,
  parts: readonly string[],
  options = {},
): Promise<void> {
  const error = await assertRejects(() => checkRows(name, content, options), UserError);
  for (const part of parts) assertStringIncludes(error.message, part);
  assert(!error.message.includes("\n") && error.exitCode === 1);
}

Deno.test("checkTable: the editions of CASME II by their counts", async () => {
  const without = ({ sadness: _, fear: __, ...five }: Record<string, number>) => five;
  const of2019 = { ...casme2Counts, surprise: 28, sadness: 4 };
  const original = { others: 102, disgust: 60, happiness: 33, repression: 27, surprise: 25 };
  const cases: [Record<string, number>, string][] = [
    [of2019, "CASME II of 2019: 255 clips of 26 subjects"],
    [without(casme2Counts), "five-class set of 246 clips (2014): 246 clips of 26 subjects"],
    [original, "five-class set of 247 clips (original paper): 247 clips of 26 subjects"],
    [without(of2019), "five-class set of 249 clips (2019): 249 clips of 26 subjects"],
  ];
  for (const [counts, edition] of cases) {
    const report = await checkRows("casme2", casme2Rows(counts));
    assertEquals([report.edition, report.clips, report.subjects, report.labels], [
      edition,
      total(counts),
      26,
      counts,
    ]);
    assertEquals(told(report).filter((text) => text.includes("edition")), []);
  }
});

Deno.test("checkTable: an edition by its size and columns says where its counts depart", async () => {
  const odd = { ...casme2Counts, surprise: 27, sadness: 5 };
  const report = await checkRows("casme2", casme2Rows(odd, ["Objective Classes"]));
  assertEquals(report.edition, "CASME II of 2019: 255 clips of 26 subjects");
  assertEquals(report.problems[0]!.field, "edition");
  assertStringIncludes(report.problems[0]!.remedy, "surprise 27 (published 28), sadness 5 (published 4)");
  const { edition, problems } = await checkRows("casme2", casme2Rows({ ...casme2Counts, others: 40 }));
  assertEquals(edition, "unknown edition: 196 clips of 26 subjects");
  assertStringIncludes(problems[0]!.remedy, "clips 196 (published 255), others 40 (published 99)");
});

Deno.test("checkTable: equal counts do not make a table genuine", async () => {
  for (
    const [name, rows] of [["casme2", casme2Rows()], ["samm", sammRows()], ["smic", smicRows("HS")]] as const
  ) {
    const { edition, problems } = await checkRows(name, rows);
    assertStringIncludes(edition, "unknown edition");
    assertEquals(problems[0]!.field, "edition");
    assertStringIncludes(problems[0]!.remedy, "but many rows are not");
  }
});

Deno.test("checkTable: another database's table is refused by name", async () => {
  await refused("casme2", sammRows(), ["006_1_1", "CASME II", "looks like the table of SAMM"]);
  await refused("samm", casme2Rows(), ["SAMM", "looks like the table of CASME II"]);
  await refused("casme2", smicRows("HS"), ["ApexFrame", "looks like the table of SMIC"]);
  await refused("smic", casme2Rows(), ["SMIC", "looks like the table of CASME II"]);
  const list = "casme2,sub01,EP01_01,0\nsmic,s01,s01_ne_01,0\nsamm,6,006_1_2,0\nsamm,6,006_1_3,0\n";
  for (const name of ["casme2", "samm", "smic"] as const) {
    await refused(name, list, ["looks like the table of the MEGC2019 composite's list"]);
  }
});

Deno.test("checkTable: SAMM's long videos are refused; macro-expressions in a sheet beside or among the others are left out", async () => {
  const header = [
    "Subject",
    "Filename",
    "Inducement Code",
    "Onset",
    "Apex",
    "Offset",
    "Duration",
    "Type",
    "Action Units",
    "Notes",
  ];
  const long = Array.from(
    { length: 20 },
    (
      _,
      i,
    ): XlsxCell[] => [
      "006",
      `006_1_${i}`,
      1,
      i * 50,
      i * 50 + 5,
      i * 50 + 20,
      21,
      i % 2 ? "Macro" : "Micro - 1/2",
      4,
    ],
  );
  await refused("samm", [header, ...long], ["Estimated Emotion", "SAMM Long Videos"]);
  const macro = long.map((
    row,
    i,
  ): XlsxCell[] => [...row.slice(0, 1), `006_9_${i}`, ...row.slice(2, 7), "Macro", 4, null]);
  const both = [...sammRows(), ...macro];
  const workbook = writeXlsx([{ name: "MICRO_AND_MACRO", rows: both }, {
    name: "MICRO_ONLY",
    rows: sammRows(),
  }]);
  assertEquals((await checkRows("samm", workbook)).clips, 159);
  const { clips, problems } = await checkRows("samm", both);
  assertEquals([clips, problems.filter(({ found }) => found === "Macro").length], [159, 20]);
});

Deno.test("checkTable: a workbook with two sheets that fit is refused, empty sheets and their order do not matter", async () => {
  const two = writeXlsx([{ name: "Sheet1", rows: casme2Rows() }, { name: "old", rows: casme2Rows() }]);
  await assertRejects(() => checkRows("casme2", two), UserError, "Sheet1 and old both fit");
  const last = writeXlsx([{ name: "a", rows: [] }, { name: "b", rows: [["notes"]] }, {
    name: "c",
    rows: casme2Rows(),
  }]);
  assertEquals((await checkRows("casme2", last)).clips, 255);
});

Deno.test("checkTable: SMIC's cameras are told apart by sheet, by columns and by counts", async () => {
  const both = writeXlsx([{ name: "VIS", rows: smicRows("VIS") }, { name: "HS", rows: smicRows("HS") }]);
  assertEquals((await checkRows("smic", both)).clips, 162);
  assertEquals((await checkRows("smic", both, { camera: "VIS" })).clips, 71);
  await assertRejects(
    () => checkRows("smic", both, { camera: "NIR" }),
    UserError,
    "it has no sheet NIR, only VIS, HS",
  );
  const only = writeXlsx([{ name: "VIS", rows: smicRows("VIS") }]);
  await assertRejects(() => checkRows("smic", only), UserError, "it has no sheet HS, only VIS");
  await refused("smic", csv(smicRows("VIS")), ["71 clips of 8 subjects", "camera VIS or NIR"]);
  await refused("smic", csv(smicRows("HS")), ["162 clips of 16 subjects", "camera HS"], { camera: "VIS" });
  const nir = await checkRows("smic", csv(smicRows("VIS")), { camera: "NIR" });
  assertEquals([nir.edition, nir.problems.some(({ field }) => field === "edition")], [
    "SMIC-NIR: 71 clips of 8 subjects",
    false,
  ]);
});

Deno.test("checkTable: columns under wrong headers are refused with what does not fit", async () => {
  const headers = (a: string, b: string) => ({ [a]: b, [b]: a });
  const of = "of 255 rows";
  await refused("casme2", renamed(casme2Rows(), headers("OnsetFrame", "OffsetFrame")), [
    `255 ${of} the onset is not before the offset`,
  ]);
  await refused("casme2", renamed(casme2Rows(), headers("OnsetFrame", "ApexFrame")), [
    `255 ${of} the apex lies outside`,
  ]);
  await refused("casme2", renamed(casme2Rows(), headers("ApexFrame", "OffsetFrame")), [
    `255 ${of} the apex lies outside`,
  ]);
  await refused("casme2", renamed(casme2Rows(), headers("Action Units", "Estimated Emotion")), [
    `255 ${of} the label is none of`,
  ]);
  await refused("casme2", renamed(casme2Rows(), headers("Subject", "Filename")), [
    `255 ${of} the column Subject names no subject`,
  ]);
  await refused("casme2", renamed(casme2Rows(), headers("ApexFrame", "Estimated Emotion")), [
    `255 ${of} the column ApexFrame holds no frame number`,
  ]);
  for (const frame of ["OnsetFrame", "ApexFrame", "OffsetFrame"]) {
    await refused("casme2", renamed(casme2Rows(), headers("Subject", frame)), ["of 255 rows"]);
    await refused("casme2", renamed(casme2Rows(), headers("Action Units", frame)), ["of 255 rows"]);
  }
  await refused("casme2", swapped(casme2Rows(), 3, 8), [
    `255 ${of} the column OnsetFrame holds no frame number`,
  ]);
  // The offset less the duration is the onset, so that nothing but the length tells.
  await refused("samm", renamed(sammRows(), headers("Duration", "Onset Frame")), [
    "of 159 rows",
    "longer than any micro-expression",
  ]);
  await refused("samm", renamed(sammRows(), headers("Duration", "Inducement Code")), [
    "159 of 159 rows duration does not fit",
  ]);
  await refused("smic", renamed(smicRows("HS"), headers("OnsetF", "FirstF")), [
    "of 162 rows TotalMF1 does not fit",
  ]);
  await refused("smic", renamed(smicRows("HS"), headers("TotalMF1", "TotalVL")), [
    "of 162 rows TotalMF1 does not fit",
  ]);
  // The data one column to the right of their headers.
  await refused("casme2", eachRow(casme2Rows(), (row) => [null, ...row]), [
    "the column Subject names no subject",
    "blank",
  ]);
});

Deno.test("checkTable: of a row that comes twice in other case, with other contents, neither counts as read", async () => {
  const rows = casme2Rows(), again = [...rows[1]!];
  again[1] = String(again[1]).toLowerCase();
  again[8] = again[8] === "fear" ? "others" : "fear";
  const { problems } = await checkRows("casme2", [...rows, again]);
  const twice = problems.filter(({ field }) => field === "row");
  // Readers leave a clip out by the name of its row that they keep.
  assertEquals(twice.map(({ clip, dropped }) => [clip, dropped]), [[
    `sub${rows[1]![0]}/${rows[1]![1]}`,
    true,
  ]]);
});

Deno.test("checkTable: sums below a table are told, and no clips", async () => {
  const rows = casme2Rows(), sums = Array.from({ length: 26 }, (_, i): XlsxCell[] => [two(i + 1), 9 + i % 3]);
  const { clips, subjects, labels, problems } = await checkRows("casme2", [...rows, [], ...sums, [
    "Total",
    255,
  ]]);
  assertEquals([clips, subjects, labels], [255, 26, casme2Counts]);
  assertEquals(problems.filter(({ dropped }) => dropped).length, 27);
});

Deno.test("checkTable: a path that leads nowhere is named once", async () => {
  const error = await assertRejects(() => checkTable("samm", "/no/such.xlsx"), UserError);
  assertEquals(error.message.split("/no/such.xlsx").length, 2);
  assertStringIncludes(error.message, "check the path");
});

Deno.test("checkTable: a misspelt or lost header is named", async () => {
  await refused("casme2", renamed(casme2Rows(), { OnsetFrame: "OnsetFrme" }), [
    "OnsetFrame",
    '"OnsetFrme" may be meant as OnsetFrame',
  ]);
  await refused("samm", renamed(sammRows(), { "Estimated Emotion": "Estimatd Emotion" }), [
    '"Estimatd Emotion" may be meant as Estimated Emotion',
  ]);
  await refused("casme2", renamed(casme2Rows(), { Filename: "Episode" }), ["column Filename was found"]);
  await refused("casme2", renamed(casme2Rows(), { ApexFrame: "OnsetFrame" }), ["ApexFrame"]);
  const twice = casme2Rows().map((row, i) => [...row, i === 0 ? "Emotion" : "x"]);
  await refused("casme2", twice, ["column Estimated Emotion comes 2 times"]);
  const units = await checkRows("casme2", renamed(casme2Rows(), { "Action Units": "Action Unts" }));
  assert(
    units.problems.some(({ field, found, remedy }) =>
      field === "columns" && found === "Action Unts" && remedy.includes("Action Units")
    ),
  );
});

Deno.test("checkTable: copies with moved, stripped or added columns read the same", async () => {
  const rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 });
  const facts = async (content: Rows | string) => {
    const file = typeof content === "string"
      ? await tableFile(content, "csv")
      : await tableFile(sheet(content));
    return (await readCasme2Table(file)).rows.map((
      { subject, clip, onset, apex, offset, label },
    ) => [subject, clip, onset, apex, offset, label]);
  };
  const original = await facts(rows);
  const order = (columns: number[]) => rows.map((row) => columns.map((c) => row[c] ?? null));
  const copies: Record<string, Rows | string> = {
    "no blank columns": order([0, 1, 3, 4, 5, 7, 8]),
    "no action units": order([0, 1, 3, 4, 5, 8]),
    "another order": order([8, 5, 4, 3, 1, 0]),
    "an index, as pandas writes it": rows.map((row, i) => [i === 0 ? null : i - 1, ...row]),
    "a long preamble": [...Array(80).fill(["notes", "of", "ours"]), ...rows],
    "notes beside": rows.map((row, i) => [...row, i === 0 ? "Notes" : `note ${i}`]),
    "csv": csv(rows),
    "csv with semicolons": csv(rows, ";", "\r\n"),
    "csv with tabs": csv(rows, "\t"),
    "numbers as text": eachRow(
      rows,
      (row) => row.map((cell) => typeof cell === "number" ? String(cell) : cell),
    ),
    "decimals": eachRow(rows, (row) => row.map((cell) => typeof cell === "number" ? `${cell}.0` : cell)),
    "trailing blanks": eachRow(
      rows,
      (row) => row.map((cell) => typeof cell === "string" ? `${cell}  ` : cell),
    ),
    "no-break blanks": eachRow(
      rows,
      (row) => row.map((cell) => typeof cell === "string" ? `\u00a0${cell}\u3000` : cell),
    ),
    "characters that cannot be seen": eachRow(
      rows,
      (row) => row.map((cell) => typeof cell === "string" ? `\ufeff${cell}\u200b` : cell),
    ),
    "full-width digits": eachRow(
      rows,
      (row) =>
        row.map((cell) =>
          typeof cell === "number"
            ? String(cell).replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d)))
            : cell
        ),
    ),
    "capitals": eachRow(rows, (row) => row.map((cell, c) => c === 8 ? String(cell).toUpperCase() : cell)),
    "subjects as numbers": eachRow(rows, (row) => [Number(row[0]), ...row.slice(1)]),
    "headers in lower case, on two lines": renamed(rows, {
      OnsetFrame: "onset\nframe",
      "Estimated Emotion": "estimated  emotion ",
    }),
    "the header again in the middle": [...rows.slice(0, 100), rows[0]!, ...rows.slice(100)],
    "rows backwards, then sorted": [
      rows[0]!,
      ...rows.slice(1).toReversed().toSorted((a, b) =>
        original.findIndex((row) => row[0] === `sub${a[0]}` && row[1] === a[1]) -
        original.findIndex((row) => row[0] === `sub${b[0]}` && row[1] === b[1])
      ),
    ],
  };
  for (const [name, copy] of Object.entries(copies)) assertEquals(await facts(copy), original, name);
});

Deno.test("checkTable: what a copy lost is told: action units, single cells, rows", async () => {
  const rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 });
  const stripped = rows.map((row) => row.filter((_, c) => c !== 7));
  const report = await checkRows("casme2", stripped);
  assertEquals(report.edition, "CASME II of 2019: 255 clips of 26 subjects");
  assertEquals(report.problems.map(({ field, found }) => `${field}: ${found}`), ["columns: no Action Units"]);
  const broken = eachRow(
    rows,
    (row, i) =>
      i === 3
        ? row.map((cell, c) => c === 3 ? "twelve" : c === 5 ? null : cell)
        : i === 5
        ? row.map((cell, c) => c === 8 ? null : cell)
        : row,
  );
  const name = (i: number) => `sub${rows[i + 1]![0]}/${rows[i + 1]![1]}`;
  assertEquals(told(await checkRows("casme2", broken)).slice(1), [
    `${name(3)} onset: twelve`,
    `${name(3)} offset: blank`,
    `${name(5)} label: blank`,
  ]);
  assertEquals(total((await checkRows("casme2", broken)).labels), 254);
});

Deno.test("checkTable: repeated rows count once, contradicting ones are told", async () => {
  const rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 });
  const other = [...rows[2]!];
  other[5] = 999;
  const report = await checkRows("casme2", [...rows, rows[1]!, other]);
  assertEquals(report.clips, 255);
  assertEquals(told(report), [
    `sub${rows[1]![0]}/${rows[1]![1]} row: row 257 repeats row 2`,
    `sub${rows[2]![0]}/${rows[2]![1]} row: rows 3 and 258 differ`,
  ]);
});

Deno.test("checkTable: a subject or label that the clip's own name contradicts is told", async () => {
  const samm = eachRow(sammRows(), (row, i) => i === 4 ? ["037", ...row.slice(1)] : row);
  const clip = String(sammRows()[13 + 1 + 4]![1]);
  assert(told(await checkRows("samm", samm)).includes(`037/${clip} subject: 037`));
  const smic = eachRow(
    smicRows("HS"),
    (row, i) => i === 0 ? [...row.slice(0, 13), row[13] === "positive" ? "negative" : "positive"] : row,
  );
  const [subject, name] = smic[1]!;
  assert(told(await checkRows("smic", smic)).includes(`s${subject}/${name} label: ${smic[1]![13]}`));
});

/** The first sheet's xml of a workbook, changed. */
function withXml(bytes: Uint8Array, change: (xml: string) => string): Uint8Array {
  const parts = unzipSync(bytes), name = "xl/worksheets/sheet1.xml";
  return zipSync({ ...parts, [name]: strToU8(change(strFromU8(parts[name]!))) });
}

Deno.test("checkTable: dates, errors, merged cells and lost formulas, as spreadsheet programs and scripts write them", async () => {
  const rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 });
  const name = (i: number) => `sub${rows[i + 1]![0]}/${rows[i + 1]![1]}`;
  const plain = sheet(rows);
  // Excel's built-in number format 14 is a date.
  const parts = unzipSync(plain);
  const dated = zipSync({
    ...parts,
    "xl/styles.xml": strToU8(
      strFromU8(parts["xl/styles.xml"]!).replace(
        '<cellXfs count="1"><xf/>',
        '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/>',
      ),
    ),
  });
  const one = await checkRows(
    "casme2",
    withXml(dated, (xml) => xml.replace('<c r="D2">', '<c r="D2" s="1">')),
  );
  assertEquals([one.problems.length, one.problems[0]!.clip, one.problems[0]!.field], [1, name(0), "onset"]);
  assertStringIncludes(one.problems[0]!.found, "a date (");
  await assertRejects(
    () =>
      checkRows("casme2", withXml(dated, (xml) => xml.replace(/<c r="D(\d+)"><v>/g, '<c r="D$1" s="1"><v>'))),
    UserError,
    "the column OnsetFrame is formatted as dates",
  );
  const errors = withXml(
    plain,
    (xml) =>
      xml.replace(/<c r="E2"><v>\d+<\/v>/, '<c r="E2" t="e"><v>#N/A</v>').replace(
        /<c r="F3"><v>\d+<\/v>/,
        '<c r="F3"><f>D3+40</f><v></v>',
      )
        .replace(/<c r="D4"><v>\d+<\/v>/, '<c r="D4" t="b"><v>1</v>'),
  );
  assertEquals(told(await checkRows("casme2", errors)), [
    `${name(0)} apex: the error #N/A`,
    `${name(1)} offset: the formula =D3+40 without a value`,
    `${name(2)} onset: true`,
  ]);
  const sorted = [rows[0]!, ...rows.slice(1).toSorted((a, b) => String(a[0]) < String(b[0]) ? -1 : 1)];
  const same = sorted.filter((row) => row[0] === "01").length;
  const blank = sorted.map((row, i) => i > 1 && i <= same ? [null, ...row.slice(1)] : row);
  const merged = withXml(
    sheet(blank),
    (xml) =>
      xml.replace(
        "</worksheet>",
        `<mergeCells count="1"><mergeCell ref="A2:A${same + 1}"/></mergeCells></worksheet>`,
      ),
  );
  assertEquals(told(await checkRows("casme2", merged)), []);
  assertEquals(
    (await checkRows("casme2", blank)).problems.filter(({ field }) => field === "subject").length,
    same - 1,
  );
});

Deno.test("checkTable: a formula's lost value is seen however the workbook names its sheet, or the table is refused", async () => {
  const rows = casme2Rows().map((row) => [...row]);
  rows[1]![5] = { formula: "D2+40", value: null };
  const name = `sub${rows[1]![0]}/${rows[1]![1]}`;
  const plain = sheet(rows, "Sheet1");
  const changed = (changes: Readonly<Record<string, (xml: string) => string>>) => {
    const parts = unzipSync(plain);
    for (const [part, change] of Object.entries(changes)) {
      const after = change(strFromU8(parts[part]!));
      assert(after !== strFromU8(parts[part]!), part);
      parts[part] = strToU8(after);
    }
    return zipSync(parts);
  };
  const prefix = (xml: string) => xml.replace(/\br:id=/g, "d3p1:id=").replace(/xmlns:r=/, "xmlns:d3p1=");
  for (
    const file of [
      plain,
      changed({ "xl/workbook.xml": prefix }),
      changed({ "xl/workbook.xml": (xml) => xml.replace("Sheet1", "She&#101;t&#x31;") }),
    ]
  ) {
    assert(
      told(await checkRows("casme2", file)).includes(`${name} offset: the formula =D2+40 without a value`),
    );
  }
  // A sheet whose part lies where nobody looks for it is not read without its formulas.
  const parts = unzipSync(plain);
  const { "xl/worksheets/sheet1.xml": part, ...others } = parts;
  const elsewhere = zipSync({
    ...others,
    "xl/other/sheet1.xml": part!,
    "xl/_rels/workbook.xml.rels": strToU8(
      strFromU8(parts["xl/_rels/workbook.xml.rels"]!).replace("worksheets/sheet1", "other/sheet1"),
    ),
  });
  const error = await assertRejects(
    () => checkRows("casme2", elsewhere),
    UserError,
    "not a whole .xlsx workbook",
  );
  assert(!error.message.includes("\n"));
});

Deno.test("checkTable: a correction that was named fails where from does not match, and is counted where it does", async () => {
  const rows = casme2Rows(), first = rows[1]!;
  const fix = (from: string) =>
    `clip,field,from,to,reason,source\nsub${first[0]}/${first[1]},label,${from},fear,seen,frames\n`;
  const file = await tableFile(fix(String(first[8])), "csv");
  assertEquals((await checkRows("casme2", rows, { corrections: file })).labels["fear"], 3);
  // One of a clip that is not listed under this name is no correction of anything.
  await Deno.writeTextFile(file, fix(String(first[8])).replace(/\nsub0?/, "\n"));
  const { labels, problems } = await checkRows("casme2", rows, { corrections: file });
  assertEquals(labels["fear"], 2);
  assertStringIncludes(problems.at(-1)!.remedy, "the table lists no such clip");
  await Deno.writeTextFile(file, fix("contempt"));
  await assertRejects(
    () => checkRows("casme2", rows, { corrections: file }),
    UserError,
    'expects "contempt"',
  );
});

// With the genuine tables, cell by cell into a workbook of our own, so that single cells can be changed.
async function genuine(name: string, sheetName: string): Promise<Rows> {
  const sheets = await readSheets(`${realTables}/${name}`);
  return sheets.find((sheet) => sheet.name === sheetName)!.rows.map((row) =>
    row.map((cell) => cell as XlsxCell)
  );
}

Deno.test({
  name: `checkTable: the genuine table of SMIC-VIS is not read as that of NIR${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const rows = await genuine("SMIC-HS-E_annotation.xlsx", "VIS");
    for (const name of ["NIR", "Sheet1"]) {
      const file = await tableFile(sheet(rows, name));
      await assertRejects(
        () => checkTable("smic", file, { camera: "NIR" }),
        UserError,
        "its frames are those of camera VIS",
      );
    }
    // One that was changed in every row is no table of VIS any more.
    const other = rows.map((row) =>
      row.map((cell, c) => (c === 3 || c === 4) && typeof cell === "number" ? cell + 1 : cell)
    );
    const { edition } = await checkTable("smic", await tableFile(sheet(other)), { camera: "NIR" });
    assertStringIncludes(edition, "SMIC-NIR");
  },
});

Deno.test({
  name:
    `checkTable: the genuine tables have the problems that docs/databases.md lists, and no others${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const count = (report: CheckReport) =>
      Object.fromEntries(
        Object.entries(Object.groupBy(report.problems, ({ field }) => field)).map((
          [field, list],
        ) => [field, list!.length]),
      );
    const casme2 = await checkTable("casme2", `${realTables}/CASME2-coding-20140508.xlsx`);
    assertEquals([casme2.edition, casme2.labels], [
      "CASME II of 2014-05-08: 255 clips of 26 subjects",
      casme2Counts,
    ]);
    assertEquals(count(casme2), { clip: 4, apex: 6, "action units": 5, "onset, offset": 3 });
    const samm = await checkTable("samm", `${realTables}/SAMM_Micro_FACS_Codes_v2.xlsx`);
    assertEquals([samm.edition, samm.clips, samm.subjects], ["SAMM v2: 159 clips of 29 subjects", 159, 29]);
    assertEquals(told(samm), [
      "028/028_4_1 apex: apex 1143, onset 1071, offset 1134",
      "032/032_3_1 apex: apex 1930, onset 4896, offset 4970",
    ]);
    const smic = await checkTable("smic", `${realTables}/SMIC-HS-E_annotation.xlsx`);
    assertEquals([smic.edition, smic.clips, smic.subjects], ["SMIC-HS: 162 clips of 16 subjects", 162, 16]);
    assertEquals(count(smic), { Onset2F: 5, label: 1, onset: 1, FirstF: 1, row: 2 });
  },
});

Deno.test({
  name:
    `checkTable: rows changed in, lost from and added to the genuine table are named, with what they were${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const rows = await genuine("CASME2-coding-20140508.xlsx", "Sheet1");
    const before = told(await checkRows("casme2", rows));
    const name = (row: readonly XlsxCell[]) => `sub${row[0]}/${row[1]}`;
    const changed = rows.map((row) => [...row]);
    const [label, apex, units, lost] = [7, 100, 150, 200];
    const swap = changed.findIndex((row, i) => i > label && row[8] !== rows[label]![8]);
    // Two labels in each other's place leave every count as it was.
    [changed[label]![8], changed[swap]![8]] = [changed[swap]![8]!, changed[label]![8]!];
    changed[apex]![4] = Number(changed[apex]![4]) - 1;
    changed[units]![7] = "1+2+5";
    changed.push(["26", "EP99_99", null, 1, 5, 9, null, 4, "others"]);
    changed.splice(lost, 1);
    const report = await checkRows("casme2", changed);
    assertStringIncludes(report.edition, "CASME II of 2014-05-08, changed in 5 rows");
    assertEquals(
      told(report).filter((text) => !before.includes(text)).sort(),
      [
        `${name(rows[label]!)} label: ${changed[label]![8]}`,
        `${name(rows[swap]!)} label: ${changed[swap]![8]}`,
        `${name(rows[apex]!)} apex: ${changed[apex]![4]}`,
        `${name(rows[units]!)} action units: 1+2+5`,
        `${name(rows[lost]!)} row: none`,
        "sub26/EP99_99 row: row 256",
      ].sort(),
    );
    const of = (clip: string) =>
      report.problems.find((problem) => problem.clip === clip && /has .* here/.test(problem.remedy))!.remedy;
    assertStringIncludes(of(name(rows[label]!)), `has ${rows[label]![8]} here`);
    assertStringIncludes(of(name(rows[apex]!)), `has ${rows[apex]![4]} here`);
  },
});

Deno.test({
  name: `checkTable: the genuine frames with other labels are told as such${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const rows = await genuine("CASME2-coding-20140508.xlsx", "Sheet1");
    // Every label one row too low, as a column that slipped: the counts stay.
    const slipped = rows.map((row, i) =>
      i === 0 ? row : [...row.slice(0, 8), rows[i === 1 ? rows.length - 1 : i - 1]![8]!]
    );
    const { edition, problems } = await checkRows("casme2", slipped);
    assertEquals(edition, "unknown edition: 255 clips of 26 subjects");
    assertStringIncludes(
      problems[0]!.remedy,
      "onset, apex and offset are those of CASME II of 2014-05-08, but many labels are not",
    );
  },
});
