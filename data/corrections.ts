import { type Problem, UserError } from "../types.ts";
import { readPackaged } from "./_files.ts";
import { csvRows, decodeText } from "./_table.ts";
import type { TableReading, TableRow } from "./readers/_coded_table.ts";

/** One reviewed correction of a coding table. */
export interface Correction {
  /** The clip as `subject/clip` (`032/032_3_1`). */
  readonly clip: string;
  /** The field that is wrong. */
  readonly field: "onset" | "apex" | "offset" | "label";
  /** What the table must say for the correction to apply; empty for blank or unreadable. */
  readonly from: string;
  /** What it should say. */
  readonly to: string;
  /** Why. */
  readonly reason: string;
  /** Where this can be checked. */
  readonly source: string;
}

const fields = ["onset", "apex", "offset", "label"] as const;
const header = ["clip", "field", "from", "to", "reason", "source"];

/**
 * Reads a file of reviewed corrections: csv with the columns `clip,field,from,to,reason,source`.
 *
 * @param file Path or `file:` URL.
 * @throws {UserError} naming the line that has no clip, no known field, no reason or no source, or that comes twice.
 *
 * @example
 * ```ts
 * import { readCorrections } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(file, "clip,field,from,to,reason,source\nsub01/EP02_01f,apex,59,60,typo,frames on disk\n");
 * assertEquals((await readCorrections(file))[0]?.to, "60");
 * ```
 */
export async function readCorrections(file: string | URL): Promise<Correction[]> {
  const path = String(file);
  const bytes = await readPackaged(file, "corrections");
  const [head, ...lines] = csvRows(path, bytes.length === 0 ? "" : decodeText(bytes));
  if (head?.map((cell) => cell?.trim()).join() !== header.join()) {
    throw new UserError(`Cannot read the corrections ${path}: its first line must be ${header.join(",")}`);
  }
  const seen = new Set<string>();
  return lines.flatMap((line, i) => {
    if (line.every((cell) => cell === null)) return [];
    const [clip, field, from, to, reason, source] = header.map((_, k) => line[k]?.trim() ?? "") as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const at = `Cannot read the corrections ${path}: line ${i + 2}`;
    if (!/^[^/]+\/[^/]+$/.test(clip)) {
      throw new UserError(`${at} names no clip as subject/clip, it says "${clip}"`);
    }
    if (!fields.some((name) => name === field)) {
      throw new UserError(`${at} corrects "${field}", which is none of ${fields.join(", ")}`);
    }
    if (to === "") throw new UserError(`${at} does not say what ${clip} should have as ${field}`);
    if (field !== "label" && !/^\d+$/.test(to)) {
      throw new UserError(`${at} corrects ${field} to "${to}", which is no frame number`);
    }
    if (reason === "" || source === "") {
      throw new UserError(`${at} gives no ${reason === "" ? "reason" : "source"}; complete it`);
    }
    const key = `${clip} ${field}`;
    if (seen.has(key)) {
      throw new UserError(`${at} corrects the ${field} of ${clip} a second time; keep one line`);
    }
    seen.add(key);
    return [{ clip, field: field as Correction["field"], from, to, reason, source }];
  });
}

/**
 * Applies corrections to a table's rows. Each one that is applied is reported as a problem (not dropped), in place of what was noted
 * about that field.
 *
 * @param table What the table says.
 * @param corrections The reviewed corrections. Those of clips that the table does not list are passed over.
 * @param options
 * @throws {UserError} if the table says neither `from` nor, already, `to` (with `strict: false` that is reported instead, and the
 * table's value kept: for look-alikes and parts of a table, which reuse the names of real clips).
 *
 * @example
 * ```ts
 * import { applyCorrections, type TableReading } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const row = { line: 2, subject: "032", clip: "032_3_1", onset: 4896, apex: 1930, offset: 4970, label: "anger", actionUnits: "4A" };
 * const table: TableReading = { database: "samm", edition: "v2", rows: [row], problems: [] };
 * const fix = { clip: "032/032_3_1", field: "apex", from: "1930", to: "4930", reason: "typo", source: "its range" } as const;
 * assertEquals(applyCorrections(table, [fix]).rows[0]?.apex, 4930);
 * ```
 */
export function applyCorrections(
  table: TableReading,
  corrections: readonly Correction[],
  options: { readonly strict?: boolean } = {},
): TableReading {
  const { strict = true } = options;
  const problems: Problem[] = [...table.problems];
  const rows = table.rows.map((row) => {
    let changed: TableRow = row;
    for (const fix of corrections) {
      if (fix.clip !== `${row.subject}/${row.clip}`) continue;
      const now = String(row[fix.field] ?? "");
      if (now === fix.to) continue;
      if (now === fix.from) {
        changed = { ...changed, [fix.field]: fix.field === "label" ? fix.to : Number(fix.to) };
        const remedy = `corrected to ${fix.to}: ${fix.reason} (${fix.source})`;
        // In place of what was noted about the value before, so that it is told once.
        const noted = problems.findIndex(({ clip, field, dropped }) =>
          clip === fix.clip && field === fix.field && !dropped
        );
        const found = problems[noted]?.found ?? (now || "blank");
        problems.splice(noted < 0 ? problems.length : noted, noted < 0 ? 0 : 1, {
          clip: fix.clip,
          field: fix.field,
          found,
          remedy,
          dropped: false,
        });
        continue;
      }
      const mismatch = `the correction expects "${fix.from}", but the table says "${now}"`;
      if (strict) {
        throw new UserError(
          `Cannot correct the ${fix.field} of ${fix.clip} of ${table.database}: ${mismatch}; review the corrections for this table`,
        );
      }
      problems.push({
        clip: fix.clip,
        field: fix.field,
        found: now || "blank",
        remedy: `kept: ${mismatch}`,
        dropped: false,
      });
    }
    return changed;
  });
  return { ...table, rows, problems };
}
