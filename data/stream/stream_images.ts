import { basename, extname, join } from "node:path";
import { UserError } from "../../types.ts";
import { entries, frameNumber, imageExtensions } from "../_files.ts";
import { wholeFrameOf } from "../source_frames.ts";
import type { FrameStream, TimedFrame } from "./types.ts";

/**
 * A folder of images (JPEG, PNG, BMP) as a stream, in the natural order of their names (`img9` before `img10`), evenly spaced. An image that cannot be read, or has
 * another size than the first, ends it there; `cutShort` says so.
 *
 * @param folder
 * @param fps Frames a second.
 * @throws {UserError} if the folder cannot be read or holds no image; while it is read, if the first image cannot be read.
 *
 * @example
 * ```ts
 * import { streamImages } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 * import sharp from "sharp";
 *
 * const folder = await Deno.makeTempDir();
 * for (const n of [9, 10]) {
 *   await sharp({ create: { width: 4, height: 4, channels: 3, background: "grey" } }).toFile(`${folder}/img${n}.png`);
 * }
 * const seen = [];
 * for await (const { frame, time } of (await streamImages(folder, 100)).frames) seen.push([frame, time]);
 * assertEquals(seen, [[9, 0], [10, 0.01]]);
 * ```
 */
export async function streamImages(folder: string, fps: number): Promise<FrameStream> {
  if (!(fps > 0)) throw new RangeError(`Cannot stream images: fps must be positive, current value is ${fps}`);
  const names = (await entries(folder)).files.filter((name) =>
    imageExtensions.has(extname(name).toLowerCase())
  );
  if (names.length === 0) {
    throw new UserError(
      `Cannot read the folder ${folder}: it holds no JPEG, PNG or BMP image; name the folder of the frames`,
    );
  }
  const files = names.map((name) => join(folder, name)), numbers = names.map(frameNumber);
  const numbered = numbers.every((n) => n !== undefined) && new Set(numbers).size === numbers.length;
  let cutShort: string | undefined;
  return { frames: frames(), cutShort: () => cutShort, announced: files.length };

  async function* frames(): AsyncGenerator<TimedFrame> {
    const source = { kind: "images", files } as const;
    let size: string | undefined;
    for (const k of files.keys()) {
      let frame;
      try {
        frame = await wholeFrameOf(source, k, 3);
        const found = `${frame.width}x${frame.height}`;
        if (size !== undefined && found !== size) {
          throw new UserError(`the frame ${files[k]} is ${found}, those before are ${size}`);
        }
        size = found;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const why = error.message.replace("; copy it again from the database", "");
        if (k === 0) {
          throw new UserError(`Cannot read the folder ${folder}: ${why}; remove it or copy it again`);
        }
        cutShort = `${basename(folder)} could be read up to ${
          basename(files[k - 1]!)
        }, ${k} of ${files.length} frames: ${why}`;
        return;
      }
      yield { ...frame, time: k / fps, frame: numbered ? numbers[k]! : k + 1 };
    }
  }
}
