import { basename, join } from "node:path";
import { entries } from "../_files.ts";
import type { ResultFolder } from "./_folder.ts";
import type { Written } from "./_task.ts";

/**
 * Copies what the readers need beside the frames, under the same names: coding tables, MMI's xml files, CK+'s emotion and action unit files. Landmark files are left out: they
 * count in pixels of the original frames. A table named by the user is copied to the top and its like there left out, so that the reader finds one.
 */
export async function copyTables(
  folder: ResultFolder,
  database: string,
  root: string,
  named: string | undefined,
): Promise<Written[]> {
  const copied: Written[] = [];
  if (named !== undefined) {
    copied.push(await folder.put(`${database}/${basename(named)}`, await Deno.readFile(named)));
  }
  const visit = async (below: string, depth: number): Promise<void> => {
    const { folders, files } = await entries(join(root, below));
    for (const name of files) {
      const wanted = /\.(xlsx|csv)$/i.test(name)
        ? named === undefined && name !== "apex.csv"
        : /\.xml$/i.test(name) || (/\.txt$/i.test(name) && /(^|\/)(emotion|facs)[^/]*(\/|$)/i.test(below));
      if (!wanted) continue;
      const file = below === "" ? name : `${below}/${name}`;
      copied.push(await folder.put(`${database}/${file}`, await Deno.readFile(join(root, file))));
    }
    if (depth === 0) return;
    for (const name of folders) await visit(below === "" ? name : `${below}/${name}`, depth - 1);
  };
  await visit("", 5);
  return copied.sort((a, b) => a.file < b.file ? -1 : 1);
}
