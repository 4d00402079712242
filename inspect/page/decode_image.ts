import { decodeBmp, isBmp } from "../../data/_bmp.ts";
import { decodeJpeg } from "../../data/jpeg/decode_jpeg.ts";
import type { Rgb } from "./messages.ts";
import { rgbOf, Unusable } from "./pixels.ts";

/**
 * Decodes an image file. JPEG and BMP go through the code of the command line, to the same bytes; what that leaves out (progressive JPEG) and PNG through the
 * browser, without its colour management and without turning.
 *
 * @throws {Unusable} one sentence.
 */
export async function decodeImage(file: File): Promise<Rgb> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new Unusable(`${file.name} is empty; copy it again.`);
  try {
    if (isBmp(bytes)) return inColour(decodeBmp(bytes));
    const part = bytes[0] === 0xff && bytes[1] === 0xd8 ? decodeJpeg(bytes) : undefined;
    return part === undefined ? await byTheBrowser(bytes) : inColour(part);
  } catch {
    throw new Unusable(
      `${file.name} is damaged, or no image that this browser can decode (JPEG, PNG, BMP); leave it out or convert it to PNG.`,
    );
  }
}

async function byTheBrowser(bytes: Uint8Array<ArrayBuffer>): Promise<Rgb> {
  const bitmap = await createImageBitmap(new Blob([bytes]), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
    imageOrientation: "none" as ImageOrientation, // older types know "from-image" and "flipY" alone
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return rgbOf(context.getImageData(0, 0, width, height));
}

/** A copy: the decoder uses its memory again. */
function inColour(
  { pixels, width, height, channels }: { pixels: Uint8Array; width: number; height: number; channels: 1 | 3 },
): Rgb {
  if (channels === 3) return { pixels: pixels.slice(), width, height };
  const out = new Uint8Array(3 * width * height);
  for (let i = 0, o = 0; i < width * height; i++, o += 3) out[o] = out[o + 1] = out[o + 2] = pixels[i]!;
  return { pixels: out, width, height };
}
