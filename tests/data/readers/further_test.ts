// CAS(ME)^3 and MMEW, in the layouts that public code reads.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  checkDatabase,
  checkTable,
  readCasme3,
  readDatabase,
  readMmew,
  readMmewTable,
  type XlsxCell,
} from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import { brief, frames, plant, sheet, tableFile } from "./_databases.ts";

const casme3Table = "cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx";
const casme3Header: XlsxCell[] = [
  "Subject",
  "Filename",
  "Onset",
  "Apex",
  "Offset",
  "AU",
  "Objective class",
  "emotion",
];
const casme3Rows: XlsxCell[][] = [
  casme3Header,
  ["spNO.10", "a", 116, 120, 123, "4", "IV", "disgust"],
  ["spNO.10", "a", 216, 218, 223, "12", "I", "Happy"], // the same video: another clip
  ["spNO.2", "b", 5, 3, 9, "1+2", "II", "surprise"],
];
const mmewHeader: XlsxCell[] = [
  "Subject",
  "Filename",
  "OnsetFrame",
  "ApexFrame",
  "OffsetFrame",
  "Action Units",
  "Estimated Emotion",
  "remarks",
];
const mmewRows: XlsxCell[][] = [
  mmewHeader,
  [13, "S13-07-001", 1, 6, 10, "4", "anger", null],
  [2, "S02-01-003", 1, 6, 12, "12", "happiness", "eye blink"],
];

Deno.test("readCasme3: clips cut out, called by subject, video and onset; depth images are passed over", async () => {
  const clip = (name: string, first: number, last: number) => ({
    ...frames(first, last, (n) => `Part_A_ME_clip/frame/${name}/${n}.jpg`),
    ...frames(first, last, (n) => `Part_A_ME_clip/depth/${name}/${n}.png`),
  });
  const root = await plant({
    [`annotation/${casme3Table}`]: sheet(casme3Rows, "label"),
    ...clip("spNO.10_a_116", 116, 123),
    ...clip("spNO.10_a_216", 216, 223),
    ...clip("spNO.2_b_5", 5, 9),
    ...clip("spNO.3_c_1", 1, 9),
  });
  const { samples, problems } = await readCasme3(root);
  assertEquals(
    samples.map((
      { subject, clip, label, onset, apex, offset, apexOrigin, fps },
    ) => [subject, clip, label, onset, apex, offset, apexOrigin, fps]),
    [
      ["spNO.2", "b_5", "surprise", 0, 2, 4, "midpoint", 30],
      ["spNO.10", "a_116", "disgust", 0, 4, 7, "coded", 30],
      ["spNO.10", "a_216", "happy", 0, 2, 7, "coded", 30],
    ],
  );
  assertEquals(brief(problems), [
    `${casme3Table} edition`,
    "spNO.2/b_5 apex",
    "frame/spNO.3_c_1 row dropped",
  ]);
});

Deno.test("readCasme3: a clip whose onset is lost is told by its video", async () => {
  const header = ["Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion"];
  const rows = [[{ formula: "C3", value: null }, 118], [null, 119]] as const;
  const file = await tableFile(
    sheet([
      header,
      ...rows.map(([onset, apex], i) => [`spNO.${i + 1}`, "a", onset, apex, 130, "4", "IV", "disgust"]),
    ], "label"),
  );
  const { problems } = await checkTable("casme3", file);
  assertEquals(
    problems.filter(({ field }) => field === "onset").map(({ clip, found }) => [clip, found]),
    [["spNO.1/a_?", "the formula =C3 without a value"], ["spNO.2/a_?", "blank"]],
  );
});

Deno.test("readCasme3: whole videos hold several clips", async () => {
  const root = await plant({
    [casme3Table]: sheet(casme3Rows, "label"),
    ...frames(100, 230, (n) => `part_A/spNO.10/a/color/${n}.jpg`),
    ...frames(100, 230, (n) => `part_A/spNO.10/a/depth/${n}.png`),
  });
  const { samples, problems } = await readDatabase("casme3", root);
  assertEquals(samples.map(({ clip, onset, offset }) => [clip, onset, offset]), [["a_116", 16, 23], [
    "a_216",
    116,
    123,
  ]]);
  assertEquals(brief(problems).slice(2), ["spNO.2/b_5 folder dropped"]);
  const report = await checkDatabase("casme3", root, { decode: false });
  assertEquals([report.clips, report.labels], [2, { disgust: 1, happy: 1 }]);
});

