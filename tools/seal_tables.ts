// Makes data/_seals.ts from the genuine coding tables:
//   M2M_REAL_DATA=DIR deno task deno run -A tools/seal_tables.ts
// No row can be read from a seal (data/_seal.ts); the tables themselves stay where they are.
import { fileURLToPath } from "node:url";
import { type SealedRow, sealOf } from "../data/_seal.ts";
import { readCasme2Table, readCompositeList, readSammTable, readSmicTable } from "../data/mod.ts";
import { sealedEntries } from "../data/_composite_seal.ts";
import { sealedRows, sealedUnits, unitsOf } from "../data/readers/_edition.ts";
import { labelNames } from "../data/readers/_labels.ts";

const folder = `${Deno.env.get("M2M_REAL_DATA")}/annotations`;
const smic = `${folder}/SMIC-HS-E_annotation.xlsx`;
const casme2 = await readCasme2Table(`${folder}/CASME2-coding-20140508.xlsx`);
const samm = await readSammTable(`${folder}/SAMM_Micro_FACS_Codes_v2.xlsx`);
const tables: Record<string, readonly SealedRow[]> = {
  "CASME II of 2014-05-08": sealedRows(casme2.rows, labelNames.casme2),
  [unitsOf("CASME II of 2014-05-08")]: sealedUnits(casme2.rows),
  [unitsOf("SAMM v2")]: sealedUnits(samm.rows),
  "SAMM v2": sealedRows(samm.rows, labelNames.samm),
  "SMIC-HS": sealedRows((await readSmicTable(smic)).rows, labelNames.smic),
  "SMIC-VIS": sealedRows((await readSmicTable(smic, { camera: "VIS" })).rows, labelNames.smic),
  "MEGC2019 composite": sealedEntries(await readCompositeList(`${folder}/combined_3class_gt.csv`)),
};
const lines = Object.entries(tables).map(([title, rows]) =>
  `  ${JSON.stringify(title)}: [\n${
    sealOf(rows).map((sum) => `    0x${sum.toString(16)}n,\n`).join("")
  }  ],\n`
);
await Deno.writeTextFile(
  fileURLToPath(new URL("../data/_seals.ts", import.meta.url)),
  `/** Seals of the genuine tables by the title of their edition, made by tools/seal_tables.ts. */
export const seals: Readonly<Record<string, readonly bigint[]>> = {\n${lines.join("")}};\n`,
);
