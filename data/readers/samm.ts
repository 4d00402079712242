import type { DatabaseReading } from "../../types.ts";
import { findTable } from "../_files.ts";
import { sammNames } from "../_possible_names.ts";
import { readCodedDatabase } from "./_coded_database.ts";
import { type Cell, cleanText } from "../_table.ts";
import { codedColumns, readCodedTable, type TableReading } from "./_coded_table.ts";
import { labelNames } from "./_labels.ts";
import type { DatabaseOptions } from "./options.ts";

const subject = /^\d{3}$/;
const labels: readonly string[] = labelNames.samm;

/**
 * Reads SAMM (Davison et al. 2018): `SAMM/006/006_1_2/006_05562.jpg`, 200 frames a second, with
 * `SAMM_Micro_FACS_Codes_v2.xlsx` or a csv copy.
 *
 * Subjects are `006`, labels the table's words in lower case. An apex outside its clip is corrected where the reviewed
 * corrections say so, otherwise the midpoint is taken (`apexOrigin: "midpoint"`); both are in `problems`.
 *
 * @param root The folder that holds the table and the frames.
 * @param options
 * @throws {UserError} if the folder, the table or a column is missing, or a correction does not match.
 *
 * @example
 * ```ts
 * import { readSamm, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const header = ["Subject", "Filename", "Onset Frame", "Apex Frame", "Offset Frame", "Action Units", "Estimated Emotion"];
 * const table = writeXlsx([{ name: "MICRO_ONLY", rows: [header, ["006", "006_1_2", 5562, 5570, 5564, "4+7", "Anger"]] }]);
 * await Deno.writeFile(`${root}/SAMM_Micro_FACS_Codes_v2.xlsx`, table);
 * await Deno.mkdir(`${root}/SAMM/006/006_1_2`, { recursive: true });
 * for (const n of [5562, 5563, 5564]) await Deno.writeTextFile(`${root}/SAMM/006/006_1_2/006_0${n}.jpg`, "");
 * const { samples, problems } = await readSamm(root);
 * assertEquals(samples.map(({ apex, apexOrigin }) => [apex, apexOrigin]), [[1, "midpoint"]]);
 * assertEquals(problems.map(({ field }) => field), ["edition", "apex"]);
 * ```
 */
export function readSamm(root: string, options: DatabaseOptions = {}): Promise<DatabaseReading> {
  return readCodedDatabase(
    {
      name: "samm",
      title: "SAMM",
      subject,
      prefer: [/crop/i, /^samm$/i],
      labels,
      fps: 200,
      findTable: (path) =>
        findTable(
          path,
          "SAMM",
          /samm.*(facs|micro|cod).*\.(xlsx|csv)$/i,
          "SAMM_Micro_FACS_Codes_v2.xlsx",
          (name) => subject.test(name),
        ),
      readTable: readSammTable,
    },
    root,
    options,
  );
}

/**
 * Reads the coding table of SAMM alone, as it stands: no correction is applied and no row left out. The header is found
 * below the preamble, wherever it is.
 *
 * @param file `SAMM_Micro_FACS_Codes_v2.xlsx`, another edition, or a csv copy.
 * @throws {UserError} if the file cannot be read or lacks a column.
 *
 * @example
 * ```ts
 * import { readSammTable, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".xlsx" });
 * const header = ["Subject", "Filename", "Onset Frame", "Apex Frame", "Offset Frame", "Action Units", "Estimated Emotion"];
 * const rows = [["Preamble"], header, ["006", "006_1_2", 20, 90, 60, 4, "Anger"]];
 * await Deno.writeFile(file, writeXlsx([{ name: "MICRO_ONLY", rows }]));
 * assertEquals((await readSammTable(file)).problems.map((problem) => problem.field), ["edition", "apex"]);
 * ```
 */
export function readSammTable(file: string): Promise<TableReading> {
  return readCodedTable(file, {
    database: "samm",
    title: "SAMM",
    columns: {
      apex: { ...codedColumns.apex, required: true },
      duration: { headers: ["Duration"], required: false },
      micro: { headers: ["Micro", "Type"], required: false },
      objectiveClass: { headers: ["Objective Classes", "Objective Class"], required: false },
    },
    usual: ["actionUnits"],
    sheet: { sheet: "MICRO_ONLY" },
    clipName: { pattern: /^\d{3}_\d/, example: "006_1_2" },
    subject: (text) => {
      const digits = /^0*(\d{1,3})(?:\.0+)?$/.exec(text)?.[1];
      return digits === undefined ? undefined : digits.padStart(3, "0");
    },
    labelNames: labels,
    synonyms: { others: "other" },
    edition: () => ({ possible: sammNames }),
    exclude: ({ micro }) =>
      typeof micro === "string" && /^\s*macro/i.test(micro)
        ? { field: "micro", remedy: "a macro-expression: only micro-expressions are read" }
        : undefined,
    telling: ["duration"],
    check: (row, cells, problems, name) => {
      const length = numberOf(cells["duration"]!);
      if (
        length !== undefined && row.onset !== null && row.offset !== null &&
        length !== row.offset - row.onset + 1
      ) {
        problems.keep(
          name,
          "duration",
          `${length}, but ${row.onset} to ${row.offset} are ${row.offset - row.onset + 1}`,
          "onset and offset are used; check the table",
        );
      }
      if (/^\d{3}_/.test(row.clip) && !row.clip.startsWith(`${row.subject}_`)) {
        problems.keep(
          name,
          "subject",
          row.subject,
          `the clip's own name says ${row.clip.slice(0, 3)}; correct the table`,
        );
      }
    },
  });
}

/** A cell's whole number, if it holds one. */
function numberOf(cell: Cell): number | undefined {
  const text = cell === null || typeof cell === "object" ? "" : cleanText(String(cell));
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
