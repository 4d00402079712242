import { Buffer } from "node:buffer";
import { loadSharp } from "../_sharp.ts";

/** The image formats of the databases. */
export type ImageFormat = "jpg" | "png" | "bmp";

/**
 * Encodes size x size x 3 pixels. Grey pictures become one-channel files (JPEG, PNG), as SAMM's and CK+'s are. The codecs
 * write no time stamps, so equal pixels give equal bytes.
 */
export async function encodeImage(
  pixels: Uint8Array,
  width: number,
  height: number,
  format: ImageFormat,
  grey: boolean,
): Promise<Uint8Array> {
  if (format === "bmp") return encodeBmp(pixels, width, height);
  const sharp = await loadSharp();
  const raw = sharp(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength), {
    raw: { width, height, channels: 3 },
  });
  const image = grey ? raw.toColourspace("b-w") : raw;
  const encoded = format === "jpg"
    ? image.jpeg({ quality: 94, chromaSubsampling: "4:4:4" })
    : image.png({ compressionLevel: 3 });
  return new Uint8Array(await encoded.toBuffer());
}

/** A 24-bit BMP: rows from the bottom, blue first, every row padded to four bytes. */
export function encodeBmp(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const stride = Math.ceil(width * 3 / 4) * 4, start = 54;
  const out = new Uint8Array(start + stride * height), view = new DataView(out.buffer);
  out.set([0x42, 0x4d]);
  view.setUint32(2, out.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true); // BITMAPINFOHEADER
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  view.setUint32(34, stride * height, true);
  view.setInt32(38, 2835, true); // 72 dots an inch
  view.setInt32(42, 2835, true);
  for (let y = 0; y < height; y++) {
    let to = start + (height - 1 - y) * stride, from = y * width * 3;
    for (let x = 0; x < width; x++, to += 3, from += 3) {
      out[to] = pixels[from + 2]!;
      out[to + 1] = pixels[from + 1]!;
      out[to + 2] = pixels[from]!;
    }
  }
  return out;
}