Deno.test("readMmew: the folder's label is compared with the table's, macro-expressions are passed over", async () => {
  const clip = (label: string, name: string, n: number) =>
    frames(1, n, (k) => `MMEW/Micro_Expression/${label}/${name}/${k}.jpg`);
  const root = await plant({
    "MMEW/MMEW_Micro_Exp.xlsx": sheet(mmewRows),
    ...clip("anger", "S13-07-001", 12),
    ...clip("sadness", "S02-01-003", 12),
    ...frames(1, 3, (k) => `MMEW/Macro_Expression/S01/anger/S01-07-001/${k}.jpg`),
  });
  const { samples, problems } = await readMmew(root);
  assertEquals(
    samples.map(({ subject, clip, label, apex, offset, fps }) => [subject, clip, label, apex, offset, fps]),
    [
      ["S02", "S02-01-003", "happiness", 5, 11, 90],
      ["S13", "S13-07-001", "anger", 5, 9, 90],
    ],
  );
  assertEquals(brief(problems), ["MMEW_Micro_Exp.xlsx edition", "S02/S02-01-003 label"]);
  assertEquals(problems[1]!.found, "folder sadness, table happiness");
});

Deno.test("checkTable: the published counts of MMEW and the size of CAS(ME)^3", async () => {
  const counts = { surprise: 89, disgust: 72, others: 66, happiness: 36, fear: 16, sadness: 13, anger: 8 };
  const rows = Object.entries(counts).flatMap(([label, n]) => Array<string>(n).fill(label)).map(
    (label, i): XlsxCell[] => {
      const subject = 1 + i % 30,
        name = `S${String(subject).padStart(2, "0")}-0${1 + i % 7}-${String(i).padStart(3, "0")}`;
      return [subject, name, 1, 8, 20, "4", label, null];
    },
  );
  const mmew = await checkTable("mmew", await tableFile(sheet([mmewHeader, ...rows])));
  assertEquals([mmew.edition, mmew.labels, mmew.problems], [
    "MMEW, micro-expressions: 300 clips of 30 subjects",
    counts,
    [],
  ]);
  const labels = ["happy", "disgust", "fear", "anger", "sad", "surprise", "others"];
  const casme3 = Array.from(
    { length: 860 },
    (
      _,
      i,
    ): XlsxCell[] => [
      `spNO.${1 + i % 94}`,
      "a",
      10 * i + 1,
      10 * i + 4,
      10 * i + 8,
      "4",
      "IV",
      labels[i % 7]!,
    ],
  );
  const report = await checkTable("casme3", await tableFile(sheet([casme3Header, ...casme3], "label")));
  assertEquals([report.edition, report.problems], [
    "CAS(ME)^3, part A, micro-expressions: 860 clips of 94 subjects",
    [],
  ]);
});

Deno.test("further databases: another's table, a lost column and a missing folder are refused by name", async () => {
  await assertRejects(
    async () => checkTable("casme2", await tableFile(sheet(casme3Rows))),
    UserError,
    "the column Subject names no subject of CASME II",
  );
  const error = await assertRejects(
    async () => readMmewTable(await tableFile(sheet(mmewRows.map((row) => row.filter((_, c) => c !== 3))))),
    UserError,
  );
  assertStringIncludes(error.message, "ApexFrame");
  await assertRejects(
    async () => readMmew(await plant({ "MMEW_Micro_Exp.xlsx": sheet(mmewRows) })),
    UserError,
    "no clip's folder (Micro_Expression/anger/S13-07-001)",
  );
  const twice = {
    ...frames(116, 123, (n) => `a/frame/spNO.10_a_116/${n}.jpg`),
    ...frames(116, 123, (n) => `b/frame/spNO.10_a_116/${n}.jpg`),
  };
  await assertRejects(
    async () => readCasme3(await plant({ [casme3Table]: sheet(casme3Rows), ...twice })),
    UserError,
    "are the same clip",
  );
});
