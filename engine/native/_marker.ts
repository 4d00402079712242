import { fileDigest } from "./_digest.ts";

/** What `m2m engine install` has put into a folder: the file that also marks the folder as ours to remove. */
export interface Marker {
  readonly madeBy: "m2m engine install";
  /** `tensorflow-cpu==2.21.0`, or `npm` for the package's own install step. */
  source: string;
  /** The finished steps, each with the SHA-256 of the files that it made, by path within the folder. */
  steps: Record<string, Record<string, string>>;
}

const file = "m2m-native.json";

/** The folder's marker, or undefined if it has none. */
export function readMarker(folder: string): Marker | undefined {
  try {
    const marker = JSON.parse(Deno.readTextFileSync(`${folder}/${file}`));
    return marker.madeBy === "m2m engine install" ? marker : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the marker aside, then renames it. */
export async function writeMarker(folder: string, marker: Marker): Promise<void> {
  await Deno.writeTextFile(`${folder}/${file}.part`, JSON.stringify(marker, null, 2) + "\n");
  await Deno.rename(`${folder}/${file}.part`, `${folder}/${file}`);
}

/** Whether a step's files are all there as it left them. */
export async function stepIsDone(folder: string, marker: Marker, step: string): Promise<boolean> {
  const files = Object.entries(marker.steps[step] ?? {});
  for (const [path, digest] of files) {
    if (await fileDigest(`${folder}/${path}`) !== digest) return false;
  }
  return files.length > 0;
}

/** The digests of a finished step's files. */
export async function digestsOf(folder: string, paths: readonly string[]): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const path of paths) {
    const digest = await fileDigest(`${folder}/${path}`);
    if (digest === undefined) throw new Error(`Cannot finish the step: ${folder}/${path} is missing`);
    digests[path] = digest;
  }
  return digests;
}
