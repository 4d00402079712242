// Makes data/_seals.ts from the genuine coding tables:
//   M2M_REAL_DATA=DIR deno task deno run -A tools/seal_tables.ts
// No row can be read from a seal (data/_seal.ts); the tables themselves stay where they are.
import { fileURLToPath } from "node:url";
import { type SealedRow, sealOf } from "../data/_seal.ts";
import { readCasme2Table, readCompositeList, readSammTable, readSmicTable } from "../data/mod.ts";
import { sealedEntries } from "../data/_composite_seal.ts";
import { partTitle, sealedFrames, sealedRows, sealedUnits } from "../data/readers/_edition.ts";
import { labelNames } from "../data/readers/_labels.ts";

const folder = `${Deno.env.get("M2M_REAL_DATA")}/annotations`;
const smic = `${folder}/SMIC-HS-E_annotation.xlsx`;
const casme2 = await readCasme2Table(`${folder}/CASME2-coding-20140508.xlsx`);
const samm = await readSammTable(`${folder}/SAMM_Micro_FACS_Codes_v2.xlsx`);
const [casme2Title, sammTitle] = ["CASME II of 2014-05-08", "SAMM v2"];
const smicHs = await readSmicTable(smic);
/** Rows, and how many sums: with eight, three rows that differ can be told. */
const tables: readonly (readonly [title: string, rows: readonly SealedRow[], sums: number])[] = [
  [casme2Title, sealedRows(casme2.rows, labelNames.casme2), 24],
  [partTitle(casme2Title, "frames"), sealedFrames(casme2.rows), 8],
  [partTitle(casme2Title, "action units"), sealedUnits(casme2.rows), 8],
  [sammTitle, sealedRows(samm.rows, labelNames.samm), 24],
  [partTitle(sammTitle, "action units"), sealedUnits(samm.rows), 8],
  ["SMIC-HS", sealedRows(smicHs.rows, labelNames.smic), 24],
  ["SMIC-VIS", sealedRows((await readSmicTable(smic, { camera: "VIS" })).rows, labelNames.smic), 8],
  // The list is public: its seal need not hide it.
  ["MEGC2019 composite", sealedEntries(await readCompositeList(`${folder}/combined_3class_gt.csv`)), 24],
];
const lines = tables.map(([title, rows, sums]) =>
  `  ${JSON.stringify(title)}: [\n${
    sealOf(rows, sums).map((sum) => `    0x${sum.toString(16)}n,\n`).join("")
  }  ],\n`
);
await Deno.writeTextFile(
  fileURLToPath(new URL("../data/_seals.ts", import.meta.url)),
  `/** Seals of the genuine tables by the title of their edition, made by tools/seal_tables.ts. */
export const seals: Readonly<Record<string, readonly bigint[]>> = {\n${lines.join("")}};\n`,
);
