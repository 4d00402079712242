import { join } from "node:path";
import { synthesizeDatabases } from "../../../data/mod.ts";

let made: Promise<string> | undefined;

/** Small synthetic databases of this test file: 2 subjects of 3 clips each in CASME II, SMIC and SAMM. */
export function smallDatabases(): Promise<string> {
  return made ??= (async () => {
    const root = join(await Deno.makeTempDir(), "synthetic");
    const subjects = { casme2: 2, smic: 2, samm: 2, ckplus: 0, mmi: 0 };
    await synthesizeDatabases(root, { subjects, clipsPerSubject: 3, size: 64, frames: 8, flow: false });
    return root;
  })();
}

/** Every file below a folder with its SHA-256. */
export async function tree(folder: string): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  const visit = async (below: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
      const path = join(below, name);
      if (isDirectory) await visit(path);
      else {
        const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(join(folder, path)));
        found.push([
          path,
          [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
        ]);
      }
    }
  };
  await visit("");
  return Object.fromEntries(found.sort(([a], [b]) => a < b ? -1 : 1));
}
