import { type DatabaseName, databaseNames, type DatabaseReading } from "../../types.ts";
import { readCasme2 } from "./casme2.ts";
import { readCkplus } from "./ckplus.ts";
import { readMmi } from "./mmi.ts";
import type { DatabaseOptions } from "./options.ts";
import { readSamm } from "./samm.ts";
import { readSmic } from "./smic.ts";

/**
 * Reads a database by its short name; see each reader for its layout.
 *
 * @param name `casme2`, `smic`, `samm`, `ckplus` or `mmi`.
 * @param root The folder that holds the database.
 * @param options
 * @throws {RangeError} if the name is none of these.
 * @throws {UserError} as the database's own reader.
 *
 * @example
 * ```ts no-run
 * import { readDatabase } from "@macro2micro/mer/data";
 *
 * const { edition, samples } = await readDatabase("samm", "databases/samm");
 * console.log(edition, samples.length);
 * ```
 */
export function readDatabase(
  name: DatabaseName,
  root: string,
  options: DatabaseOptions = {},
): Promise<DatabaseReading> {
  switch (name) {
    case "casme2":
      return readCasme2(root, options);
    case "smic":
      return readSmic(root, options);
    case "samm":
      return readSamm(root, options);
    case "ckplus":
      return readCkplus(root);
    case "mmi":
      return readMmi(root);
    default:
      throw new RangeError(
        `Cannot read database: name must be one of ${databaseNames.join(", ")}, current value is ${name}`,
      );
  }
}
