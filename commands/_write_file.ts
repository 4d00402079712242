import { dirname } from "node:path";
import { UserError } from "../types.ts";

/** Refuses a file that cannot be written because its folder is missing or it is a folder itself. */
export async function refuseFile(what: string, file: string): Promise<void> {
  const isFolder = (path: string) => Deno.stat(path).then((info) => info.isDirectory, () => false);
  const why = await isFolder(file)
    ? "it is a folder"
    : await isFolder(dirname(file))
    ? undefined
    : `the folder ${dirname(file)} does not exist`;
  if (why !== undefined) {
    throw new UserError(`Cannot write the ${what} ${file}: ${why}; name another file with --out`);
  }
}

/** Writes a file that the user asked for, aside and then renamed: what is there is whole. `what` names it in the message. */
export async function writeFile(what: string, file: string, text: string): Promise<void> {
  const aside = `${file}.${crypto.randomUUID()}.part`;
  try {
    await Deno.writeTextFile(aside, text);
    await Deno.rename(aside, file);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw new UserError(
      `Cannot write the ${what} ${file}: ${(error as Error).message}; name another file with --out`,
    );
  }
}
