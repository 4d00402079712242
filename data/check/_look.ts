import { extname } from "node:path";
import { decodeBmp, isBmp } from "../_bmp.ts";
import { loadSharp } from "../_sharp.ts";

/** What a frame is, without its pixels. */
export interface Look {
  readonly width: number;
  readonly height: number;
  /**
   * Kind of pixels: `8-bit colour`, `16-bit grey`, `8-bit CMYK`, with ` with transparency` where there is an alpha channel and ` turned by EXIF` where
   * the file asks for the picture to be turned, which is not done here.
   */
  readonly pixels: string;
  /** `JPEG`, `PNG`, `BMP`. */
  readonly format: string;
}

/** A frame that cannot be used, and why. */
export interface Damage {
  readonly kind: "missing" | "empty" | "damaged" | "huge";
  readonly why: string;
}

/** Beyond this many pixels a frame is only measured: an 8K picture has a third of them. */
const mostPixels = 100e6;
const colours: Record<string, string> = {
  srgb: "colour",
  rgb16: "colour",
  rgb: "colour",
  "b-w": "grey",
  grey16: "grey",
  cmyk: "CMYK",
};

/**
 * Opens an image file and, with `decode`, reads it to its end. A warning of the decoder counts
 * as damage: it comes with every file that is cut short or has flipped bits in its stream.
 */
export async function lookAtFrame(file: string, decode: boolean): Promise<Look | Damage> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "missing", why: "the file is missing" };
    return { kind: "damaged", why: `it cannot be read (${(error as Error).message.replace(/:.*$/, "")})` };
  }
  if (bytes.length === 0) return { kind: "empty", why: "the file is empty" };
  try {
    return isBmp(bytes) ? lookAtBmp(bytes) : await lookAtEncoded(bytes, decode, file);
  } catch (error) {
    const why = (error as Error).message.replace(/^Input buffer /, "").replaceAll("\n", "; ").trim();
    return { kind: "damaged", why: `it is damaged or no image (${why})` };
  }
}

function lookAtBmp(bytes: Uint8Array): Look {
  const { width, height } = decodeBmp(bytes);
  return { width, height, pixels: `8-bit ${bytes[28] === 8 ? "palette" : "colour"}`, format: "BMP" };
}

async function lookAtEncoded(bytes: Uint8Array, decode: boolean, file: string): Promise<Look | Damage> {
  const sharp = await loadSharp();
  const image = sharp(bytes, {
    failOn: "warning",
    sequentialRead: true,
    autoOrient: false,
    limitInputPixels: false,
  });
  const { width, height, space, depth, hasAlpha, format, orientation = 1 } = await image.metadata();
  if (width * height > mostPixels) {
    return { kind: "huge", why: `it is ${width}x${height}, too large for a frame` };
  }
  // Every pixel is decoded, few are handed over: memory stays flat.
  if (decode) {
    await image.resize(8, 8, { fit: "fill", kernel: "nearest", fastShrinkOnLoad: false }).raw().toBuffer();
  }
  const bits = depth === "uchar" ? "8-bit" : depth === "ushort" ? "16-bit" : depth;
  return {
    width,
    height,
    pixels: `${bits} ${colours[space ?? ""] ?? space}${hasAlpha ? " with transparency" : ""}${
      orientation > 1 ? " turned by EXIF" : ""
    }`,
    format: format === "jpeg" ? "JPEG" : String(format ?? extname(file).slice(1)).toUpperCase(),
  };
}
