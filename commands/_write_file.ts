import { UserError } from "../types.ts";

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
