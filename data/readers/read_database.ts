import { type DatabaseName, databaseNames, type DatabaseReading } from "../../types.ts";
import { readCasme2 } from "./casme2.ts";
import { readCasme3 } from "./casme3.ts";
import { readCkplus } from "./ckplus.ts";
import { readMmew } from "./mmew.ts";
import { readMmi } from "./mmi.ts";
import type { DatabaseOptions } from "./options.ts";
import { readSamm } from "./samm.ts";
import { readSmic } from "./smic.ts";
import { refuseUnfinished, withSpottedApices } from "./_spotted.ts";

/** Databases that are read and checked, but have no class sets yet and so no place in pipelines. */
export const furtherNames = ["casme3", "mmew"] as const;
/** A further database by its short name. */
export type FurtherName = typeof furtherNames[number];

/**
 * Reads a database by its short name; see each reader for its layout. Where `prepareDatabases` made the folder, an apex that it spotted
 * takes the place of a midpoint (`apexOrigin: "spotted"`).
 *
 * @param name `casme2`, `smic`, `samm`, `ckplus`, `mmi`, `casme3` or `mmew`.
 * @param root The folder that holds the database.
 * @param options
 * @throws {RangeError} if the name is none of these.
 * @throws {UserError} as the database's own reader.
 *
 * @example
 * ```ts
 * import { readDatabase } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const clip = `${root}/SMIC_all_cropped/HS/s3/micro/surprise/s3_sur_01`;
 * await Deno.mkdir(clip, { recursive: true });
 * for (const n of [7, 8]) await Deno.writeTextFile(`${clip}/reg_image${n}.bmp`, "");
 * assertEquals((await readDatabase("smic", root)).samples[0]?.label, "surprise");
 * ```
 */
export async function readDatabase(
  name: DatabaseName | FurtherName,
  root: string,
  options: DatabaseOptions = {},
): Promise<DatabaseReading> {
  await refuseUnfinished(root);
  return await withSpottedApices(await readPlain(name, root, options), root);
}

function readPlain(
  name: DatabaseName | FurtherName,
  root: string,
  options: DatabaseOptions,
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
    case "casme3":
      return readCasme3(root, options);
    case "mmew":
      return readMmew(root, options);
    default:
      throw new RangeError(
        `Cannot read database: name must be one of ${
          [...databaseNames, ...furtherNames].join(", ")
        }, current value is ${name}`,
      );
  }
}
