import type { RenderedFace } from "./render_face.ts";
import { encodeImage } from "./_encode.ts";

/**
 * Lays pictures of one size out on a white sheet and encodes it as PNG.
 *
 * @param rows Rows of pictures from the top; `null` leaves a place empty. All pictures have the size of the first.
 * @param options The gap between pictures in pixels, 2 unless told otherwise.
 * @returns The bytes of a PNG file.
 * @throws {RangeError} if there is no picture or sizes differ.
 *
 * @example
 * ```ts
 * import { contactSheet, drawIdentity, renderFace } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * const face = drawIdentity(seededRandom(1));
 * const row = [{}, { "12": 1 }].map((units) => renderFace(face, units, { size: 24 }));
 * const png = await contactSheet([row]);
 * assertEquals([...png.subarray(1, 4)], [...new TextEncoder().encode("PNG")]);
 * ```
 */
export function contactSheet(
  rows: readonly (readonly (RenderedFace | null)[])[],
  options: { readonly gap?: number } = {},
): Promise<Uint8Array> {
  const { gap = 2 } = options;
  const first = rows.flat().find((picture) => picture !== null);
  if (!first) {
    throw new RangeError("Cannot lay out contact sheet: there must be at least one picture, none is given");
  }
  const columns = Math.max(...rows.map((row) => row.length));
  const width = columns * (first.width + gap) - gap, height = rows.length * (first.height + gap) - gap;
  const sheet = new Uint8Array(width * height * 3).fill(255);
  for (const [r, row] of rows.entries()) {
    for (const [c, picture] of row.entries()) {
      if (picture === null) continue;
      if (picture.width !== first.width || picture.height !== first.height) {
        throw new RangeError(
          `Cannot lay out contact sheet: pictures must be ${first.width} x ${first.height} as the first, ` +
            `current size is ${picture.width} x ${picture.height}`,
        );
      }
      for (let y = 0; y < first.height; y++) {
        const to = 3 * ((r * (first.height + gap) + y) * width + c * (first.width + gap));
        sheet.set(picture.pixels.subarray(3 * y * first.width, 3 * (y + 1) * first.width), to);
      }
    }
  }
  return encodeImage(sheet, width, height, "png", false);
}
