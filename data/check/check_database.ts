import type { DatabaseName } from "../../types.ts";
import type { DatabaseOptions } from "../readers/options.ts";
import { type FurtherName, readDatabase } from "../readers/read_database.ts";
import { checkReading } from "./_check_reading.ts";
import type { CheckProgress, CheckReport } from "./report.ts";

/** How a database is checked. */
export interface CheckOptions extends DatabaseOptions {
  /**
   * Read every frame to its end, which alone finds those that are cut short. Without, each is only opened: its size and kind are seen.
   *
   * @default true
   */
  readonly decode?: boolean;
  /** Stops the check. */
  readonly signal?: AbortSignal;
  /** Called for every frame. */
  readonly onProgress?: (progress: CheckProgress) => void;
}

/**
 * Checks a database on disk: reads its table and folders as for a run, then opens every frame of every usable clip, and reports all that is odd:
 * what the reader reports, frames that are missing, cut short, empty or unlike the others of their clip, clips unlike the others of their
 * database, and where the counts depart from the published ones. Nothing is changed. One clip is looked at after the other, so that memory does not grow.
 *
 * @param name `casme2`, `smic`, `samm`, `ckplus`, `mmi`, `casme3` or `mmew`.
 * @param root The folder that holds the database.
 * @param options
 * @throws {UserError} as the database's own reader.
 * @throws {DOMException} `AbortError` when the signal stops it.
 *
 * @example
 * ```ts
 * import { checkDatabase } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const clip = `${root}/SMIC_all_cropped/HS/s3/micro/surprise/s3_sur_01`;
 * await Deno.mkdir(clip, { recursive: true });
 * for (const n of [7, 8]) await Deno.writeTextFile(`${clip}/reg_image${n}.bmp`, "");
 * const { clips, problems } = await checkDatabase("smic", root);
 * assertEquals(clips, 1);
 * assertEquals(problems.at(-1)?.found, "reg_image7.bmp, reg_image8.bmp: the file is empty");
 * ```
 */
export async function checkDatabase(
  name: DatabaseName | FurtherName,
  root: string,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const { decode = true, signal, onProgress, ...how } = options;
  return await checkReading(await readDatabase(name, root, { lenient: true, ...how }), root, {
    decode,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
