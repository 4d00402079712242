import { Unusable } from "./pixels.ts";

/** A file of the page's own folder. */
export async function load(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch((error: Error) => {
    throw new Unusable(`${name(url)} cannot be loaded (${error.message}); is the server still running?`);
  });
  if (!response.ok) {
    throw new Unusable(
      `${
        name(url)
      } is missing in the page's folder (${response.status}); write it again by m2m inspect --out.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

function name(url: string): string {
  return new URL(url).pathname;
}
