import { type FrameSource, UserError } from "../../types.ts";
import { decodeBmp, isBmp, type RawImage } from "../_bmp.ts";
import { loadSharp, type Sharp } from "../_sharp.ts";
import type { Picture } from "../faces/mod.ts";
import { rawVideoFrames } from "../_video.ts";

/** Longest side of a frame that is looked at; larger ones are brought down. */
const longest = 640;

/** Some frames of a clip, upright and in RGB, brought down if they are large. */
export async function stills(
  source: FrameSource,
  positions: readonly number[],
): Promise<Map<number, Picture>> {
  const out = new Map<number, Picture>(), sharp = await loadSharp();
  if (source.kind === "video") {
    for await (const { position, frame } of rawVideoFrames(source, positions)) {
      out.set(position, await shrunk(ofRaw(frame, sharp)));
    }
    return out;
  }
  for (const position of new Set(positions)) {
    const file = source.files[position]!;
    try {
      const bytes = await Deno.readFile(file);
      if (bytes.length === 0) throw new Error("the file is empty");
      const image = isBmp(bytes)
        ? ofRaw(decodeBmp(bytes), sharp)
        : sharp(bytes, { failOn: "error", autoOrient: false });
      out.set(position, await shrunk(image));
    } catch (error) {
      const why = error instanceof Deno.errors.NotFound ? "the file is missing" : (error as Error).message;
      throw new UserError(
        `Cannot read the frame ${file}: ${why.replaceAll("\n", " ").trim()}; copy it again from the database`,
      );
    }
  }
  return out;
}

function ofRaw({ pixels, width, height, channels }: RawImage, sharp: Sharp): ReturnType<Sharp> {
  return sharp(pixels, { raw: { width, height, channels } });
}

async function shrunk(image: ReturnType<Sharp>): Promise<Picture> {
  const { data, info } = await image.removeAlpha().toColourspace("srgb")
    .resize(longest, longest, { fit: "inside", withoutEnlargement: true })
    .raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const { width, height } = info, found = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (info.channels === 3) return { pixels: found, width, height, channels: 3 };
  const pixels = new Uint8Array(width * height * 3); // grey files stay grey whatever is asked
  for (let i = 0; i < width * height; i++) pixels.fill(found[i * info.channels]!, 3 * i, 3 * i + 3);
  return { pixels, width, height, channels: 3 };
}
