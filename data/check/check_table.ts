import { countClipsOf } from "../published.ts";
import { readCasme2Table } from "../readers/casme2.ts";
import { correct } from "../readers/_coded_database.ts";
import type { TableReading } from "../readers/_coded_table.ts";
import type { DatabaseOptions } from "../readers/options.ts";
import { readCasme3Table } from "../readers/casme3.ts";
import { readMmewTable } from "../readers/mmew.ts";
import { readSammTable } from "../readers/samm.ts";
import { readSmicTable } from "../readers/smic.ts";
import { mergeProblems } from "./_merge_problems.ts";
import { publishedFor } from "./_published_for.ts";
import type { CheckReport } from "./report.ts";

/** The databases that have a coding table. */
export const tableNames = ["casme2", "smic", "samm", "casme3", "mmew"] as const;
/** A database that has a coding table. */
export type TableName = typeof tableNames[number];

/**
 * Checks a coding table alone, without any frames. Counts are those of the table as it stands; only corrections that are named are applied
 * to them, those of the package are told.
 *
 * @param name `casme2`, `smic`, `samm`, `casme3` or `mmew`.
 * @param file The table, `.xlsx` or `.csv`.
 * @param options The camera of SMIC, and corrections.
 * @throws {UserError} if it is no table of that database, or lacks a column; or if a correction that was named does not match.
 *
 * @example
 * ```ts
 * import { checkTable, writeXlsx } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".xlsx" });
 * const header = ["Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units", "Estimated Emotion"];
 * await Deno.writeFile(file, writeXlsx([{ name: "Sheet1", rows: [header, ["07", "EP01_02", 5, "/", 9, 12, "happiness"]] }]));
 * const { labels, problems } = await checkTable("casme2", file);
 * assertEquals(labels, { happiness: 1 });
 * assertEquals(problems.map(({ clip, field, found }) => [clip, field, found])[1], ["sub07/EP01_02", "apex", "/"]);
 * ```
 */
export async function checkTable(
  name: TableName,
  file: string,
  options: Pick<DatabaseOptions, "camera" | "corrections"> = {},
): Promise<CheckReport> {
  const table = await read(name, file, options);
  const corrected = await correct(table, { ...options, lenient: true });
  const counts = countClipsOf(typeof options.corrections === "string" ? corrected.rows : table.rows);
  const { blank: _, ...labels } = counts.labels;
  const published = publishedFor(name, table.edition, counts, true);
  return {
    database: name,
    edition: table.edition,
    ...counts,
    labels,
    problems: mergeProblems(corrected.problems),
    ...(published === undefined ? {} : { published }),
    frames: 0,
  };
}

function read(
  name: TableName,
  file: string,
  { camera }: Pick<DatabaseOptions, "camera">,
): Promise<TableReading> {
  switch (name) {
    case "casme2":
      return readCasme2Table(file);
    case "samm":
      return readSammTable(file);
    case "smic":
      return readSmicTable(file, camera === undefined ? {} : { camera });
    case "casme3":
      return readCasme3Table(file);
    case "mmew":
      return readMmewTable(file);
    default:
      throw new RangeError(
        `Cannot check table: name must be one of ${tableNames.join(", ")}, current value is ${name}`,
      );
  }
}
