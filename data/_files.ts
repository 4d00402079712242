import { basename, extname, join, relative, resolve } from "node:path";
import { UserError } from "../types.ts";
import { byNumber, sortedByNumber } from "./_by_number.ts";

export { byNumber };

/** An image file with the number in its name. */
export interface NumberedFrame {
  readonly number: number;
  readonly file: string;
}

/** Endings of image files that are read. */
export const imageExtensions: ReadonlySet<string> = new Set([".jpg", ".jpeg", ".png", ".bmp"]);

/** Image files of other kinds, which are told. */
const otherImage = /\.(tiff?|webp|gif|heic|avif|jp2|jfif|pgm|ppm)$/i;

/** The root as an absolute path, if it is a folder. */
export async function openRoot(root: string, what: string): Promise<string> {
  const path = resolve(root);
  const info = await Deno.stat(path).catch(() => undefined);
  if (info === undefined) {
    throw new UserError(
      `Cannot read ${what}: the folder ${path} does not exist; give the folder that holds the database`,
    );
  }
  if (!info.isDirectory) {
    throw new UserError(`Cannot read ${what}: ${path} is a file; give the folder that holds the database`);
  }
  return path;
}

/**
 * Size and time of change of a file; -1 and 0 if it is not there. At once: of thousands of files, waiting for each costs more than
 * asking.
 */
export function fileFacts(file: string): [size: number, changed: number] {
  try {
    const { size, mtime } = Deno.statSync(file);
    return [size, mtime?.getTime() ?? 0];
  } catch {
    return [-1, 0];
  }
}

/**
 * Entries of a folder without hidden ones (`.DS_Store`, `._img1.jpg`, `~$table.xlsx`), sorted by name. Read at once: changing threads for each of many small folders costs more
 * than reading them.
 */
export async function entries(folder: string): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = [], files: string[] = [];
  try {
    for (const entry of Deno.readDirSync(folder)) {
      if (entry.name.startsWith(".") || entry.name.startsWith("~$") || entry.name === "__MACOSX") continue;
      // A link that leads nowhere is told where the file is needed.
      const { isDirectory, isFile } = entry.isSymlink
        ? await Deno.stat(join(folder, entry.name)).catch(() => ({ isDirectory: false, isFile: true }))
        : entry;
      if (isDirectory) folders.push(entry.name);
      else if (isFile) files.push(entry.name); // reading a pipe or a device may never end
    }
  } catch (error) {
    throw new UserError(
      `Cannot read the folder ${folder}: ${(error as Error).message}; check that it exists and may be read`,
    );
  }
  return { folders: sortedByNumber(folders), files: sortedByNumber(files) };
}

/** The number in a frame's name: its last run of digits (`img46`, `reg_img46`, `006_05562`, `S005_001_00000011`). */
export function frameNumber(name: string): number | undefined {
  const digits = basename(name, extname(name)).match(/(\d+)\D*$/)?.[1];
  return digits === undefined || digits.length > 15 ? undefined : Number(digits);
}

/**
 * The image files of a clip's folder in order of their numbers, and the names that could not be placed: without a number, with one that another file has,
 * not named like most of the folder (`img46 (1).jpg`, whose number is no frame's), or of a kind that is not read.
 */
export async function listFrames(folder: string): Promise<{ frames: NumberedFrame[]; odd: string[] }> {
  const { files } = await entries(folder);
  const images = files.filter((name) => imageExtensions.has(extname(name).toLowerCase()));
  const usual = usualShape(images);
  const frames: NumberedFrame[] = [], seen = new Set<number>();
  const odd = files.filter((name) => otherImage.test(name));
  for (const name of images) {
    const number = frameNumber(name);
    if (number === undefined || seen.has(number) || shapeOf(name) !== usual) {
      odd.push(name);
    } else {
      seen.add(number);
      frames.push({ number, file: join(folder, name) });
    }
  }
  return { frames: frames.sort((a, b) => a.number - b.number), odd };
}

