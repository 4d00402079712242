import { join } from "node:path";
import { type Clip, type Sample, UserError } from "../types.ts";
import { checkOptions, type ClipOptions, loadClip, neededFrames } from "./load_clip.ts";

/** Changes when the same files and settings would give other pixels. */
const version = "clip 1";
const suffix = ".clip";

/**
 * A folder of clips that were decoded before, as raw pixels. A clip's name there is the SHA-256 of the settings and of path, size and
 * modification time of each file that it is made of, so that a changed file or setting is another entry and nothing is ever
 * stale. Entries are written aside and renamed: several processes may use the folder, and one that is killed leaves nothing half-written
 * under an entry's name. Nothing is held in memory.
 *
 * @example
 * ```ts
 * import { ClipCache } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 * import sharp from "sharp";
 *
 * const folder = await Deno.makeTempDir();
 * await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 90, g: 90, b: 90 } } }).toFile(`${folder}/img1.png`);
 * const cache = await ClipCache.open(`${folder}/cache`, { frames: 4, size: 2, channels: 1 });
 * const clip = await cache.load({
 *   database: "casme2", subject: "sub01", clip: "EP01_01", label: "others", fps: 200, apexOrigin: "coded",
 *   source: { kind: "images", files: [`${folder}/img1.png`] }, onset: 0, apex: 0, offset: 0,
 * });
 * assertEquals(clip.shape, [4, 2, 2, 1]);
 * assertEquals([...Deno.readDirSync(`${folder}/cache`)].length, 1);
 * ```
 */
export class ClipCache {
  /** The folder of the entries. */
  readonly folder: string;
  /** What the clips are brought to. */
  readonly options: ClipOptions;

  private constructor(folder: string, options: ClipOptions) {
    this.folder = folder;
    this.options = options;
  }

  /**
   * Opens a cache, making its folder if need be, and clears away what processes killed more than a day ago left unfinished.
   *
   * @param folder Where the entries are; shared by all settings and databases.
   * @param options What the clips are brought to.
   * @throws {RangeError} if an option makes no sense.
   * @throws {UserError} if the folder cannot be made.
   */
  static async open(folder: string, options: ClipOptions): Promise<ClipCache> {
    checkOptions(options);
    try {
      await Deno.mkdir(folder, { recursive: true });
      for await (const { name } of Deno.readDir(folder)) {
        if (!name.endsWith(".part")) continue;
        const { mtime } = await Deno.stat(join(folder, name)).catch(() => ({ mtime: null }));
        if (mtime !== null && Date.now() - mtime.getTime() > 24 * 3600 * 1000) {
          await Deno.remove(join(folder, name)).catch(() => {}); // another process was faster
        }
      }
    } catch (error) {
      throw new UserError(
        `Cannot use the clip cache ${folder}: ${(error as Error).message}; name a folder that can be written`,
      );
    }
    return new ClipCache(folder, options);
  }

  /**
   * The clip, from its entry, or decoded now and kept.
   *
   * @param sample A clip of a reader.
   * @throws {UserError} as `loadClip`, and if the entry cannot be written.
   */
  async load(sample: Sample): Promise<Clip> {
    return readCachedClip(await this.keep(sample), this.options);
  }

  /**
   * Makes the clip's entry unless it is there, and gives its file, for `readCachedClip`.
   *
   * @param sample A clip of a reader.
   * @throws {UserError} as `loadClip`, and if the entry cannot be written.
   */
  async keep(sample: Sample): Promise<string> {
    const file = join(this.folder, `${await this.#key(sample)}${suffix}`);
    const { size } = await Deno.stat(file).catch(() => ({ size: -1 }));
    if (size === bytesOf(this.options).total) return file;
    const clip = await loadClip(sample, this.options);
    const { total, apex } = bytesOf(this.options);
    const bytes = new Uint8Array(total);
    bytes.set(clip.pixels);
    bytes.set(clip.apex, total - apex);
    await writeWhole(file, bytes);
    return file;
  }

  async #key(sample: Sample): Promise<string> {
    const { source, onset, apex, offset } = sample;
    const files = source.kind === "video"
      ? [source.file]
      : neededFrames(sample, this.options.frames, this.options.interpolation).map((position) =>
        source.files[position] ?? ""
      );
    const facts = await Promise.all(files.map(async (file) => {
      // A missing file is loadClip's to report.
      const { size, mtime } = await Deno.stat(file).catch(() => ({ size: -1, mtime: null }));
      return [file, size, mtime?.getTime() ?? 0];
    }));
    const { frames, size, channels, crop, interpolation = "linear" } = this.options;
    const kind = interpolation === "linear" ? [] : [interpolation]; // names of before stay good
    const box = crop === undefined ? null : [crop.left, crop.top, crop.width, crop.height];
    const turn = source.kind === "video" ? source.turn : 0;
    const text = JSON.stringify([
      version,
      frames,
      size,
      channels,
      box,
      onset,
      apex,
      offset,
      turn,
      facts,
      ...kind,
    ]);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/**
 * Reads an entry of a clip cache by its file: for processes that were told the file and have no sample.
 *
 * @param file What `ClipCache.keep` gave.
 * @param options T, size and channels of that cache.
 * @throws {UserError} if the file is not there or not of that size.
 *
 * @example
 * ```ts
 * import { readCachedClip } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile({ suffix: ".clip" });
 * await Deno.writeFile(file, new Uint8Array([1, 2, 2])); // T = 2 frames of one pixel, then the apex
 * assertEquals([...readCachedClip(file, { frames: 2, size: 1, channels: 1 }).apex], [2]);
 * ```
 */
export function readCachedClip(
  file: string,
  options: Pick<ClipOptions, "frames" | "size" | "channels">,
): Clip {
  const { frames, size, channels } = options;
  const { total, apex } = bytesOf(options);
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(file);
  } catch (error) {
    throw new UserError(
      `Cannot read the cached clip ${file}: ${(error as Error).message}; run again to make it anew`,
    );
  }
  if (bytes.length !== total) {
    throw new UserError(
      `Cannot read the cached clip ${file}: it has ${bytes.length} bytes instead of ${total}; delete it and run again`,
    );
  }
  return {
    pixels: bytes.subarray(0, total - apex),
    shape: [frames, size, size, channels],
    apex: bytes.subarray(total - apex),
  };
}

function bytesOf({ frames, size, channels }: Pick<ClipOptions, "frames" | "size" | "channels">) {
  const apex = size * size * channels;
  return { apex, total: (frames + 1) * apex };
}

/** Written aside, then renamed. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const aside = `${file}.${crypto.randomUUID()}.part`;
  try {
    await Deno.writeFile(aside, bytes);
    await Deno.rename(aside, file);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw new UserError(
      `Cannot write the clip cache ${file}: ${(error as Error).message}; free space or name another folder`,
    );
  }
}
