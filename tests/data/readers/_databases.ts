// Miniature databases in the true layouts; frames are empty files, since readers never open them.
import { dirname } from "node:path";
import { writeXlsx, type XlsxCell } from "../../../data/xlsx_writer.ts";

/** Files by path: text, bytes, or null for an empty file. */
export type Tree = Record<string, string | Uint8Array | null>;

/** Writes a tree below a fresh folder. */
export async function plant(tree: Tree): Promise<string> {
  const root = await Deno.makeTempDir();
  for (const [path, content] of Object.entries(tree)) {
    await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
    if (content instanceof Uint8Array) await Deno.writeFile(`${root}/${path}`, content);
    else await Deno.writeTextFile(`${root}/${path}`, content ?? "");
  }
  return root;
}

/** Frames first..last by their path. */
export function frames(first: number, last: number, path: (n: number) => string): Tree {
  return Object.fromEntries(Array.from({ length: last - first + 1 }, (_, i) => [path(first + i), null]));
}

/** A workbook of one sheet. */
export function sheet(rows: XlsxCell[][], name = "Sheet1"): Uint8Array {
  return writeXlsx([{ name, rows }]);
}

/** A table in a file of its own. */
export async function tableFile(content: Uint8Array | string, extension = "xlsx"): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: `.${extension}` });
  if (typeof content === "string") await Deno.writeTextFile(file, content);
  else await Deno.writeFile(file, content);
  return file;
}

/** The header of CASME II's table of 2014, blank columns included. */
export const casme2Header: XlsxCell[] = [
  "Subject",
  "Filename",
  null,
  "OnsetFrame",
  "ApexFrame",
  "OffsetFrame",
  null,
  "Action Units",
  "Estimated Emotion",
];

/** The header of SAMM's table. */
export const sammHeader: XlsxCell[] = [
  "Subject",
  "Filename",
  "Inducement Code",
  "Onset Frame",
  "Apex Frame",
  "Offset Frame",
  "Duration",
  "Micro",
  "Action Units",
  "Estimated Emotion",
  "Objective Classes",
  "Notes",
];

/** The header of SMIC's HS sheet. */
export const smicHeader: XlsxCell[] = [
  "Subject",
  "Filename",
  null,
  "OnsetF",
  "OffsetF",
  "Onset2F",
  "Offset2F",
  null,
  "FirstF",
  "LastF",
  "TotalMF1",
  "TotalMF2",
  "TotalVL",
  "Emotion",
];

/** `clip field` of each problem, with a mark where the clip is left out. */
export function brief(
  problems: readonly { readonly clip: string; readonly field: string; readonly dropped: boolean }[],
): string[] {
  return problems.map(({ clip, field, dropped }) => `${clip} ${field}${dropped ? " dropped" : ""}`);
}

/** The folder of real tables, or undefined. */
export const realTables = Deno.env.get("M2M_REAL_DATA") === undefined
  ? undefined
  : `${Deno.env.get("M2M_REAL_DATA")}/annotations`;
/** Appended to the names of tests that need it. */
export const needsReal = realTables === undefined ? " (skipped: no real data)" : "";
