import { type FrameSource, UserError } from "../types.ts";
import { decodeBmp, isBmp, type RawImage } from "./_bmp.ts";
import { loadSharp, type Sharp } from "./_sharp.ts";
import { rawVideoFrames } from "./_video.ts";
import { decodeJpeg } from "./jpeg/decode_jpeg.ts";
import { imageSize } from "./_image_size.ts";
import type { Region } from "./resample/make_resampler.ts";

/** How many frames sharp decodes at once: it works in other threads. */
const ahead = 3;

/** A part of a frame. */
export interface Part {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** A frame as it is, whole, and the bytes of its file where it has one. */
export async function wholeFrameOf(source: FrameSource, position: number, channels: 1 | 3): Promise<Part> {
  if (source.kind === "video") {
    for await (const { frame } of rawVideoFrames(source, [position])) {
      return await partOf(frame, undefined, channels);
    }
    throw new UserError(`Cannot read the video ${source.file}: it has no frame ${position}`);
  }
  const file = source.files[position]!;
  const part = await explained(file, async () => await decodePart(readFrame(file), undefined, channels));
  return { ...part, pixels: part.pixels.slice() };
}

/** Width and height of a frame, from the head of its file where it has one. */
export async function frameSizeOf(
  source: FrameSource,
  position: number,
): Promise<{ width: number; height: number }> {
  if (source.kind === "video") return await wholeFrameOf(source, position, 3);
  const file = source.files[position]!;
  return await explained(file, async () => await imageSize(readFrame(file)));
}

/**
 * The same part of every frame from `first` to `last`, in order; each frame must have the size of the clip. The pixels are good until the next one is asked for.
 *
 * @param known Gives the bytes of a file that has been read already.
 */
export async function* framesOf(
  source: FrameSource,
  first: number,
  last: number,
  frame: { readonly width: number; readonly height: number },
  region: Region,
  channels: 1 | 3,
  known: (file: string) => Uint8Array | undefined = () => undefined,
): AsyncGenerator<Part> {
  const count = last - first + 1;
  if (source.kind === "video") {
    const wanted = Array.from({ length: count }, (_, i) => first + i);
    for await (const { frame: raw } of rawVideoFrames(source, wanted)) {
      yield await partOf(raw, region, channels);
    }
    return;
  }
  const decode = (position: number) => {
    const file = source.files[position]!;
    const part = explained(file, async () => {
      const bytes = known(file) ?? readFrame(file);
      const { width, height } = await imageSize(bytes);
      if (width !== frame.width || height !== frame.height) {
        throw new UserError(
          `the frame ${file} is ${width}x${height}, but ${
            source.files[first]
          } is ${frame.width}x${frame.height}; copy the clip's folder again from the database`,
        );
      }
      // What is decoded in this thread waits for its turn, so that the pixels of one frame need no copy.
      return isJpeg(bytes) ? bytes : await decodePart(bytes, region, channels);
    });
    part.catch(() => {}); // told when its turn comes
    return { file, part };
  };
  const waiting: ReturnType<typeof decode>[] = [];
  for (let next = 0, k = 0; k < count; k++) {
    while (next < count && next < k + ahead) waiting.push(decode(first + next++));
    const { file, part } = waiting.shift()!;
    try {
      const ready = await part;
      yield ready instanceof Uint8Array
        ? await explained(file, () => decodePart(ready, region, channels))
        : ready;
    } catch (error) {
      await Promise.allSettled(waiting.map(({ part }) => part)); // a process that exits while sharp still works may crash
      throw error;
    }
  }
}

/** At once: waiting for each of many small files costs more than reading them. */
function readFrame(file: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(file);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "the file is missing" : (error as Error).message;
    throw new UserError(`the frame ${file} cannot be read: ${why}; copy it again from the database`);
  }
  if (bytes.length > 0) return bytes;
  throw new UserError(`the frame ${file} cannot be read: the file is empty; copy it again from the database`);
}

async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = (error as Error).message.replaceAll("\n", " ").trim();
    throw new UserError(
      `the frame ${file} cannot be read: it is damaged or no image (${why}); copy it again from the database`,
    );
  }
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

async function decodePart(bytes: Uint8Array, region: Region | undefined, channels: 1 | 3): Promise<Part> {
  if (isBmp(bytes)) return await partOf(decodeBmp(bytes), region, channels);
  const part = isJpeg(bytes) ? decodeJpeg(bytes, region) : undefined;
  if (part !== undefined) {
    // Colour to grey is sharp's, as for the files that are not decoded here.
    return part.channels > channels
      ? await partOf(part, undefined, channels)
      : { ...part, channels, pixels: spread(part.pixels, part.channels, channels) };
  }
  const sharp = await loadSharp(),
    options = { failOn: "error", sequentialRead: true, autoOrient: false } as const;
  return await finish(sharp(bytes, options), region, channels);
}

async function partOf(raw: RawImage, region: Region | undefined, channels: 1 | 3): Promise<Part> {
  const { width, height } = raw, sharp = await loadSharp();
  return await finish(
    sharp(raw.pixels, { raw: { width, height, channels: raw.channels } }),
    region,
    channels,
  );
}

async function finish(
  image: ReturnType<Sharp>,
  region: Region | undefined,
  channels: 1 | 3,
): Promise<Part> {
  const part = region === undefined ? image : image.extract(region);
  const { data, info } = await part.removeAlpha().toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const found = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // A grey file gives one channel whatever is asked.
  const pixels = spread(found, info.channels, channels);
  return { width: info.width, height: info.height, channels, pixels };
}

function spread(pixels: Uint8Array, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return pixels;
  const count = pixels.length / from, out = new Uint8Array(count * to);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < to; c++) out[i * to + c] = pixels[i * from + (from < to ? 0 : c)]!;
  }
  return out;
}
