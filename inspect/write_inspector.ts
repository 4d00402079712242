import { dirname, join } from "node:path";
import { UserError } from "../types.ts";
import type { InspectorFiles } from "./inspector_files.ts";

/**
 * Writes the inspector's files into a new folder, for any static host (browsers give the camera to pages from `https:` alone, or from this machine). It appears
 * whole or not at all.
 *
 * @param files What {@linkcode inspectorFiles} gave.
 * @param out The folder; it must not be there yet, or be empty.
 * @throws {UserError} if it holds something or cannot be written.
 *
 * @example
 * ```ts
 * import { writeInspector } from "@macro2micro/mer/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = `${await Deno.makeTempDir()}/page`;
 * await writeInspector(new Map([["model/note.txt", new TextEncoder().encode("hello")]]), folder);
 * assertEquals(await Deno.readTextFile(`${folder}/model/note.txt`), "hello");
 * ```
 */
export async function writeInspector(files: InspectorFiles, out: string): Promise<void> {
  const there = await Array.fromAsync(Deno.readDir(out)).catch(() => []);
  if (there.length > 0) {
    throw new UserError(
      `Cannot write the inspector to ${out}: the folder is not empty; name a new one with --out.`,
    );
  }
  const aside = `${out.replace(/\/+$/, "")}.${crypto.randomUUID()}.part`;
  try {
    for (const [name, bytes] of files) {
      await Deno.mkdir(dirname(join(aside, name)), { recursive: true });
      await Deno.writeFile(join(aside, name), bytes);
    }
    await Deno.remove(out).catch(() => {});
    await Deno.rename(aside, out);
  } catch (error) {
    await Deno.remove(aside, { recursive: true }).catch(() => {});
    throw new UserError(
      `Cannot write the inspector to ${out}: ${(error as Error).message}; name another folder with --out.`,
    );
  }
}
