import { createHash } from "node:crypto";
import { createReadStream, readdirSync } from "node:fs";

/** SHA-256 of a file in hexadecimal digits, or undefined if there is no such file. */
export async function fileDigest(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}

/** SHA-256 over the names and digests of all files in folders below `root`, or undefined if one is missing. */
export async function treeDigest(root: string, folders: readonly string[]): Promise<string | undefined> {
  const hash = createHash("sha256");
  for (const folder of folders) {
    let names: string[];
    try {
      names = readdirSync(`${root}/${folder}`, { recursive: true }).map(String).sort();
    } catch {
      return undefined;
    }
    for (const name of names.filter((name) => /\.(js|cc|h)$/.test(name))) {
      hash.update(
        `${folder}/${name.replaceAll("\\", "/")} ${await fileDigest(`${root}/${folder}/${name}`)}\n`,
      );
    }
  }
  return hash.digest("hex");
}
