import { join } from "node:path";
import { type LabelledImage, UserError } from "../types.ts";
import { openRoot } from "./_files.ts";
import { loadSharp } from "./_sharp.ts";
import { csvRows, decodeText } from "./_table.ts";

/** A channel of a flow image: horizontal flow, vertical flow, optical strain, stored as red, green and blue. */
export type FlowChannel = "u" | "v" | "strain";

/** How flow images are read. */
export interface FlowImageOptions {
  /** The order of the channels in the result. @default ["u", "v", "strain"] */
  readonly channels?: readonly FlowChannel[];
}

const stored: Readonly<Record<FlowChannel, number>> = { u: 0, v: 1, strain: 2 };
const columns = ["file", "database", "subject", "clip", "label"];

/**
 * Loads a folder of optical-flow images (onset to apex; red = horizontal flow u, green = vertical flow v, blue = optical strain) with
 * `manifest.csv`, whose columns `file,database,subject,clip,label` may come in any order. Labels are class indices.
 *
 * @param root The folder.
 * @param options The networks of STSTNet take `["strain", "v", "u"]`.
 * @returns One image for each line of the manifest, in its order, all of one size; values as stored, h x w x C.
 * @throws {UserError} naming the line or the file that is missing, damaged, double, or of another size or kind.
 *
 * @example
 * ```ts
 * import { loadFlowImages } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 * import sharp from "sharp";
 *
 * const folder = await Deno.makeTempDir();
 * await sharp({ create: { width: 28, height: 28, channels: 3, background: { r: 1, g: 2, b: 3 } } }).toFile(`${folder}/a.png`);
 * await Deno.writeTextFile(`${folder}/manifest.csv`, "file,database,subject,clip,label\na.png,smic,s01,s01_ne_01,0\n");
 * const [image] = await loadFlowImages(folder, { channels: ["strain", "v", "u"] });
 * assertEquals(image?.shape, [28, 28, 3]);
 * assertEquals([...image!.pixels.subarray(0, 3)], [3, 2, 1]);
 * ```
 */
export async function loadFlowImages(root: string, options: FlowImageOptions = {}): Promise<LabelledImage[]> {
  const { channels = ["u", "v", "strain"] } = options;
  if (channels.length === 0 || channels.some((channel) => stored[channel] === undefined)) {
    throw new RangeError(
      `Cannot load flow images: channels must be of u, v, strain, current value is ${channels.join(", ")}`,
    );
  }
  const folder = await openRoot(root, "flow images");
  const manifest = join(folder, "manifest.csv");
  const bytes = await Deno.readFile(manifest).catch((error: Error) => {
    throw new UserError(
      `Cannot read the manifest ${manifest}: ${error.message}; it lists file,database,subject,clip,label`,
    );
  });
  const [head, ...lines] = csvRows(manifest, bytes.length === 0 ? "" : decodeText(bytes));
  const places = columns.map((column) =>
    head?.findIndex((cell) => cell?.trim().toLowerCase() === column) ?? -1
  );
  if (places.includes(-1)) {
    const missing = columns.filter((_, i) => places[i] === -1).join(", ");
    throw new UserError(
      `Cannot read the manifest ${manifest}: its header lacks ${missing}; it must have ${columns.join(",")}`,
    );
  }
  const images: LabelledImage[] = [];
  const seen = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (line.every((cell) => cell === null)) continue;
    const [file, database, subject, clip, label] = places.map((place) => line[place]?.trim() ?? "") as [
      string,
      string,
      string,
      string,
      string,
    ];
    const at = `Cannot read the manifest ${manifest}: line ${i + 2}`;
    if ([file, database, subject, clip].includes("")) {
      throw new UserError(`${at} has a blank cell; complete it`);
    }
    if (!/^\d{1,4}$/.test(label)) {
      throw new UserError(`${at} has the label "${label}", which is no class number; correct it`);
    }
    const name = `${database}/${subject}/${clip}`;
    if (seen.has(name)) throw new UserError(`${at} names ${name} a second time; remove one of the two lines`);
    seen.add(name);
    const { pixels, width, height } = await readRgb(join(folder, file));
    const first = images[0]?.shape;
    if (first !== undefined && (first[0] !== height || first[1] !== width)) {
      throw new UserError(
        `Cannot load the flow image ${join(folder, file)}: it is ${width}x${height}, the first one is ${
          first[1]
        }x${first[0]}; make it again`,
      );
    }
    const order = channels.map((channel) => stored[channel]);
    const out = new Uint8Array(width * height * order.length);
    for (let p = 0, o = 0; p < width * height; p++) for (const c of order) out[o++] = pixels[p * 3 + c]!;
    images.push({
      database,
      subject,
      clip,
      classIndex: Number(label),
      pixels: out,
      shape: [height, width, order.length],
    });
  }
  if (images.length === 0) {
    throw new UserError(`Cannot read the manifest ${manifest}: it lists no image; make the folder again`);
  }
  return images;
}

async function readRgb(file: string): Promise<{ pixels: Uint8Array; width: number; height: number }> {
  try {
    const bytes = await Deno.readFile(file);
    const { data, info } = await (await loadSharp())(bytes, { failOn: "error" }).raw().toBuffer({
      resolveWithObject: true,
    });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels, a flow image has 3`);
    return { pixels: new Uint8Array(data), width: info.width, height: info.height };
  } catch (error) {
    const why = (error as Error).message.replaceAll("\n", " ");
    throw new UserError(`Cannot load the flow image ${file}: ${why}; make it again`);
  }
}
