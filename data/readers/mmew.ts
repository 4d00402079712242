import { basename, dirname } from "node:path";
import type { DatabaseReading } from "../../types.ts";
import { codedColumns, readCodedTable, type TableReading } from "./_coded_table.ts";
import { labelNames } from "./_labels.ts";
import { readListedClips } from "./_listed_clips.ts";
import type { DatabaseOptions } from "./options.ts";

/**
 * Reads the micro-expressions of MMEW (Ben et al. 2021), 90 frames a second: `Micro_Expression/anger/S13-07-001/1.jpg`, with the
 * table `MMEW_Micro_Exp.xlsx` or a csv copy. Its macro-expressions are not read.
 *
 * The layout is what public code reads (docs/databases.md): no copy of the database was at hand. Subjects are `S13`, clips `S13-07-001`. A label that the folder
 * contradicts is reported; the table's is taken.
 *
 * @param root The folder that holds the table and `Micro_Expression`.
 * @param options
 * @throws {UserError} if the folder, the table, a column or every clip is missing.
 *
 * @example
 * ```ts
 * import { readMmew, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const header = ["Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units", "Estimated Emotion"];
 * await Deno.writeFile(
 *   `${root}/MMEW_Micro_Exp.xlsx`,
 *   writeXlsx([{ name: "Sheet1", rows: [header, [13, "S13-07-001", 1, 3, 4, "4", "anger"]] }]),
 * );
 * await Deno.mkdir(`${root}/Micro_Expression/anger/S13-07-001`, { recursive: true });
 * for (const n of [1, 2, 3, 4]) await Deno.writeTextFile(`${root}/Micro_Expression/anger/S13-07-001/${n}.jpg`, "");
 * const { samples } = await readMmew(root);
 * assertEquals(samples.map(({ subject, clip, label, apex }) => [subject, clip, label, apex]), [["S13", "S13-07-001", "anger", 2]]);
 * ```
 */
export function readMmew(root: string, options: DatabaseOptions = {}): Promise<DatabaseReading> {
  return readListedClips(
    {
      name: "mmew",
      title: "MMEW",
      labels: labelNames.mmew,
      fps: 90,
      table: { pattern: /mmew.*micro.*\.(xlsx|csv)$/i, example: "MMEW_Micro_Exp.xlsx" },
      readTable: readMmewTable,
      clipIn: (path) => /macro/.test(path) ? undefined : /(?:^|\/)(s\d+-\d+-\d+)$/.exec(path)?.[1],
      folderNames: ({ clip }) => [clip],
      folderExample: "Micro_Expression/anger/S13-07-001",
      labelOf: (folder) => {
        const label = basename(dirname(folder)).toLowerCase();
        return labelNames.mmew.find((name) => name === label);
      },
    },
    root,
    options,
  );
}

/**
 * Reads the table of MMEW's micro-expressions alone, as it stands.
 *
 * @param file `MMEW_Micro_Exp.xlsx` or a csv copy.
 * @throws {UserError} if the file cannot be read or lacks a column.
 *
 * @example
 * ```ts
 * import { readMmewTable, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".xlsx" });
 * const header = ["Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units", "Estimated Emotion"];
 * await Deno.writeFile(file, writeXlsx([{ name: "Sheet1", rows: [header, [3, "S13-07-001", 1, 3, 4, "4", "anger"]] }]));
 * assertEquals((await readMmewTable(file)).problems.map(({ field }) => field), ["edition", "subject"]);
 * ```
 */
export function readMmewTable(file: string): Promise<TableReading> {
  return readCodedTable(file, {
    database: "mmew",
    title: "MMEW",
    columns: { apex: { ...codedColumns.apex, required: true } },
    usual: ["actionUnits"],
    clipName: { pattern: /^S\d+-\d+-\d+$/i, example: "S13-07-001" },
    subject: (text) => {
      const digits = /^s?0*(\d+)(?:\.0+)?$/i.exec(text)?.[1];
      return digits === undefined ? undefined : `S${digits.padStart(2, "0")}`;
    },
    labelNames: labelNames.mmew,
    synonyms: { other: "others" },
    edition: () => ({ possible: () => [] }),
    check: (row, _cells, problems, name) => {
      const own = /^s0*(\d+)-/i.exec(row.clip)?.[1];
      if (own === undefined || own === String(Number(row.subject.slice(1)))) return;
      problems.keep(
        name,
        "subject",
        row.subject,
        `the clip's own name says S${own.padStart(2, "0")}; correct the table`,
      );
    },
  });
}