/** A frame's name without its number and ending: `reg_img#`, `img#`. */
function shapeOf(name: string): string {
  return basename(name, extname(name)).toLowerCase().replace(/\d+(?=\D*$)/, "#");
}

/** The shape of most names, the first of equals. */
function usualShape(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) {
    if (frameNumber(name) !== undefined) counts.set(shapeOf(name), (counts.get(shapeOf(name)) ?? 0) + 1);
  }
  return [...counts].reduce(
    (best, entry) => best === undefined || entry[1] > best[1] ? entry : best,
    undefined as [string, number] | undefined,
  )?.[0];
}

/** Every folder at most `depth` below `root`, `root` first; does not enter folders for which `leaf` is true. */
export async function foldersBelow(
  root: string,
  depth: number,
  leaf: (name: string) => boolean,
): Promise<string[]> {
  const found = [root];
  if (depth === 0) return found;
  for (const name of (await entries(root)).folders) {
    if (!leaf(name)) found.push(...await foldersBelow(join(root, name), depth - 1, leaf));
  }
  return found;
}

/** The name among `names` that equals `wanted`, if need be but for case. */
export function sameName(names: readonly string[], wanted: string): string | undefined {
  return names.find((name) => name === wanted) ??
    names.find((name) => name.toLowerCase() === wanted.toLowerCase());
}

/** The one file below `root` (two folders deep) whose name matches; several or none is the user's to settle. */
export async function findTable(
  root: string,
  what: string,
  pattern: RegExp,
  example: string,
  leaf: (name: string) => boolean,
): Promise<string> {
  const found: string[] = [];
  for (const folder of await foldersBelow(root, 2, leaf)) {
    for (const name of (await entries(folder)).files) if (pattern.test(name)) found.push(join(folder, name));
  }
  if (found.length === 1) return found[0]!;
  if (found.length === 0) await refuseOtherKinds(root, what, pattern, leaf);
  throw new UserError(
    found.length === 0
      ? `Cannot read ${what} in ${root}: its coding table was not found; put ${example} there or name the table`
      : `Cannot read ${what} in ${root}: ${found.length} coding tables were found (${
        found.map((file) => relative(root, file)).join(", ")
      }); name the one to use`,
  );
}

/** Refuses a table that lies where one is looked for, but in a kind of file that is not read. */
export async function refuseOtherKinds(
  root: string,
  what: string,
  pattern: RegExp,
  leaf: (name: string) => boolean,
): Promise<void> {
  for (const folder of await foldersBelow(root, 2, leaf)) {
    for (const name of (await entries(folder)).files) {
      if (!/\.(xls|xlsb|xlsm|ods|numbers|tsv|txt)$/i.test(name)) continue;
      if (!pattern.test(`${basename(name, extname(name))}.csv`)) continue;
      throw new UserError(
        `Cannot read ${what} in ${root}: its coding table ${
          relative(root, join(folder, name))
        } is neither .xlsx nor .csv; save it as one of these`,
      );
    }
  }
}

/** Folders below `root` that hold subject folders, by the pattern of a subject's name. */
export async function subjectParents(root: string, subject: RegExp): Promise<string[]> {
  const parents: string[] = [];
  for (const folder of await foldersBelow(root, 3, (name) => subject.test(name))) {
    if ((await entries(folder)).folders.some((name) => subject.test(name))) parents.push(folder);
  }
  return parents;
}

/** The bytes of a file of the user's (a path) or of the package (a URL, `https:` where the package comes from JSR). */
export async function readPackaged(file: string | URL, what: string): Promise<Uint8Array> {
  try {
    if (!(file instanceof URL) || file.protocol === "file:") return await Deno.readFile(file);
    const response = await fetch(file);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new UserError(`Cannot read the ${what} ${file}: ${(error as Error).message}; check that it exists`);
  }
}
