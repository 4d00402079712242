import { UserError } from "../types.ts";

/** A file out of a package that this one depends on, from where Deno keeps it. */
export async function packageFile(specifier: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(import.meta.resolve(specifier));
  return await Deno.readFile(url).catch((error: Error) => {
    throw new UserError(
      `Cannot read ${url.pathname}: ${error.message}; remove that package's folder, so that it is loaded again.`,
    );
  });
}
