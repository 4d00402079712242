import type { DatabaseReading } from "../../types.ts";
import { findTable } from "../_files.ts";
import { casme2Names, oddCasme2Names } from "../_possible_names.ts";
import { readCodedDatabase } from "./_coded_database.ts";
import { codedColumns, readCodedTable, type TableReading, type TableRow } from "./_coded_table.ts";
import { labelNames } from "./_labels.ts";
import type { DatabaseOptions } from "./options.ts";

const subject = /^sub\d+$/i;
const labels: readonly string[] = labelNames.casme2;

/**
 * Reads CASME II (Yan et al. 2014): `CASME2_RAW_selected/sub01/EP02_01f/img46.jpg` or `Cropped/sub01/EP02_01f/reg_img46.jpg`,
 * 200 frames a second, with its coding table of 2014 or 2019 as `.xlsx` or `.csv`.
 *
 * Subjects are `sub01`, labels the table's words in lower case. Where both kinds of frames are there, the cropped ones are
 * read. A clip without a usable apex gets the midpoint of onset and offset and `apexOrigin: "midpoint"`; everything odd is
 * in `problems`.
 *
 * @param root The folder that holds the table and the frames.
 * @param options
 * @throws {UserError} if the folder, the table or a column is missing, or a correction does not match.
 *
 * @example
 * ```ts
 * import { readCasme2, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const header = ["Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units", "Estimated Emotion"];
 * const table = writeXlsx([{ name: "Sheet1", rows: [header, ["01", "EP02_01f", 9, 10, 12, 12, "happiness"]] }]);
 * await Deno.writeFile(`${root}/CASME2-coding-20140508.xlsx`, table);
 * await Deno.mkdir(`${root}/Cropped/sub01/EP02_01f`, { recursive: true });
 * for (const n of [9, 10, 11, 12]) await Deno.writeTextFile(`${root}/Cropped/sub01/EP02_01f/reg_img${n}.jpg`, "");
 * const { samples } = await readCasme2(root);
 * assertEquals(samples.map(({ subject, label, onset, apex, offset }) => [subject, label, onset, apex, offset]), [
 *   ["sub01", "happiness", 0, 1, 3],
 * ]);
 * ```
 */
export function readCasme2(root: string, options: DatabaseOptions = {}): Promise<DatabaseReading> {
  return readCodedDatabase(
    {
      name: "casme2",
      title: "CASME II",
      subject,
      prefer: [/crop/i],
      labels,
      fps: 200,
      findTable: (path) =>
        findTable(
          path,
          "CASME II",
          /casme.?(2|ii).*\.(xlsx|csv)$/i,
          "CASME2-coding-20140508.xlsx",
          (name) => subject.test(name),
        ),
      readTable: readCasme2Table,
    },
    root,
    options,
  );
}

/**
 * Reads the coding table of CASME II alone, as it stands: no correction is applied and no row left out. Columns are found
 * by their headers, so the blank columns of 2014, their absence, and `Objective Classes` of 2019 all read the same.
 *
 * @param file `CASME2-coding-20140508.xlsx`, another edition, or a csv copy.
 * @throws {UserError} if the file cannot be read or lacks a column.
 *
 * @example
 * ```ts
 * import { readCasme2Table, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".xlsx" });
 * const header = ["Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units", "Estimated Emotion"];
 * await Deno.writeFile(file, writeXlsx([{ name: "Sheet1", rows: [header, ["07", "EP01_02", 5, "/", 9, 12, "happiness"]] }]));
 * const { rows, problems } = await readCasme2Table(file);
 * assertEquals(rows[0]?.subject, "sub07");
 * assertEquals(problems.map((problem) => problem.field), ["edition", "apex"]);
 * ```
 */
export async function readCasme2Table(file: string): Promise<TableReading> {
  const table = await readCodedTable(file, {
    database: "casme2",
    title: "CASME II",
    columns: {
      apex: { ...codedColumns.apex, required: true },
      objectiveClass: { headers: ["Objective Classes", "Objective Class"], required: false },
    },
    usual: ["actionUnits"],
    clipName: { pattern: /^EP\d/i, example: "EP02_01f" },
    subject: (text) => {
      const digits = /^(?:sub)?0*(\d+)(?:\.0+)?$/i.exec(text)?.[1];
      return digits === undefined ? undefined : `sub${digits.padStart(2, "0")}`;
    },
    labelNames: labels,
    synonyms: { other: "others" },
    edition: (has) => ({ possible: casme2Names, guess: (rows) => guess(rows, has("objectiveClass")) }),
    check: (row, _cells, problems, name) => {
      if (!oddCasme2Names.includes(row.clip)) return;
      problems.keep(
        name,
        "clip",
        row.clip,
        "not named like the others, but so in the genuine table too; its folder has this name",
      );
    },
  });
  if (table.edition.startsWith("unknown")) return table;
  // The three clips are in every full copy; what is disputed can only be settled by the frames.
  const remedy =
    "published copies of the table disagree here: compare with the numbers of the frames on disk";
  const disputed = table.rows.filter((row) =>
    ["sub07/EP06_01", "sub12/EP09_02", "sub16/EP01_08"].includes(`${row.subject}/${row.clip}`)
  );
  const notes = disputed.map(({ subject, clip, onset, offset }) => (
    {
      clip: `${subject}/${clip}`,
      field: "onset, offset",
      found: `${onset}, ${offset}`,
      remedy,
      dropped: false,
    }
  ));
  return { ...table, problems: [...table.problems, ...notes] };
}

/** An edition whose counts are not quite its published ones, by its size and columns. */
function guess(rows: readonly TableRow[], hasObjectiveClasses: boolean): string | undefined {
  if (hasObjectiveClasses && (rows.length === 255 || rows.length === 256)) return "CASME II of 2019";
  if (!rows.every(({ label }) => label !== "sadness" && label !== "fear")) return undefined;
  if (rows.length === 247) return "five-class set of 247 clips (original paper)";
  return rows.length === 249 ? "five-class set of 249 clips (2019)" : undefined;
}
