import type sharp from "sharp";
import type { Picture, Point } from "./face_finder.ts";

/** How a point of the padded picture comes back to the picture: `scale p - border`. */
export interface PaddedFrame {
  readonly scale: number;
  readonly border: number;
}

/** The longest side that the detector is given; it reads 512 x 512, the landmarks 112 x 112 of a face. */
const longest = 1024;
/** The border around the picture, in parts of its shorter side. */
const share = 0.3;

/** The picture in RGB with its border continued outwards: a face that fills a picture is not found otherwise. */
export async function padded(
  picture: Picture,
  engine: typeof sharp,
): Promise<{ pixels: Uint8Array; side: { width: number; height: number }; frame: PaddedFrame }> {
  const { pixels, width, height, channels } = picture;
  const shrink = Math.min(1, longest / Math.max(width, height));
  const w = Math.max(1, Math.round(width * shrink)), h = Math.max(1, Math.round(height * shrink));
  let image = engine(pixels, { raw: { width, height, channels } });
  if (shrink < 1) {
    image = engine(await image.resize(w, h, { fit: "fill" }).raw({ depth: "uchar" }).toBuffer(), {
      raw: { width: w, height: h, channels },
    });
  }
  const border = Math.round(share * Math.min(w, h));
  const { data, info } = await image
    .extend({ top: border, bottom: border, left: border, right: border, extendWith: "copy" })
    .toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    pixels: info.channels === 3 ? bytes : threefold(bytes),
    side: { width: info.width, height: info.height },
    frame: { scale: width / w, border: border * width / w },
  };
}

/** A point of the padded picture in the picture. */
export function fromPadded({ scale, border }: PaddedFrame, x: number, y: number): Point {
  return [x * scale - border, y * scale - border];
}

function threefold(grey: Uint8Array): Uint8Array {
  const out = new Uint8Array(3 * grey.length);
  for (let i = 0, o = 0; i < grey.length; i++, o += 3) out[o] = out[o + 1] = out[o + 2] = grey[i]!;
  return out;
}
