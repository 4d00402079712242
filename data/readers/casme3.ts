import type { DatabaseReading } from "../../types.ts";
import { codedColumns, readCodedTable, type TableReading } from "./_coded_table.ts";
import { cellText } from "../_table.ts";
import { labelNames } from "./_labels.ts";
import { readListedClips } from "./_listed_clips.ts";
import type { DatabaseOptions } from "./options.ts";

/**
 * Reads the micro-expressions of part A of CAS(ME)^3 (Li et al. 2022), 30 frames a second, with the table
 * `cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx` or a csv copy. Frames lie in `Part_A_ME_clip/frame/spNO.10_a_116/116.jpg`, the folder of a clip being called by
 * subject, video and onset, or in whole videos `spNO.10/a/color/116.jpg`. Depth images are not read.
 *
 * The layout is what public code reads (docs/databases.md): no copy of the database was at hand. Subjects are `spNO.10`, clips `a_116`, labels
 * `happy, disgust, fear, anger, sad, surprise, others`.
 *
 * @param root The folder that holds the table and the frames.
 * @param options
 * @throws {UserError} if the folder, the table, a column or every clip is missing.
 *
 * @example
 * ```ts
 * import { readCasme3, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const header = ["Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion"];
 * const table = writeXlsx([{ name: "label", rows: [header, ["spNO.10", "a", 116, 118, 119, "4", "IV", "disgust"]] }]);
 * await Deno.writeFile(`${root}/cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx`, table);
 * const clip = `${root}/Part_A_ME_clip/frame/spNO.10_a_116`;
 * await Deno.mkdir(clip, { recursive: true });
 * for (const n of [116, 117, 118, 119]) await Deno.writeTextFile(`${clip}/${n}.jpg`, "");
 * const { samples } = await readCasme3(root);
 * assertEquals(samples.map(({ subject, clip, label, apex }) => [subject, clip, label, apex]), [["spNO.10", "a_116", "disgust", 2]]);
 * ```
 */
export function readCasme3(root: string, options: DatabaseOptions = {}): Promise<DatabaseReading> {
  return readListedClips(
    {
      name: "casme3",
      title: "CAS(ME)^3",
      labels: labelNames.casme3,
      fps: 30,
      table: {
        pattern: /cas.?\(?me\)?.*3.*part.?a.?me.*\.(xlsx|csv)$/i,
        example: "cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx",
      },
      readTable: readCasme3Table,
      clipIn: (path) => {
        if (/(^|\/)depth(\/|$)/.test(path)) return undefined;
        return /(?:^|\/)(spno\.?\d+_[a-z]+_\d+)$/.exec(path)?.[1] ??
          /(?:^|\/)(spno\.?\d+\/[a-z]+)\/color$/.exec(path)?.[1];
      },
      folderNames: ({ subject, clip }) => [`${subject}_${clip}`, `${subject}/${clip.split("_")[0]}`],
      folderExample: "frame/spNO.10_a_116",
    },
    root,
    options,
  );
}

/**
 * Reads the table of CAS(ME)^3 alone, as it stands.
 *
 * @param file `cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx` or a csv copy.
 * @throws {UserError} if the file cannot be read or lacks a column.
 *
 * @example
 * ```ts
 * import { readCasme3Table, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".xlsx" });
 * const header = ["Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion"];
 * await Deno.writeFile(file, writeXlsx([{ name: "label", rows: [header, ["spNO.1", "A", 9, 8, 12, 4, "I", "Happy"]] }]));
 * const { rows, problems } = await readCasme3Table(file);
 * assertEquals([rows[0]?.clip, rows[0]?.label], ["a_9", "happy"]);
 * assertEquals(problems.map(({ field }) => field), ["edition", "apex"]);
 * ```
 */
export function readCasme3Table(file: string): Promise<TableReading> {
  return readCodedTable(file, {
    database: "casme3",
    title: "CAS(ME)^3",
    columns: {
      apex: { ...codedColumns.apex, required: true },
      objectiveClass: { headers: ["Objective class", "Objective classes"], required: false },
    },
    usual: ["actionUnits"],
    sheet: { sheet: "label" },
    clipName: { pattern: /^[a-z]+_(\d+|\?)$/, example: "a, at its onset 116" },
    subject: (text) => {
      const digits = /^spno\.?0*(\d+)$/i.exec(text)?.[1];
      return digits === undefined ? undefined : `spNO.${digits}`;
    },
    // A video has several expressions: the onset tells them apart, as it does in the clips' folders.
    clip: (text, { onset }) =>
      `${text.toLowerCase()}_${/^\d+(?=(\.0+)?$)/.exec(cellText(onset!))?.[0] ?? "?"}`,
    labelNames: labelNames.casme3,
    synonyms: { happiness: "happy", sadness: "sad", other: "others" },
    edition: () => ({
      possible: () => [],
      guess: (rows) => rows.length === 860 ? "CAS(ME)^3, part A, micro-expressions" : undefined,
    }),
  });
}
