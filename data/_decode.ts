import { UserError } from "../types.ts";
import { decodeBmp, isBmp, type RawImage } from "./_bmp.ts";
import { loadSharp, type Sharp } from "./_sharp.ts";
import type { FinalSize } from "./resample/bring_to_size.ts";

/** What becomes of every frame. */
export type FrameOptions = FinalSize;

/** A frame at its final size, and the size of its source. */
export interface DecodedFrame {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Decodes an image file and brings it to its final size. Errors name the file and the remedy. */
export async function decodeFrame(file: string, options: FrameOptions): Promise<DecodedFrame> {
  const bytes = await Deno.readFile(file).catch((error: Error) => {
    const why = error instanceof Deno.errors.NotFound ? "the file is missing" : error.message;
    throw new UserError(`Cannot read the frame ${file}: ${why}; copy it again from the database`);
  });
  if (bytes.length === 0) {
    throw new UserError(`Cannot read the frame ${file}: the file is empty; copy it again from the database`);
  }
  try {
    return isBmp(bytes) ? await resizeRaw(decodeBmp(bytes), options) : await resizeEncoded(bytes, options);
  } catch (error) {
    const why = (error as Error).message.replaceAll("\n", " ").trim();
    throw new UserError(
      `Cannot read the frame ${file}: it is damaged or no image (${why}); copy it again from the database`,
    );
  }
}

async function resizeEncoded(bytes: Uint8Array, options: FrameOptions): Promise<DecodedFrame> {
  const image = (await loadSharp())(bytes, { failOn: "error", sequentialRead: true, autoOrient: false });
  const { width, height } = await image.metadata();
  return { pixels: await finish(image, width, height, options), width, height };
}

/** Brings decoded pixels to their final size. */
export async function resizeRaw(raw: RawImage, options: FrameOptions): Promise<DecodedFrame> {
  const { width, height, channels } = raw;
  const image = (await loadSharp())(raw.pixels, { raw: { width, height, channels } });
  return { pixels: await finish(image, width, height, options), width, height };
}

async function finish(
  image: ReturnType<Sharp>,
  width: number,
  height: number,
  options: FrameOptions,
): Promise<Uint8Array> {
  const { size, channels, crop } = options;
  let pipeline = image.removeAlpha();
  if (crop !== undefined) {
    const left = Math.min(width - 1, Math.round(crop.left * width)),
      top = Math.min(height - 1, Math.round(crop.top * height));
    pipeline = pipeline.extract({
      left,
      top,
      width: Math.max(1, Math.min(width - left, Math.round(crop.width * width))),
      height: Math.max(1, Math.min(height - top, Math.round(crop.height * height))),
    });
  }
  pipeline = pipeline.resize(size, size, { fit: "fill" }).toColourspace(channels === 1 ? "b-w" : "srgb");
  const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  return withChannels(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), info.channels, channels);
}

/** Grey files give one channel whatever is asked. */
function withChannels(pixels: Uint8Array, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return pixels;
  const count = pixels.length / from;
  const out = new Uint8Array(count * to);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < to; c++) out[i * to + c] = pixels[i * from + (from < to ? 0 : c)]!;
  }
  return out;
}
